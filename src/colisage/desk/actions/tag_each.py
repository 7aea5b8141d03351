from collections.abc import Sequence

from django.db import transaction

from colisage.kit.actors import Actor
from colisage.kit.errors import NotThere, Refused
from colisage.orders.actions.tag_orders import tag_orders
from colisage.orders.queries import orders_by_id


@transaction.atomic
def tag_each(
    merchant_id: int, order_ids: Sequence[int], *, add: Sequence[str] = (), drop: Sequence[str] = (), actor: Actor
) -> dict[int, Refused | bool]:
    """Add tags to orders, or take them away; say of each order whether it is another now (False: it was like that)."""
    known = orders_by_id(merchant_id, ids=order_ids)
    coming, going = {tag.casefold() for tag in add}, {tag.casefold() for tag in drop}
    became: dict[int, Refused | bool] = {}
    for pk in order_ids:
        if pk in known:
            there = {str(tag).casefold() for tag in known[pk].tags}
            became[pk] = bool(coming - there or going & there)
        else:
            became[pk] = NotThere()
    wanted = [pk for pk, done in became.items() if done is True]
    tag_orders(merchant_id, order_ids=wanted, add=add, drop=drop, actor=actor)
    return became
