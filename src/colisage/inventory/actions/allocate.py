"""Binding promises to the very units: which bin, lot and plate a picker goes to."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection, transaction

from colisage.inventory.models import Allocation
from colisage.kit.statements import statement


@dataclass(frozen=True, slots=True)
class Bound:
    """Units of a reservation bound to a cell."""

    allocation_id: int
    reservation_id: int
    merchant_id: int
    sku_id: int
    cell_id: int
    place_id: int
    lot_id: int | None
    qty: int


@transaction.atomic
def allocate(reservation_ids: Collection[int]) -> list[Bound]:
    """Bind held reservations to cells by the SKU's rotation; six statements, however many.

    Locks availability first, though it does not change: who lowers stock locks promises and cells in several steps, and
    under it. What is bound already stays bound and is not given again. Units that no free cell holds stay unbound:
    compare the sums. The first cells to be emptied come first among equals, so that bins become free.
    """
    with connection.cursor() as db:
        db.execute(statement("inventory", "lock_promised"), [list(reservation_ids)])
        db.execute(statement("inventory", "lock_promises"), [list(reservation_ids)])
        db.execute(statement("inventory", "to_allocate"), [list(reservation_ids)])
        wants = db.fetchall()  # reservation, merchant, sku, node, units still unbound
        db.execute(statement("inventory", "free_cells"), [[w[2] for w in wants], [w[3] for w in wants]])
        cells: dict[tuple[int, int], list[list[int]]] = defaultdict(list)
        for sku, node, cell, place, lot, free in db.fetchall():
            cells[sku, node].append([cell, place, lot, free])
        picks = [
            (reservation, merchant, sku, *take)
            for reservation, merchant, sku, node, units in wants
            for take in _take(cells[sku, node], units=units)
        ]
        if not picks:
            return []
        db.execute(statement("inventory", "raise_allocated"), [[p[3] for p in picks], [p[6] for p in picks]])
    made = Allocation.objects.bulk_create(
        Allocation(merchant_id=p[1], reservation_id=p[0], cell_id=p[3], qty=p[6]) for p in picks
    )
    return [Bound(a.pk, p[0], p[1], p[2], p[3], p[4], p[5], p[6]) for a, p in zip(made, picks, strict=True)]


def _take(cells: list[list[int]], *, units: int) -> list[tuple[int, int, int | None, int]]:
    """Take units from cells in their order, lowering what is free in them."""
    taken: list[tuple[int, int, int | None, int]] = []
    for cell in cells:
        if not units:
            break
        there = min(units, cell[3])
        if there:
            cell[3] -= there
            units -= there
            taken.append((cell[0], cell[1], cell[2], there))
    return taken
