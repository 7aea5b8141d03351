"""Moving units from bin to bin, as a program says: each move judged by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from colisage.inventory.actions.find_named import Codes, Named, find_named
from colisage.inventory.actions.move_stock import Shift, move_stock
from colisage.inventory.queries.documents import new_document
from colisage.inventory.queries.plates import plates_with
from colisage.inventory.rules.moving import NowhereElse
from colisage.kit.actors import Actor
from colisage.kit.errors import NotThere, Refused


@dataclass(frozen=True, slots=True)
class MoveAsked:
    """So many of the units that are named go to another bin of their node, loose, or onto a plate.

    Onto a plate they go where they are, unless a bin is named.
    """

    units: Named
    to: str
    quantity: int
    onto: str = ""


@transaction.atomic
def move_each(merchant_id: int, moves: Sequence[MoveAsked], *, actor: Actor) -> list[Refused | int]:
    """Move units within nodes that serve the merchant, one move after another; give how many, or why none.

    What an earlier move brought, a later one may take on. See `move_stock` for what is refused.
    """
    codes = find_named(merchant_id, [one.units for one in moves], targets={one.to for one in moves if one.to})
    onto = {one.onto.strip().upper() for one in moves if one.onto}
    plates = {plate.code: plate.id for plate in plates_with([merchant_id], codes=onto)} if onto else {}
    became: list[Refused | int] = []
    for one in moves:
        try:
            shift = _shift(one, codes, plates)
            with transaction.atomic():
                moved = move_stock(
                    [merchant_id], node_ids=set(codes.nodes.values()), shifts=[shift], document=new_document(),
                    actor=actor,
                )  # fmt: skip
            became.append(moved)
        except Refused as refusal:
            became.append(refusal)
    return became


def _shift(one: MoveAsked, codes: Codes, plates: Mapping[str, int]) -> Shift:
    """Say what codes of a move stand for; raise `NotThere`, `NowhereElse`, and what `Codes.cell` raises."""
    if not one.to and not one.onto:
        raise NowhereElse
    place = codes.place(one.units.node, one.to).id if one.to else None
    plate = plates.get(one.onto.strip().upper()) if one.onto else None
    if one.onto and plate is None:
        raise NotThere
    return Shift(codes.cell(one.units), one.quantity, place, plate)
