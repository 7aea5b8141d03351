"""Orders as people and later steps ask for them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from colisage.kit.lookups import Word
from colisage.kit.narrowing import RowCount, key, narrowed
from colisage.orders.models import (
    FulfillmentLine,
    FulfillmentOrder,
    Hold,
    Order,
    OrderLine,
    Stage,
)
from colisage.orders.queries.late import late
from colisage.orders.queries.tags import tagged
from colisage.orders.queries.together import sharing_a_door
from colisage.orders.rules import CANCELLABLE, HOLD_REASONS, mailable

__all__ = [
    "CANCELLABLE",
    "FulfillmentOrder",
    "Hold",
    "Order",
    "OrderLine",
    "Stage",
    "mailable",
]  # rows that the edges show; they read them, and never write

VERBS = {
    "order_accepted": _("%(actor)s took the order in."),
    "order_cancelled": _("%(actor)s cancelled the order."),
    "order_changed": _("%(actor)s changed the order."),
    "order_expected": _("What is owed is expected on %(day)s: %(why)s."),
    "order_expected_never": _("Nobody knows when what is owed will be here: %(why)s."),
    "order_pulled": _("%(actor)s pulled it forward: it is served next when units come."),
    "order_closed": _("The order is complete."),
    "order_reopened": _("%(actor)s opened the order again: something is to be sent from here after all."),
    "parted_held": _("It goes in another parcel than planned: an order of the same parcel waits."),
    "parted_cancelled": _("It goes in another parcel than planned: an order of the same parcel is cancelled."),
    "parted_waiting": _("It goes in another parcel than planned: stock of an order of the same parcel is missing."),
    "parted_address": _("It goes in another parcel than planned: an order of the same parcel has another address."),
    "order_tagged": _("%(actor)s added the tag: %(added)s"),
    "order_instructed": _("%(actor)s asked for: %(value)s"),
    "insert_added": _("Insert: %(sku)s is picked and packed with the order."),
    "insert_left_out": _("Insert left out: %(sku)s, %(left_out)s."),
    "insert_unknown": _("Insert left out: %(sku)s is not in the catalogue."),
    "order_untagged": _("%(actor)s took the tag away: %(dropped)s"),
    "hold_set": _("%(actor)s set a hold: %(reason)s"),
    "hold_set_disrupted": _("Held by the disruption “%(about)s”: %(reason)s"),
    "hold_over": _("The disruption “%(about)s” is over: its hold is released."),
    "hold_taken": _("%(actor)s takes care of the hold."),
    "hold_released": _("%(actor)s released the hold: %(reason)s"),
    "hold_ended": _("The last day of the hold is over, and it is released: %(reason)s"),
    "address_corrected": _("%(actor)s took the suggestion for the address."),
    "address_asked": _("%(actor)s asked the customer about the address."),
    "address_kept": _("%(actor)s kept the address as it was written."),
    "payment_paid": _("%(actor)s told that it is paid."),
    "payment_authorized": _("%(actor)s told that the payment is authorised."),
    "payment_pending": _("%(actor)s told that the payment is pending."),
    "payment_refunded": _("%(actor)s told that the payment was refunded."),
    "stage_ready": _("Everything is there: ready to pick."),
    "stage_waiting": _("Stock is missing: the rest is owed."),
    "stage_released": _("%(actor)s put it into a wave."),
    "stage_picking": _("%(actor)s began to pick."),
    "stage_picked": _("Everything is picked."),
    "stage_packed": _("Packed."),
    "stage_labelling": _("A label is asked for."),
    "stage_labelled": _("The label is there: ready to hand over."),
    "stage_handed_over": _("%(actor)s handed it to the carrier."),
    "stage_delivered": _("Delivered."),
    "stage_problem": _("The carrier reports a problem."),
    "stage_cancelled": _("%(actor)s cancelled this part."),
}
STAGES_OPEN = (
    "waiting", "ready", "released", "picking", "picked", "packed", "labelling", "labelled", "handed_over", "problem",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StageCount:
    """How many fulfilment orders stand at a stage, since when the oldest, and the next cut-off among them."""

    stage: str
    count: int
    oldest: datetime
    ship_by: datetime | None


def stage_counts(merchant_ids: Collection[int], *, node_id: int | None = None) -> dict[str, StageCount]:
    """Count the open work of merchants by stage; what a hold stops is counted under `held`."""
    quiet = Order.objects.filter(merchant_id__in=merchant_ids, pk=OuterRef("order_id"), quiet=True)
    rows = FulfillmentOrder.objects.filter(  # quiet ones are few or none: all others are not looked up
        ~Exists(quiet), merchant_id__in=merchant_ids, stage__in=STAGES_OPEN, order__isnull=False
    )
    if node_id is not None:
        rows = rows.filter(node_id=node_id)
    counted = rows.values("stage", "held").annotate(n=Count("*"), oldest=Min("stage_at"), by=Min("ship_by"))
    found: dict[str, StageCount] = {}
    for row in counted:
        stage = "held" if row["held"] and row["stage"] in {"ready", "waiting"} else row["stage"]
        known = found.get(stage)
        found[stage] = StageCount(
            stage,
            row["n"] + (known.count if known else 0),
            min(filter(None, (row["oldest"], known.oldest if known else None))),
            min(filter(None, (row["by"], known.ship_by if known else None)), default=None),
        )
    return found


def channels_of_orders(order_ids: Collection[int]) -> dict[int, int]:
    """Give the channel through which each order came."""
    return dict(Order.objects.filter(pk__in=order_ids).values_list("pk", "channel_id"))


@dataclass(frozen=True, slots=True)
class OrderAddress:
    """Where an open order goes. `sent` says whether anything of it needs a parcel."""

    order_id: int
    merchant_id: int
    ship_to: dict[str, str] | None
    phone: str
    sent: bool


def addresses_of(order_ids: Collection[int]) -> list[OrderAddress]:
    """Give where open orders go, of any merchant: a question of the workers."""
    needs = OrderLine.objects.filter(order=OuterRef("pk"), requires_shipping=True)
    rows = Order.objects.filter(pk__in=order_ids, state="open").annotate(sent=Exists(needs)).order_by("pk")
    return [OrderAddress(*row) for row in rows.values_list("pk", "merchant_id", "ship_to", "phone", "sent")]


def open_holds_of(merchant_id: int, *, order_ids: Collection[int], kind: str) -> list[int]:
    """Give the ids of the open holds of one kind on orders."""
    rows = Hold.objects.filter(merchant_id=merchant_id, order__in=order_ids, kind=kind, released_at=None)
    return list(rows.order_by("pk").values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class OrderSeen:
    """An order as its channel knows it. `fingerprint` is of what the channel told last."""

    id: int
    state: str
    payment: str
    fingerprint: str
    currency: str


def orders_of_channel(channel_id: int, *, refs: Collection[str]) -> dict[str, OrderSeen]:
    """Find the orders that came through a channel, by the channel's own identity of each."""
    rows = Order.objects.filter(channel_id=channel_id, external_ref__in=refs)
    told = rows.values_list("external_ref", "pk", "state", "payment", "fingerprint", "currency")
    return {ref: OrderSeen(pk, state, payment, mark, currency) for ref, pk, state, payment, mark, currency in told}


