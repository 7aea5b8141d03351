from collections.abc import Sequence

from django.db import transaction

from colisage.kit.actors import Actor
from colisage.kit.errors import NotThere, Refused
from colisage.orders.actions.release_hold import release_hold
from colisage.orders.queries import holds_of, orders_by_id


@transaction.atomic
def free_each(merchant_id: int, order_ids: Sequence[int], *, actor: Actor) -> dict[int, Refused | bool]:
    """Release every hold of orders; say of each order whether one was released (False: none was open)."""
    known = orders_by_id(merchant_id, ids=order_ids)
    waiting = {
        pk: [hold.pk for hold in holds if hold.released_at is None] for pk, holds in holds_of(known).items()
    }  # fmt: skip
    became: dict[int, Refused | bool] = {pk: bool(waiting[pk]) if pk in known else NotThere() for pk in order_ids}
    release_hold(merchant_id, hold_ids=[pk for holds in waiting.values() for pk in holds], actor=actor)
    return became
