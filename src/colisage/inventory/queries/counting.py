"""What counting asks: what lies in a bin, how far a count may be from it, what was noted."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from colisage.inventory.models import CountFinding, CountLine, CountRule, CountStray, StockCell
from colisage.inventory.rules.counting import Compared, Limits, Sort
from colisage.inventory.rules.lots import lies
from colisage.kit.statements import statement


@dataclass(frozen=True, slots=True)
class BinCell:
    """A cell of a bin, with its sort and its plate."""

    id: int
    sort: Sort
    plate_id: int | None
    qty: int
    allocated: int


def cells_in(place_id: int) -> list[BinCell]:
    """Give what lies in a bin, of whatever merchant, the cell that is filled longest first."""
    with connection.cursor() as db:
        db.execute(statement("inventory", "bin_cells"), [place_id])
        return [
            BinCell(cell, Sort(merchant, sku, lot, condition, owner), plate, qty, allocated)
            for cell, merchant, sku, lot, plate, owner, condition, qty, allocated in db.fetchall()
        ]


def book_of(place_id: int) -> dict[Sort, int]:
    """Give what the books expect in a bin; plates are no matter to who counts."""
    book = Counter[Sort]()
    for cell in cells_in(place_id):
        book[cell.sort] += cell.qty
    return dict(book)


def skus_to_compare(place_id: int, *, round_id: int) -> set[int]:
    """Give the SKUs that lie in a bin by the books, or were noted there in a round."""
    here = StockCell.objects.filter(place_id=place_id, kept=True, qty__gt=0).values_list("sku_id", flat=True)
    return set(here.union(CountLine.objects.filter(round_id=round_id).values_list("sku_id", flat=True)))


def noted_in(round_id: int) -> dict[Sort, int]:
    """Give what was noted in a round. Good units of a lot that is held back lie in the condition of their lot."""
    rows = CountLine.objects.filter(round_id=round_id, qty__gt=0).values_list(
        "merchant_id", "sku_id", "lot_id", "condition", "qty", "lot__status"
    )
    noted = Counter[Sort]()
    for merchant, sku, lot, condition, qty, status in rows:
        noted[Sort(merchant, sku, lot, lies(condition, status=status, booked=False))] += qty
    return dict(noted)


def strays_in(round_id: int) -> int:
    """Give the units noted in a round whose code nobody knows."""
    return sum(CountStray.objects.filter(round_id=round_id).values_list("qty", flat=True))


def limits_at(node_id: int, *, merchant_ids: Collection[int]) -> dict[int, Limits]:
    """Give each merchant's limits at a node: its own, else the node's, else those of the house."""
    rules: dict[int | None, Limits] = {
        row[0]: Limits(*row[1:])
        for row in CountRule.objects.filter(node_id=node_id).values_list(
            "merchant_id", "tolerance", "limit_units", "limit_cents"
        )
    }
    usual = rules.get(None, Limits())
    return {merchant: rules.get(merchant, usual) for merchant in merchant_ids}


def counted_before(task_id: int, *, number: int) -> dict[Sort, int] | None:
    """Give what a finished round found, good units of lots as they lie now; None when there was none of this number."""
    if number < 1:
        return None
    found = findings_of(task_id, number=number)
    counted = Counter[Sort]()
    for sort, _line, one in found:
        counted[sort] += one.counted
    return {sort: units for sort, units in counted.items() if units}


def findings_of(task_id: int, *, number: int) -> list[tuple[Sort, int, Compared]]:
    """Give what a round found, as (sort, finding, units). A lot may have been held or freed since: its good units are
    of the condition in which they lie now, and two findings may be of one sort then."""  # noqa: D205, D209 -- one sentence
    rows = CountFinding.objects.filter(task_id=task_id, number=number).order_by("pk").values_list(
        "merchant_id", "sku_id", "lot_id", "condition", "owner_id", "pk", "expected", "counted", "lot__status"
    )  # fmt: skip
    return [
        (
            Sort(merchant, sku, lot, lies(condition, status=status, booked=bool(expected)), owner),
            pk,
            Compared(expected, counted),
        )
        for merchant, sku, lot, condition, owner, pk, expected, counted, status in rows
    ]


def corrected_since(place_id: int, *, task_id: int, since: datetime | None) -> bool:
    """Say whether anything was lost or found in a bin since a moment, by anything else than this count."""
    with connection.cursor() as db:
        db.execute(statement("inventory", "corrected_since"), {"place": place_id, "task": task_id, "since": since})
        return bool(db.fetchone()[0])


def kept_by_lot(sku_id: int) -> tuple[bool, bool]:
    """Say whether units of a SKU are told apart by lot, and whether each by a serial of its own."""
    with connection.cursor() as db:
        db.execute(statement("inventory", "kept_by_lot"), [sku_id])
        lots, serials = db.fetchone() or (False, False)
        return lots or serials, serials
