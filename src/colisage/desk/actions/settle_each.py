"""Settling what was found about addresses, order by order."""

from collections.abc import Sequence

from django.db import transaction

from colisage.intake.actions.settle_address import settle_address
from colisage.kit.actors import Actor
from colisage.kit.errors import NotThere, Refused
from colisage.orders.queries import orders_by_id


@transaction.atomic
def settle_each(merchant_id: int, wanted: Sequence[tuple[int, bool]], *, actor: Actor) -> list[Refused | None]:
    """Take (True) or leave (False) the address suggested for each order; say why where it cannot be."""
    known = orders_by_id(merchant_id, ids=[order for order, _take in wanted])
    became: list[Refused | None] = []
    for order, take in wanted:
        try:
            if order not in known:
                raise NotThere
            settle_address(merchant_id, order_id=order, take=take, actor=actor, source="api")
            became.append(None)
        except Refused as refusal:
            became.append(refusal)
    return became
