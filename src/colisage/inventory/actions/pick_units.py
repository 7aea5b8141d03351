"""Taking bound units out of their bins: the promise is being kept."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from colisage.inventory.actions.post_movements import Move, Spot, post_movements
from colisage.inventory.actions.reserve import lock_free
from colisage.kit.actors import Actor
from colisage.kit.statements import statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """Units of one allocation taken to a place (the packing bench), on a line of a document."""

    allocation_id: int
    qty: int
    place_id: int
    doc_kind: str
    doc_id: int
    doc_line: int = 0


@transaction.atomic
def pick_units(picks: Sequence[Pick], *, actor: Actor) -> int:
    """Take units of open allocations: the promise becomes `picked`, cells and what is sellable fall together.

    A second pick of the same allocation finds it closed and changes nothing, also in one batch: the first counts.
    Taking fewer than were bound unbinds the others; they stay held. Gives the number of units taken.
    """
    once = {pick.allocation_id: pick for pick in reversed(picks)}
    with connection.cursor() as db:
        ids, units = list(once), [pick.qty for pick in once.values()]
        db.execute(statement("inventory", "allocated_skus"), [ids])
        lock_free({row[0] for row in db.fetchall()})
        db.execute(statement("inventory", "lock_picks"), {"ids": ids})
        db.execute(statement("inventory", "pick"), [ids, units])
        taken = {row[0]: row[1:] for row in db.fetchall()}
    moves = []
    for pick in once.values():
        if pick.allocation_id not in taken or pick.qty == 0:
            continue
        merchant, sku, place, lot, plate, owner, condition = taken[pick.allocation_id]
        source = Spot(place_id=place, lot_id=lot, plate_id=plate, owner_id=owner, condition=condition)
        moves.append(
            Move(
                merchant_id=merchant,
                sku_id=sku,
                qty=pick.qty,
                source=source,
                target=Spot(place_id=pick.place_id, lot_id=lot, owner_id=owner),
                reason="pick",
                doc_kind=pick.doc_kind,
                doc_id=pick.doc_id,
                doc_line=pick.doc_line,
                seq=pick.allocation_id % 2_000_000_000,
            )
        )
    post_movements(moves, actor=actor)
    return sum(move.qty for move in moves)
