"""Serving one order before all others that wait."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.inventory.actions.raise_priority import raise_priority
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere, Refused
from colisage.orders.models import Order, OrderLine


class NothingWaits(Refused):
    """Only an order that lacks units can be served before others."""

    code = "nothing_waits"
    text = _("Order %(number)s waits for nothing.")


@transaction.atomic
def pull_order(merchant_id: int, *, order_id: int, actor: Actor) -> None:
    """Serve an order before everybody who waits for the same; units that are free already are its own at once.

    Raises `NotThere` for another merchant's order, `NothingWaits`.
    """
    order = Order.objects.filter(merchant_id=merchant_id, pk=order_id, state="open").first()
    if order is None:
        raise NotThere
    lines = OrderLine.objects.filter(order=order).values_list("pk", flat=True)
    if not raise_priority("order_line", owner_ids=list(lines)):
        raise NothingWaits(number=order.number)
    record_deeds([Deed("order", order.pk, "order_pulled", {}, merchant_id=merchant_id)], actor=actor)
