"""Returns as the API tells them."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from msgspec import Struct

from colisage.returns.models import Inspection, Refund, ReturnItem, ReturnLine, ReturnRequest, ReturnState

STATES = ReturnState.values


class ReturnLineOut(Struct, frozen=True, kw_only=True):
    """Units of one order line that come back, and why."""

    line_id: int
    sku: str
    quantity: int
    reason: str


class VerdictOut(Struct, frozen=True, kw_only=True):
    """Units judged together: their grade, what becomes of them, and where they went (empty: thrown away)."""

    quantity: int
    grade: str
    disposition: str
    place: str
    at: datetime


class ReturnItemOut(Struct, frozen=True, kw_only=True):
    """Units of one SKU on the returns table: expected, come, judged."""

    id: int
    sku: str
    expected: int
    received: int
    inspected: int
    verdicts: list[VerdictOut]


class RefundOut(Struct, frozen=True, kw_only=True):
    """What is paid back: goods + tax + shipping + extra (tips and fees) - fee, in minor units of `currency`."""

    goods_cents: int
    tax_cents: int
    shipping_cents: int
    extra_cents: int
    fee_cents: int
    total_cents: int
    currency: str
    state: str
    reference: str
    due_at: datetime
    done_at: datetime | None


class ReturnOut(Struct, frozen=True, kw_only=True):
    """Something a customer sends back. `note`, their own words, is null without the scope customers:read."""

    id: int
    number: str
    order_id: int
    order: str
    node: str
    state: str
    prepaid: bool
    fee_cents: int
    currency: str
    tracking_number: str
    refusal: str
    note: str | None
    requested_at: datetime
    approved_at: datetime | None
    received_at: datetime | None
    inspected_at: datetime | None
    lines: list[ReturnLineOut]
    items: list[ReturnItemOut]
    refund: RefundOut | None


class ReturnPageOut(Struct, frozen=True, kw_only=True):
    """A page of returns, the newest first; `next` is the `page` that follows, null on the last."""

    items: list[ReturnOut]
    next: int | None


def returns_told(merchant_id: int, *, order_ids: Collection[int], customers: bool) -> dict[int, list[ReturnOut]]:
    """Tell the returns of orders, the oldest first."""
    found: dict[int, list[ReturnOut]] = {pk: [] for pk in order_ids}
    rows = ReturnRequest.objects.filter(merchant_id=merchant_id, order__in=order_ids).order_by("pk")
    for one in tell_returns_out(list(rows.select_related("order", "node")), customers=customers):
        found[one.order_id].append(one)
    return found


def tell_returns_out(requests: Sequence[ReturnRequest], *, customers: bool) -> list[ReturnOut]:
    """Tell returns (with their orders and nodes) with what is in them, in four statements however many."""
    ids = [r.pk for r in requests]
    lines: dict[int, list[ReturnLineOut]] = defaultdict(list)
    for line in ReturnLine.objects.filter(return_request__in=ids).select_related("order_line").order_by("pk"):
        lines[line.return_request_id].append(
            ReturnLineOut(
                line_id=line.order_line_id, sku=line.order_line.sku_code, quantity=line.quantity, reason=line.reason
            )
        )
    items = _items(ids)
    refunds = {r.return_request_id: _refund(r) for r in Refund.objects.filter(return_request__in=ids)}
    return [
        ReturnOut(
            id=r.pk,
            number=r.number,
            order_id=r.order_id,
            order=r.order.number,
            node=r.node.code,
            state=r.state,
            prepaid=r.prepaid,
            fee_cents=r.fee_cents,
            currency=r.currency,
            tracking_number=r.tracking_number,
            refusal=r.refusal,
            note=r.note if customers else None,
            requested_at=r.requested_at,
            approved_at=r.approved_at,
            received_at=r.received_at,
            inspected_at=r.inspected_at,
            lines=lines[r.pk],
            items=items[r.pk],
            refund=refunds.get(r.pk),
        )
        for r in requests
    ]


def _items(return_ids: Collection[int]) -> dict[int, list[ReturnItemOut]]:
    """Tell what is expected of returns, what came of it, and how it was judged."""
    verdicts: dict[int, list[VerdictOut]] = defaultdict(list)
    for one in Inspection.objects.filter(item__return_request__in=return_ids).order_by("pk"):
        verdicts[one.item_id].append(
            VerdictOut(
                quantity=one.quantity, grade=one.grade, disposition=one.disposition, place=one.place_code, at=one.at
            )
        )
    items: dict[int, list[ReturnItemOut]] = defaultdict(list)
    for item in ReturnItem.objects.filter(return_request__in=return_ids).select_related("sku").order_by("pk"):
        items[item.return_request_id].append(
            ReturnItemOut(
                id=item.pk, sku=item.sku.code, expected=item.expected, received=item.received,
                inspected=item.inspected, verdicts=verdicts[item.pk],
            )
        )  # fmt: skip
    return items


def _refund(r: Refund) -> RefundOut:
    return RefundOut(
        goods_cents=r.goods_cents,
        tax_cents=r.tax_cents,
        shipping_cents=r.shipping_cents,
        extra_cents=r.extra_cents,
        fee_cents=r.fee_cents,
        total_cents=r.total_cents,
        currency=r.currency,
        state=r.state,
        reference=r.reference,
        due_at=r.due_at,
        done_at=r.done_at,
    )
