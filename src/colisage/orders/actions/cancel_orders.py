"""Cancelling whole orders before work on them has begun."""

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.inventory.actions.release import release
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Refused
from colisage.kit.events import tell
from colisage.orders.actions.part_ways import part_ways
from colisage.orders.events import OrderCancelled
from colisage.orders.models import FulfillmentOrder, Order, OrderLine
from colisage.orders.rules import CANCELLABLE


class TooLateToCancel(Refused):
    """Work on the order has begun; a person on the floor decides."""

    code = "too_late_to_cancel"
    text = _(
        "Order %(number)s is being prepared and cannot be cancelled any more. "
        "Stop it on the floor, or wait for its return."
    )


@transaction.atomic
def cancel_orders(merchant_id: int, *, order_ids: Collection[int], actor: Actor) -> int:
    """Cancel orders: what was held is given back exactly once. An order already cancelled is left as it is.

    Raises `TooLateToCancel` for the first order on which work has begun, and then cancels none.
    """
    orders = {
        o.pk: o
        for o in Order.objects.select_for_update(no_key=True)
        .filter(merchant_id=merchant_id, pk__in=order_ids, state="open")
        .order_by("pk")
    }
    rows = FulfillmentOrder.objects.select_for_update(no_key=True).filter(merchant_id=merchant_id, order__in=orders)
    parts = list(rows.order_by("pk"))
    for part in parts:
        if part.stage not in CANCELLABLE | {"cancelled"} and part.order_id is not None:
            raise TooLateToCancel(number=orders[part.order_id].number)
    lines = list(OrderLine.objects.filter(order__in=orders).values_list("pk", flat=True))
    release("order_line", owner_ids=lines)
    FulfillmentOrder.objects.filter(merchant_id=merchant_id, order__in=orders).update(stage="cancelled")
    part_ways([part.pk for part in parts], why="cancelled", actor=actor)
    Order.objects.filter(pk__in=orders).update(state="cancelled")
    tell(OrderCancelled(merchant_id=merchant_id, order_id=pk) for pk in orders)
    record_deeds((Deed("order", pk, "order_cancelled", {}, merchant_id=merchant_id) for pk in orders), actor=actor)
    return len(orders)
