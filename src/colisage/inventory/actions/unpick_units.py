"""Units that were picked and will not be sent: their promise ends, and they leave the bench."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from colisage.inventory.actions.post_movements import Move, NotEnoughThere, Spot, post_movements
from colisage.inventory.actions.reserve import lock_free
from colisage.inventory.models import StockCell, StockMovement
from colisage.kit.actors import Actor
from colisage.kit.statements import statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpick:
    """Units that lie in a cell (of the bench) and go to a place, on a line of a document; `owner_id` they were for."""

    owner_id: int
    cell_id: int
    qty: int
    place_id: int
    reason: str
    doc_kind: str
    doc_id: int
    doc_line: int = 0
    condition: str = "sellable"


@transaction.atomic
def unpick_units(merchant_id: int, unpicks: Sequence[Unpick], *, owner_kind: str, actor: Actor) -> int:
    """Take units off the bench and end as many units of the promises `picked` for their owners, in one breath.

    What comes into a bin can be sold again, and whoever waits for it hears so (`post_movements` tells); units of a lot
    that is held come back held. Gives the units moved. A document that was posted before changes nothing. Raises
    `NotEnoughThere` when fewer units are picked for an owner, or lie in the cell, and then changes nothing. The number
    of statements does not depend on the number of units or owners.
    """
    known = StockCell.objects.filter(merchant_id=merchant_id, pk__in={one.cell_id for one in unpicks})
    cells = {cell.pk: cell for cell in known}
    lock_free({cell.sku_id for cell in cells.values()})
    posted = set(
        StockMovement.objects.filter(
            doc_kind__in={one.doc_kind for one in unpicks}, doc_id__in={one.doc_id for one in unpicks}
        ).values_list("doc_kind", "doc_id", "doc_line")
    )
    fresh = [one for one in unpicks if (one.doc_kind, one.doc_id, one.doc_line) not in posted]
    if any(one.cell_id not in cells or one.qty < 1 for one in fresh):
        raise NotEnoughThere
    _end_promises(fresh, cells=cells, owner_kind=owner_kind)
    post_movements([_move(one, cells[one.cell_id]) for one in fresh], actor=actor)
    return sum(one.qty for one in fresh)


def _end_promises(unpicks: Sequence[Unpick], *, cells: dict[int, StockCell], owner_kind: str) -> None:
    wanted: Counter[tuple[int, int, int]] = Counter()
    for one in unpicks:
        cell = cells[one.cell_id]
        wanted[one.owner_id, cell.sku_id, cell.node_id or 0] += one.qty
    keys = sorted(wanted)
    with connection.cursor() as db:
        db.execute(
            statement("inventory", "unpick"),
            {
                "kind": owner_kind, "owners": [k[0] for k in keys], "skus": [k[1] for k in keys],
                "nodes": [k[2] for k in keys], "units": [wanted[k] for k in keys],
            },
        )  # fmt: skip
        if db.fetchone()[0] < sum(wanted.values()):
            raise NotEnoughThere


def _move(one: Unpick, cell: StockCell) -> Move:
    source = Spot(
        place_id=cell.place_id, lot_id=cell.lot_id, plate_id=cell.plate_id, owner_id=cell.owner_id,
        condition=cell.condition,
    )  # fmt: skip
    return Move(
        merchant_id=cell.merchant_id, sku_id=cell.sku_id, qty=one.qty, source=source,
        target=Spot(place_id=one.place_id, lot_id=cell.lot_id, owner_id=cell.owner_id, condition=one.condition),
        reason=one.reason, doc_kind=one.doc_kind, doc_id=one.doc_id, doc_line=one.doc_line,
    )  # fmt: skip
