"""The orders that a program asks for, page by page."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, QuerySet

from colisage.kit.models import AuditEntry
from colisage.kit.narrowing import key
from colisage.orders.queries import FulfillmentOrder, Hold, Order
from colisage.orders.queries.tags import tagged


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of orders is narrowed to; empty and None narrow nothing."""

    state: str | None = None
    stage: str | None = None
    held: bool | None = None
    channel: str | None = None
    number: str | None = None
    reference: str | None = None
    email: str | None = None
    tag: str | None = None
    placed_since: datetime | None = None
    placed_until: datetime | None = None
    changed_since: datetime | None = None
    wanted_until: date | None = None


def orders_asked(merchant_id: int, *, wanted: Wanted, before: int | None, size: int) -> list[Order]:
    """Give one page of orders, the newest first, and one more when there are more; one statement, and one for a tag."""
    rows = Order.objects.filter(merchant_id=merchant_id).select_related("channel")
    rows = _narrowed_by_columns(rows, wanted)
    if wanted.tag:
        rows = tagged(rows, merchant_ids=[merchant_id], tag=wanted.tag)
    rows = _narrowed_by_others(rows, wanted, merchant_id)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return list(rows.order_by("-pk")[: size + 1])


def _narrowed_by_columns(rows: QuerySet[Order], wanted: Wanted) -> QuerySet[Order]:
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.channel:
        rows = rows.filter(channel__code=wanted.channel)
    if wanted.number:
        rows = rows.filter(number_key__in=[key(wanted.number), key(f"#{wanted.number}")])
    if wanted.reference:
        rows = rows.filter(external_ref=wanted.reference)
    if wanted.email:
        rows = rows.filter(email_key=key(wanted.email))
    if wanted.placed_since:
        rows = rows.filter(placed_at__gte=wanted.placed_since)
    if wanted.placed_until:
        rows = rows.filter(placed_at__lt=wanted.placed_until)
    if wanted.wanted_until:
        rows = rows.filter(wanted_on__lte=wanted.wanted_until)
    return rows


def _narrowed_by_others(rows: QuerySet[Order], wanted: Wanted, merchant_id: int) -> QuerySet[Order]:
    if wanted.stage:
        parts = FulfillmentOrder.objects.filter(merchant_id=merchant_id, order=OuterRef("pk"), stage=wanted.stage)
        rows = rows.filter(Exists(parts))
    if wanted.held is not None:
        holds = Exists(Hold.objects.filter(merchant_id=merchant_id, order=OuterRef("pk"), released_at=None))
        rows = rows.filter(holds, state="open") if wanted.held else rows.exclude(holds, state="open")
    if wanted.changed_since:
        deeds = AuditEntry.objects.filter(merchant_id=merchant_id, doc_kind="order", at__gte=wanted.changed_since)
        rows = rows.filter(pk__in=deeds.values("doc_id"))
    return rows


def order_called(merchant_id: int, *, channel: str, reference: str) -> Order | None:
    """Find an order by the identity that its channel gave it."""
    rows = Order.objects.filter(merchant_id=merchant_id, channel__code=channel, external_ref=reference)
    return rows.select_related("channel", "merchant").first()


def holds_called(merchant_id: int, *, ids: Collection[int]) -> dict[int, Hold]:
    """Give holds of a merchant by id, open and released."""
    return {hold.pk: hold for hold in Hold.objects.filter(merchant_id=merchant_id, pk__in=ids)}
