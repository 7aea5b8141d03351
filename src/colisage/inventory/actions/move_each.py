"""Moving units from bin to bin, as a program says: each move judged by itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from colisage.inventory.actions.find_named import Named, find_named
from colisage.inventory.actions.move_stock import Shift, move_stock
from colisage.inventory.queries.documents import new_document
from colisage.kit.actors import Actor
from colisage.kit.errors import Refused


@dataclass(frozen=True, slots=True)
class MoveAsked:
    """So many of the units that are named go to another bin of their node, loose."""

    units: Named
    to: str
    quantity: int


@transaction.atomic
def move_each(merchant_id: int, moves: Sequence[MoveAsked], *, actor: Actor) -> list[Refused | int]:
    """Move units within nodes that serve the merchant, one move after another; give how many, or why none.

    What an earlier move brought, a later one may take on. See `move_stock` for what is refused.
    """
    codes = find_named(merchant_id, [one.units for one in moves], targets={one.to for one in moves})
    became: list[Refused | int] = []
    for one in moves:
        try:
            place = codes.place(one.units.node, one.to)
            with transaction.atomic():
                moved = move_stock(
                    [merchant_id], node_ids=[place.node_id], document=new_document(), actor=actor,
                    shifts=[Shift(codes.cell(one.units), one.quantity, place.id)],
                )  # fmt: skip
            became.append(moved)
        except Refused as refusal:
            became.append(refusal)
    return became
