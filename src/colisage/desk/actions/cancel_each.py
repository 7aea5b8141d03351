"""Cancelling orders, each judged by itself."""

from collections.abc import Sequence

from django.db import transaction

from colisage.kit.actors import Actor
from colisage.kit.errors import NotThere, Refused
from colisage.orders.actions.cancel_orders import TOO_LATE, GoneAlready, cancel_orders
from colisage.orders.queries import cancel_verdict, orders_by_id, parts_of


@transaction.atomic
def cancel_each(
    merchant_id: int, order_ids: Sequence[int], *, actor: Actor, on_floor: bool = False
) -> dict[int, Refused | bool]:
    """Cancel the orders that can be; say of each whether it was (False: it was before), or why it cannot be.

    With `on_floor` those that are being prepared, too. Raises what `cancel_orders` does when work on one
    begins at this very moment, and then cancels none.
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
        elif order.state != "open":
            became[pk] = GoneAlready(number=order.number)
        else:
            verdict = cancel_verdict(((p.stage, p.together is not None) for p in parts[pk]), on_floor=on_floor)
            became[pk] = TOO_LATE[verdict](number=order.number) if verdict else True
    chosen = [pk for pk, done in became.items() if done is True]
    cancel_orders(merchant_id, order_ids=chosen, actor=actor, on_floor=on_floor)
    return became
