"""Asking customers whether a suggested address is right, order by order."""

from collections.abc import Sequence

from django.db import transaction

from colisage.kit.actors import Actor
from colisage.kit.each import each
from colisage.kit.errors import NotThere, Refused
from colisage.notices.actions.ask_address import ask_address
from colisage.orders.queries import orders_by_id


@transaction.atomic
def ask_each(merchant_id: int, order_ids: Sequence[int], *, actor: Actor) -> dict[int, Refused | bool]:
    """Ask the customers of orders about the address that is suggested; say of each that it was asked, or why not."""
    wanted = list(dict.fromkeys(order_ids))
    known = orders_by_id(merchant_id, ids=wanted)

    def ask(order: int) -> bool:
        if order not in known:
            raise NotThere
        ask_address(known[order], actor=actor)
        return True

    return dict(zip(wanted, each(wanted, ask), strict=True))
