"""What a refund comes to."""

from collections import Counter
from collections.abc import Mapping

from django.db.models import Sum

from colisage.orders.queries import Order, lines_of, order_of
from colisage.orders.queries.changes import paid_of
from colisage.returns.models import RefundLine, ReturnRequest, ShopRefund
from colisage.returns.queries.left import policy_of, units_came
from colisage.returns.rules import Back, Paid, refund


def refund_preview(merchant_id: int, *, return_id: int) -> Back | None:
    """Say what would be paid back now, from what came; None when there is no such return."""
    request = ReturnRequest.objects.filter(merchant_id=merchant_id, pk=return_id).first()
    order = order_of([merchant_id], order_id=request.order_id) if request else None
    if request is None or order is None:
        return None
    paid, everything = paid_for(order)
    before = units_paid_back(merchant_id, order_id=order.pk)
    return refund(
        paid,
        units=units_to_pay(request, before=before, bought={line.id: line.quantity for line in paid.lines}),
        before=before,
        everything=everything,
        with_shipping=policy_of(merchant_id).refunds_shipping,
        fee_cents=request.fee_cents,
    )


def units_paid_back(merchant_id: int, *, order_id: int) -> dict[int, int]:
    """Give the units of each order line that were paid back already, here or in the shop after they had left."""
    rows = RefundLine.objects.filter(merchant_id=merchant_id, refund__order=order_id)
    found = Counter(dict(rows.values("order_line_id").annotate(n=Sum("quantity")).values_list("order_line_id", "n")))
    for told in shop_refunds_of(merchant_id, order_id=order_id):
        if not told.settles:
            found += Counter(left_units(told))
    return dict(found)


def units_to_pay(request: ReturnRequest, *, before: Mapping[int, int], bought: Mapping[int, int]) -> dict[int, int]:
    """Give the units of each order line that came with a return and were not paid back in the shop."""
    came = units_came(request.merchant_id, order_id=request.order_id, return_id=request.pk)
    paid = Counter[int]()
    for told in shop_refunds_of(request.merchant_id, order_id=request.order_id):
        if told.return_request_id == request.pk and not told.settles:
            paid += Counter(left_units(told))
    return {
        line: min(max(units - paid[line], 0), max(bought.get(line, units) - before.get(line, 0), 0))
        for line, units in came.items()
    }


def shop_refunds_of(merchant_id: int, *, order_id: int) -> list[ShopRefund]:
    """Give what was paid back for an order in its shop, in order."""
    return list(ShopRefund.objects.filter(merchant_id=merchant_id, order=order_id).order_by("at", "pk"))


def left_units(told: ShopRefund) -> dict[int, int]:
    """Give the units of order lines that a refund of the shop pays back after they had left."""
    found = Counter[int]()
    for line, _units, left, _restock in told.lines:
        if line is not None and left:
            found[line] += left
    return dict(found)


def paid_for(order: Order) -> tuple[Paid, dict[int, int]]:
    """Give what was paid for an order, and the units of each line that can come back at all."""
    lines = lines_of([order.pk])[order.pk]
    paid = paid_of(order, lines)
    everything = {
        line.pk: line.quantity - line.cancelled
        for line in lines
        if line.requires_shipping and line.sku_id and line.quantity > line.cancelled
    }
    return paid, everything
