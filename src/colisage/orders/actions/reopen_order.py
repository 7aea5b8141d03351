"""Opening an order again of which something has to be sent from here after all."""

from django.db import transaction

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.orders.models import Order


@transaction.atomic
def reopen_order(merchant_id: int, *, order_id: int, actor: Actor) -> bool:
    """Open an order that was complete; give whether it was. One that was cancelled stays so. Harmless when repeated."""
    rows = Order.objects.select_for_update(no_key=True).filter(merchant_id=merchant_id, pk=order_id, state="closed")
    if rows.first() is None:
        return False
    Order.objects.filter(pk=order_id).update(state="open")
    record_deeds([Deed("order", order_id, "order_reopened", {}, merchant_id=merchant_id)], actor=actor)
    return True
