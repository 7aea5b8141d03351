"""Letting orders go in parcels of their own again, each judged by itself."""

from collections.abc import Sequence

from django.db import transaction

from colisage.kit.actors import Actor
from colisage.kit.errors import NotThere, Refused
from colisage.orders.actions.merge_orders import unmerge_orders
from colisage.orders.queries import orders_by_id


@transaction.atomic
def separate_each(merchant_id: int, order_ids: Sequence[int], *, actor: Actor) -> dict[int, Refused | bool]:
    """Take orders out of the parcels they share; say of each whether it was (False: it goes alone), or why not."""
    known = orders_by_id(merchant_id, ids=order_ids)
    became: dict[int, Refused | bool] = {pk: NotThere() for pk in order_ids}
    for pk, answer in zip(known, unmerge_orders(merchant_id, order_ids=list(known), actor=actor), strict=True):
        became[pk] = False if isinstance(answer, NotThere) else answer if isinstance(answer, Refused) else True
    return became