def open_holds(merchant_ids: Collection[int]) -> QuerySet[Hold]:
    """Give the open holds of merchants, the oldest first."""
    return (
        Hold.objects.filter(merchant_id__in=merchant_ids, released_at=None, order__state="open")
        .select_related("order")
        .order_by("pk")
    )


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


def orders_matching(merchant_ids: Collection[int], *, text: str, most: int = 20) -> list[Order]:
    """Find orders by number, e-mail address or customer."""
    rows = Order.objects.filter(merchant_id__in=merchant_ids).select_related("channel")
    return list(_matching(rows, text=text, merchant_ids=merchant_ids).order_by("-pk")[:most])


def order_of(merchant_ids: Collection[int], *, order_id: int) -> Order | None:
    """Find an order of these merchants."""
    return Order.objects.filter(merchant_id__in=merchant_ids, pk=order_id).select_related("channel", "merchant").first()


def orders_by_id(merchant_id: int, *, ids: Collection[int]) -> dict[int, Order]:
    """Give orders of a merchant by id."""
    return {o.pk: o for o in Order.objects.filter(merchant_id=merchant_id, pk__in=ids)}


def orders_across(ids: Collection[int]) -> dict[int, Order]:
    """Give orders of any merchant by id, for handlers of events, which act for all."""
    return {o.pk: o for o in Order.objects.filter(pk__in=ids).select_related("merchant")}


def lines_of(order_ids: Collection[int]) -> dict[int, list[OrderLine]]:
    """Give the lines of orders, in their order."""
    found: dict[int, list[OrderLine]] = {pk: [] for pk in order_ids}
    for line in OrderLine.objects.filter(order__in=order_ids).order_by("order_id", "position"):
        found[line.order_id].append(line)
    return found


