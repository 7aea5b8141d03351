"""Free units leave the bins of a node for another one: they are in transit, and nobody can be promised them."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from colisage.inventory.actions.post_movements import Move, Spot, post_movements
from colisage.inventory.actions.reserve import lock_free
from colisage.inventory.models import StockCell
from colisage.kit.actors import Actor
from colisage.kit.errors import Refused
from colisage.kit.statements import statement


class NotFree(Refused):
    """Fewer units are free than are to be sent: the others are promised, kept back or not there."""

    code = "not_free"
    text = _("Not that many are free here: %(free)s of %(wanted)s.")
    sku_id = 0


@dataclass(frozen=True, slots=True)
class Sent:
    """Units of a SKU that left one cell."""

    sku_id: int
    lot_id: int | None
    owner_id: int | None
    place_id: int
    qty: int


@transaction.atomic
def send_units(
    merchant_id: int,
    wanted: Sequence[tuple[int, int]],
    *,
    node_id: int,
    transit_id: int,
    document_id: int,
    actor: Actor,
    doc_kind: str = "transfer",
    reason: str = "sent",
) -> list[Sent]:
    """Move free units of (SKU id, units) from the bins of a node to the transit place of another; say from where.

    (`transit_id` may be another place, such as that of assembly, with a `reason` and a `doc_kind` of its own.)

    Cells are emptied in the order of each SKU's rotation. What is promised or kept back as safety stays: raises
    `NotFree` with the `sku_id`, and then changes nothing. Consigned units keep their owner.
    """
    units = Counter[int]()
    for sku, qty in wanted:
        units[sku] += qty
    free = lock_free(set(units))
    with connection.cursor() as db:
        db.execute(statement("inventory", "free_cells"), [list(units), [node_id] * len(units)])
        lying: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        for sku, _node, cell, _place, _lot, qty in db.fetchall():
            lying[sku].append((cell, qty))
    takes: list[tuple[int, int]] = []
    for sku, qty in units.items():
        there = min(max(free.get((sku, node_id), 0), 0), sum(n for _cell, n in lying[sku]))
        if there < qty:
            refusal = NotFree(free=there, wanted=qty)
            refusal.sku_id = sku
            raise refusal
        takes += _take(lying[sku], units=qty)
    cells = {c.pk: c for c in StockCell.objects.filter(merchant_id=merchant_id, pk__in=[cell for cell, _n in takes])}
    moves = [
        Move(
            merchant_id=merchant_id,
            sku_id=cells[pk].sku_id,
            qty=qty,
            source=_spot(cells[pk]),
            target=Spot(place_id=transit_id, lot_id=cells[pk].lot_id, owner_id=cells[pk].owner_id),
            reason=reason,
            doc_kind=doc_kind,
            doc_id=document_id,
            doc_line=pk,
        )
        for pk, qty in takes
    ]
    post_movements(moves, actor=actor)
    return [Sent(m.sku_id, m.source.lot_id, m.source.owner_id, m.source.place_id, m.qty) for m in moves]


def _spot(cell: StockCell) -> Spot:
    return Spot(
        place_id=cell.place_id, lot_id=cell.lot_id, plate_id=cell.plate_id, owner_id=cell.owner_id,
        condition=cell.condition,
    )  # fmt: skip


def _take(cells: Sequence[tuple[int, int]], *, units: int) -> list[tuple[int, int]]:
    """Take units from cells in their order."""
    found = []
    for cell, there in cells:
        take = min(there, units)
        if take:
            found.append((cell, take))
            units -= take
    return found
