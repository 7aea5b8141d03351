"""Holding orders, each judged by itself."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.kit.actors import Actor
from colisage.kit.errors import NotThere, Refused
from colisage.orders.actions.set_hold import set_hold
from colisage.orders.queries import holds_of, orders_by_id


class NotOpen(Refused):
    """Only an order that is open can wait."""

    code = "order_not_open"
    text = _("Order %(number)s is not open any more.")


@transaction.atomic
def hold_each(
    merchant_id: int,
    order_ids: Sequence[int],
    *,
    reason: str,
    until: date | None,
    actor: Actor,
    kind: str = "manual",
    owned: bool = True,
) -> dict[int, Refused | bool]:
    """Hold the open orders; say of each whether it was (False: this very hold was there), or why it cannot be."""
    known = orders_by_id(merchant_id, ids=order_ids)
    holds = holds_of(known)
    became: dict[int, Refused | bool] = {}
    for pk in order_ids:
        order = known.get(pk)
        if order is None:
            became[pk] = NotThere()
        elif order.state != "open":
            became[pk] = NotOpen(number=order.number)
        else:
            here = {(hold.kind, hold.reason, hold.until) for hold in holds[pk] if hold.released_at is None}
            became[pk] = (kind, reason, until) not in here
    wanted = [pk for pk, done in became.items() if done is True]
    set_hold(merchant_id, order_ids=wanted, kind=kind, reason=reason, until=until, owned=owned, actor=actor)
    return became
