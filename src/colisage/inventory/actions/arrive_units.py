"""Units that were on their way arrive, or are found not to have come."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from colisage.inventory.actions.post_movements import Move, Spot, post_movements
from colisage.kit.actors import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Arriving:
    """Units in transit that go to a place, for a reason, on a line of a document: posted again, nothing changes."""

    sku_id: int
    qty: int
    lot_id: int | None
    owner_id: int | None
    place_id: int
    doc_kind: str
    doc_id: int
    doc_line: int = 0
    reason: str = "arrived"
    condition: str = "sellable"


@transaction.atomic
def arrive_units(merchant_id: int, arriving: Sequence[Arriving], *, transit_id: int, actor: Actor) -> int:
    """Move units out of the transit place of a node; give how many movements were new.

    Raises `NotEnoughThere` where fewer are on their way, and then changes nothing.
    """
    return post_movements(
        [
            Move(
                merchant_id=merchant_id,
                sku_id=each.sku_id,
                qty=each.qty,
                source=Spot(place_id=transit_id, lot_id=each.lot_id, owner_id=each.owner_id),
                target=Spot(
                    place_id=each.place_id, lot_id=each.lot_id, owner_id=each.owner_id, condition=each.condition
                ),
                reason=each.reason,
                doc_kind=each.doc_kind,
                doc_id=each.doc_id,
                doc_line=each.doc_line,
            )
            for each in arriving
        ],
        actor=actor,
    )
