"""The money of an order as its channel tells it now."""

from collections.abc import Collection

from django.db import transaction

from colisage.kit.errors import NotThere
from colisage.orders.models import Order, OrderLine
from colisage.orders.queries.changes import comes_to


@transaction.atomic
def retell_order(merchant_id: int, *, order_id: int, total_cents: int, fingerprint: str) -> int:
    """Remember what a channel told last; give by how many cents its total differs from what the lines come to here.

    The difference (a discount given later, carriage that changed) is kept as a charge of its own: the order comes to
    what the channel says, and its money adds up. Harmless when repeated.
    """
    order = Order.objects.select_for_update(no_key=True).filter(merchant_id=merchant_id, pk=order_id).first()
    if order is None:
        raise NotThere
    lines: Collection[OrderLine] = list(OrderLine.objects.filter(order=order))
    now = comes_to(order, lines)
    differs = total_cents - now if order.state == "open" else 0
    if differs:
        order.charges = [*order.charges, {"kind": "change", "cents": differs, "name": ""}]
        order.charges_cents += differs
        order.total_cents += differs
    order.fingerprint = fingerprint
    order.save(update_fields=["charges", "charges_cents", "total_cents", "fingerprint"])
    return differs
