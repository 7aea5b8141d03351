"""What a refund comes to."""

from django.db.models import Sum

from colisage.orders.queries import Order, lines_of, order_of
from colisage.orders.queries.changes import paid_of
from colisage.returns.models import RefundLine, ReturnRequest
from colisage.returns.queries.left import policy_of, units_came
from colisage.returns.rules import Back, Paid, refund


def refund_preview(merchant_id: int, *, return_id: int) -> Back | None:
    """Say what would be paid back now, from what came; None when there is no such return."""
    request = ReturnRequest.objects.filter(merchant_id=merchant_id, pk=return_id).first()
    order = order_of([merchant_id], order_id=request.order_id) if request else None
    if request is None or order is None:
        return None
    paid, everything = paid_for(order)
    return refund(
        paid,
        units=units_came(merchant_id, order_id=order.pk, return_id=return_id),
        before=units_paid_back(merchant_id, order_id=order.pk),
        everything=everything,
        with_shipping=policy_of(merchant_id).refunds_shipping,
        fee_cents=request.fee_cents,
    )


def units_paid_back(merchant_id: int, *, order_id: int) -> dict[int, int]:
    """Give the units of each order line that were paid back already."""
    rows = RefundLine.objects.filter(merchant_id=merchant_id, refund__order=order_id)
    return dict(rows.values("order_line_id").annotate(n=Sum("quantity")).values_list("order_line_id", "n"))


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
