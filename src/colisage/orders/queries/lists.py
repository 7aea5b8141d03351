"""Lists of orders: narrowed, page by page, counted, and found by what is typed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q, QuerySet

from colisage.kit.lookups import Word
from colisage.kit.narrowing import RowCount, key, narrowed
from colisage.orders.models import FulfillmentOrder, Hold, Order
from colisage.orders.queries.late import late
from colisage.orders.queries.tags import tagged
from colisage.orders.queries.together import sharing_a_door


@dataclass(frozen=True, slots=True)
class Filters:
    """What an orders list is narrowed to."""

    stage: str = ""  # a stage, or held, cancelled, closed, late, together (could go in one parcel)
    text: str = ""
    channel_id: int | None = None
    tag: str = ""
    wanted_until: date | None = None  # open, and delivery is asked for by this day


def orders_page(
    merchant_ids: Collection[int],
    *,
    filters: Filters,
    before: int | None = None,
    after: int | None = None,
    size: int = 50,
) -> list[Order]:
    """Give one page of orders, the newest first, by keyset: those with an id below `before`, or above `after`."""
    rows = Order.objects.filter(merchant_id__in=merchant_ids).select_related("channel")
    rows = _narrowed(rows, filters, merchant_ids)
    if after is not None:
        return list(reversed(rows.filter(pk__gt=after).order_by("pk")[: size + 1]))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return list(rows.order_by("-pk")[: size + 1])


def order_ids(merchant_ids: Collection[int], *, filters: Filters, most: int) -> list[int]:
    """Give the ids of the newest `most` orders of a list."""
    rows = _narrowed(Order.objects.filter(merchant_id__in=merchant_ids), filters, merchant_ids)
    return list(rows.order_by("-pk").values_list("pk", flat=True)[:most])


def count_orders(merchant_ids: Collection[int], *, filters: Filters, most: int) -> RowCount:
    """Count the orders of a list, to a limit."""
    rows = Order.objects.filter(merchant_id__in=merchant_ids)
    return RowCount.of(_narrowed(rows, filters, merchant_ids), most=most)


def orders_named(merchant_ids: Collection[int], *, ids: Collection[int]) -> list[tuple[int, int, str]]:
    """Give the id, merchant and number of those of the orders that are of these merchants, the newest first."""
    rows = Order.objects.filter(merchant_id__in=merchant_ids, pk__in=ids).order_by("-pk")
    return list(rows.values_list("pk", "merchant_id", "number"))


def orders_matching(merchant_ids: Collection[int], *, text: str, most: int = 20) -> list[Order]:
    """Find orders by number, e-mail address or customer."""
    rows = Order.objects.filter(merchant_id__in=merchant_ids).select_related("channel")
    return list(_matching(rows, text=text, merchant_ids=merchant_ids).order_by("-pk")[:most])


def _narrowed(rows: QuerySet[Order], filters: Filters, merchant_ids: Collection[int]) -> QuerySet[Order]:
    if filters.stage == "held":
        rows = rows.filter(
            Exists(Hold.objects.filter(merchant_id__in=merchant_ids, order=OuterRef("pk"), released_at=None)),
            state="open",
        )
    elif filters.stage == "together":
        rows = rows.filter(pk__in=sharing_a_door(merchant_ids), state=Word("open"))
    elif filters.stage == "late":
        rows = late(rows, merchant_ids)
    elif filters.stage in {"cancelled", "closed", "open"}:
        rows = rows.filter(state=Word(filters.stage))
    elif filters.stage:
        rows = rows.filter(
            Exists(
                FulfillmentOrder.objects.filter(
                    merchant_id__in=merchant_ids, order=OuterRef("pk"), stage=Word(filters.stage)
                )
            )
        )
    if filters.channel_id:
        rows = rows.filter(channel_id=filters.channel_id)
    if filters.tag:
        rows = tagged(rows, merchant_ids=merchant_ids, tag=filters.tag)
    if filters.wanted_until:
        rows = rows.filter(wanted_on__lte=filters.wanted_until, state="open")
    if filters.text:
        rows = _matching(rows, text=filters.text, merchant_ids=merchant_ids)
    return rows


def _matching(rows: QuerySet[Order], *, text: str, merchant_ids: Collection[int]) -> QuerySet[Order]:
    """Match the start of an order's number, e-mail address or customer name, in any case; one statement more.

    Each of them has an index of its own.
    """
    ways = (
        Q(number_key__begins=key(text)),
        Q(number_key__begins=key(f"#{text}")),
        Q(email_key__begins=key(text)),
        Q(customer_key__begins=key(text)),
        Q(external_ref=text),
    )
    every = Order.objects.filter(merchant_id__in=merchant_ids).values_list("pk")
    first, *others = (every.filter(way) for way in ways[:-1])
    referred = every.filter(ways[-1], channel__merchant_id__in=merchant_ids)
    return narrowed(rows, found=first.union(*others, referred, all=True), otherwise=reduce(or_, ways))
