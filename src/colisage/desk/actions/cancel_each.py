"""Cancelling orders, each judged by itself."""

from collections.abc import Sequence

from django.db import transaction

from colisage.kit.actors import Actor
from colisage.kit.errors import NotThere, Refused
from colisage.orders.actions.cancel_orders import TooLateToCancel, cancel_orders
from colisage.orders.queries import CANCELLABLE, orders_by_id, parts_of


@transaction.atomic
def cancel_each(merchant_id: int, order_ids: Sequence[int], *, actor: Actor) -> dict[int, Refused | bool]:
    """Cancel the orders that can be; say of each whether it was (False: it was before), or why it cannot be.

    Raises `TooLateToCancel` when work on one begins at this very moment, and then cancels none.
    """
    known = orders_by_id(merchant_id, ids=order_ids)
    parts = parts_of(known)
    became: dict[int, Refused | bool] = {}
    for pk in order_ids:
        order = known.get(pk)
        if order is None:
            became[pk] = NotThere()
        elif order.state == "cancelled":
            became[pk] = False
        elif order.state != "open" or any(part.stage not in CANCELLABLE | {"cancelled"} for part in parts[pk]):
            became[pk] = TooLateToCancel(number=order.number)
        else:
            became[pk] = True
    cancel_orders(merchant_id, order_ids=[pk for pk, done in became.items() if done is True], actor=actor)
    return became