def wishes_of(fulfillment_line_ids: Collection[int]) -> dict[int, str]:
    """Give what the customer asked to be made of the units of these lines, such as an engraving, where anything was."""
    rows = FulfillmentLine.objects.filter(pk__in=fulfillment_line_ids, order_line__personalisation__gt="")
    return dict(rows.values_list("pk", "order_line__personalisation"))


def numbers_of_lines(merchant_id: int, *, owner_ids: Collection[int]) -> dict[int, str]:
    """Give the order number of each of these order lines."""
    rows = OrderLine.objects.filter(merchant_id=merchant_id, pk__in=owner_ids)
    return dict(rows.values_list("pk", "order__number"))


def orders_of_lines(merchant_id: int, *, line_ids: Collection[int]) -> dict[int, Order]:
    """Give the order of each of these order lines."""
    rows = OrderLine.objects.filter(merchant_id=merchant_id, pk__in=line_ids).select_related("order__channel")
    return {line.pk: line.order for line in rows}


def holds_of(order_ids: Collection[int]) -> dict[int, list[Hold]]:
    """Give the holds of orders, open and released."""
    found: dict[int, list[Hold]] = {pk: [] for pk in order_ids}
    for hold in Hold.objects.filter(order__in=order_ids).order_by("pk"):
        found[hold.order_id].append(hold)
    return found


def hold_reason(reason: str) -> str:
    """Say a hold's reason in the active language; a reason written by hand is given as it is."""
    return str(HOLD_REASONS.get(reason, reason))


@dataclass(frozen=True, slots=True)
class Part:
    """A fulfilment order; lines are (line id, order line id: None of an insert, SKU id, units, reservation id)."""

    id: int
    merchant_id: int
    order_id: int | None
    node_id: int
    stage: str
    held: bool
    ship_by: datetime | None
    priority: int
    lines: tuple[tuple[int, int | None, int, int, int | None], ...] = field(default=())
    together: int | None = None  # parts with one number go in one parcel


def parts(ids: Collection[int]) -> dict[int, Part]:
    """Give fulfilment orders by id, with their lines, in two statements."""
    return _parts(FulfillmentOrder.objects.filter(pk__in=ids))


def parts_of(order_ids: Collection[int]) -> dict[int, list[Part]]:
    """Give the fulfilment orders of orders, by order."""
    found: dict[int, list[Part]] = {pk: [] for pk in order_ids}
    for part in _parts(FulfillmentOrder.objects.filter(order__in=order_ids)).values():
        found[part.order_id or 0].append(part)
    return found


def parts_to_pick(node_id: int, *, most: int = 500) -> list[Part]:
    """Give what may be released to the floor of a node: the most urgent first, holds left out."""
    rows = FulfillmentOrder.objects.filter(node_id=node_id, stage="ready", held=False, order__quiet=False)
    chosen = rows.order_by("-priority", F("ship_by").asc(nulls_last=True), "pk")[:most]
    return list(_parts(FulfillmentOrder.objects.filter(pk__in=[row.pk for row in chosen])).values())


def _parts(rows: QuerySet[FulfillmentOrder]) -> dict[int, Part]:
    heads: Sequence[Any] = list(
        rows.order_by("-priority", F("ship_by").asc(nulls_last=True), "pk").values_list(
            "pk", "merchant_id", "order_id", "node_id", "stage", "held", "ship_by", "priority", "together"
        )
    )
    lines: dict[int, list[tuple[int, int | None, int, int, int | None]]] = {h[0]: [] for h in heads}
    for row in (
        FulfillmentLine.objects.filter(fulfillment_order__in=lines, quantity__gt=0)
        .order_by("pk")
        .values_list("fulfillment_order_id", "pk", "order_line_id", "sku_id", "quantity", "reservation_id")
    ):
        lines[row[0]].append(row[1:])
    return {h[0]: Part(h[0], h[1], h[2], h[3], h[4], h[5], h[6], h[7], tuple(lines[h[0]]), h[8]) for h in heads}


def orders_without_parts(merchant_ids: Collection[int]) -> int:
    """Count the open orders that no node was chosen for yet."""
    return Order.objects.filter(
        ~Exists(FulfillmentOrder.objects.filter(order=OuterRef("pk"))),
        merchant_id__in=merchant_ids,
        state="open",
        quiet=False,
    ).count()


def parts_with_lines(order_line_ids: Collection[int]) -> list[Part]:
    """Give the fulfilment orders that serve these order lines."""
    ids = FulfillmentLine.objects.filter(order_line__in=order_line_ids).values_list("fulfillment_order_id", flat=True)
    return list(parts(set(ids)).values())
