"""Serving orders before all others that wait, each judged by itself."""

from collections.abc import Sequence

from django.db import transaction

from colisage.inventory.actions.reserve import lock_free
from colisage.inventory.queries.owed import promised_skus
from colisage.kit.actors import Actor
from colisage.kit.errors import Refused
from colisage.orders.actions.pull_order import pull_order
from colisage.orders.queries import lines_of, orders_by_id


@transaction.atomic
def pull_each(merchant_id: int, order_ids: Sequence[int], *, actor: Actor) -> dict[int, Refused | bool]:
    """Serve orders before everybody who waits for the same, the first named first; say of each why not, if not.

    The availability of all SKUs is locked first, in key order, so that two requests do not wait for each other.
    """
    known = orders_by_id(merchant_id, ids=order_ids)
    lines = {line.pk for each in lines_of(known).values() for line in each}
    lock_free(promised_skus(merchant_id, owner_kind="order_line", owner_ids=lines))
    became: dict[int, Refused | bool] = {}
    for pk in reversed(order_ids):  # whoever is pulled last is served first
        try:
            with transaction.atomic():
                pull_order(merchant_id, order_id=pk, actor=actor)
            became[pk] = True
        except Refused as refusal:
            became[pk] = refusal
    return became
