"""What a count found becomes movements: what is missing is lost, what is too many is found."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from django.db import connection, transaction
from django.db.models import F

from colisage.inventory.actions.post_movements import Move, Spot, post_movements
from colisage.inventory.actions.reserve import lock_free
from colisage.inventory.actions.unbind_units import unbind_units
from colisage.inventory.models import CountFinding, CountTask, StockCell, StockMovement
from colisage.inventory.queries.counting import BinCell, cells_in, findings_of
from colisage.inventory.rules.counting import Sort, draw, settle
from colisage.kit.actors import Actor
from colisage.kit.statements import statement
from colisage.network.queries import virtual_place


@transaction.atomic
def post_count(task_id: int, *, number: int, actor: Actor) -> int:
    """Post what a round found to differ from the books; give the number of movements. Once, however often called.

    The difference is posted, not the number: what was picked since the count stays picked. Units of a lot that was held
    or freed since are lost or found as they lie now. Allocations whose units are missing end, the last bound first, and
    it is told (`UnitsUnbound`): their promises are held still, unless the whole node has less than it promised; then
    the last promises there are demoted, and that is told.
    """
    task = CountTask.objects.get(pk=task_id)
    findings = CountFinding.objects.filter(task=task, number=number).exclude(counted=F("expected"))
    skus = sorted(set(findings.values_list("sku_id", flat=True)))
    if not skus or StockMovement.objects.filter(doc_kind="count", doc_id=task_id).exists():
        return 0
    lock_free(skus)
    wrong, lines = Counter[Sort](), dict[Sort, int]()
    for sort, line, one in findings_of(task_id, number=number):  # no lot changes any more
        wrong[sort] += one.difference
        lines[sort] = line
    with connection.cursor() as db:
        db.execute(statement("inventory", "lock_held"), [skus])
        db.execute(statement("inventory", "freeze_cells"), [task.place_id])
    cells: dict[Sort, list[BinCell]] = defaultdict(list)
    for cell in cells_in(task.place_id):
        cells[cell.sort].append(cell)
    moves, lost = _moves(
        task,
        settle({sort: units for sort, units in wrong.items() if units}),
        cells=cells,
        lines=lines,
        elsewhere=_elsewhere(task, wrong),
    )
    unbind_units(lost)
    return post_movements(moves, actor=actor)


def _elsewhere(task: CountTask, wrong: Mapping[Sort, int]) -> dict[int, tuple[int, Spot]]:
    """Give the cells, by serial, in which the books have units that were counted here."""
    here = {sort.lot_id for sort, units in wrong.items() if units > 0 and sort.lot_id is not None}
    rows = StockCell.objects.filter(lot__in=here, lot__is_serial=True, kept=True, qty__gt=0)
    rows = rows.exclude(place_id=task.place_id)
    return {
        cell.lot_id or 0: (
            cell.pk,
            Spot(
                place_id=cell.place_id, lot_id=cell.lot_id, plate_id=cell.plate_id, owner_id=cell.owner_id,
                condition=cell.condition,
            ),
        )
        for cell in rows
    }  # fmt: skip


def _moves(
    task: CountTask,
    settled: Sequence[tuple[Sort | None, Sort | None, int]],
    *,
    cells: Mapping[Sort, Sequence[BinCell]],
    lines: Mapping[Sort, int],
    elsewhere: Mapping[int, tuple[int, Spot]],
) -> tuple[list[Move], Counter[int]]:
    """Give the movements, and how many units each cell loses by them."""
    missing: dict[Sort, list[tuple[Sort | None, int]]] = defaultdict(list)
    moves, lost = [], Counter[int]()
    for source, target, units in settled:
        if source is not None:
            missing[source].append((target, units))
        elif target is not None:
            found = Spot(place_id=virtual_place("found"), lot_id=target.lot_id, owner_id=target.owner_id)
            if (serial := elsewhere.get(target.lot_id or 0)) is not None:  # a number is one unit: it is there no more
                cell, found = serial
                lost[cell] += units
            moves.append(_move(task, target, units=units, source=found, target=_spot(task, target), line=lines[target]))
    for source, targets in missing.items():
        there = {cell.id: cell for cell in cells.get(source, ())}
        drawn = draw([(c.id, c.qty, c.allocated) for c in there.values()], units=sum(units for _, units in targets))
        for seq, (cell, target, units) in enumerate(_shared(drawn, targets)):
            lost[cell] += units
            plate = there[cell].plate_id
            gone = Spot(place_id=virtual_place("loss"), lot_id=source.lot_id, owner_id=source.owner_id)
            moves.append(
                _move(
                    task, source, units=units, source=_spot(task, source, plate_id=plate), line=lines[source], seq=seq,
                    target=gone if target is None else _spot(task, target, plate_id=plate),
                )
            )  # fmt: skip
    return moves, lost


def _shared(
    drawn: Sequence[tuple[int, int]], targets: Sequence[tuple[Sort | None, int]]
) -> Iterator[tuple[int, Sort | None, int]]:
    """Share the units drawn from cells among where they went, as (cell, target, units)."""
    left = [[cell, units] for cell, units in drawn]
    for target, wanted in targets:
        rest = wanted
        while rest and left:
            units = min(rest, left[0][1])
            yield left[0][0], target, units
            rest -= units
            left[0][1] -= units
            if not left[0][1]:
                left.pop(0)


def _spot(task: CountTask, sort: Sort, *, plate_id: int | None = None) -> Spot:
    return Spot(
        place_id=task.place_id, lot_id=sort.lot_id, plate_id=plate_id, owner_id=sort.owner_id, condition=sort.condition
    )


def _move(task: CountTask, sort: Sort, *, units: int, source: Spot, target: Spot, line: int, seq: int = 0) -> Move:
    return Move(
        merchant_id=sort.merchant_id,
        sku_id=sort.sku_id,
        qty=units,
        source=source,
        target=target,
        reason="count",
        doc_kind="count",
        doc_id=task.pk,
        doc_line=line,
        seq=seq,
    )
