"""Setting the books right where somebody went around the database's rules."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection, transaction

from colisage.inventory.actions.post_movements import Move, Spot, post_movements
from colisage.inventory.actions.prove_stock import HISTORY, begin_again
from colisage.inventory.actions.reserve import lock_free
from colisage.inventory.actions.unbind_units import unbind_units
from colisage.inventory.checks import Difference, differences, latest_proof
from colisage.inventory.events import ReservationDemoted, SellableGrew, UnitsUnbound
from colisage.inventory.models import Reservation, StockCell
from colisage.inventory.rules import NEVER_OWED, Held, demote
from colisage.inventory.rules.lots import CONDITION
from colisage.inventory.rules.repair import REMEDIES, Off, bring_back
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.events import tell
from colisage.kit.statements import statement
from colisage.network.queries import virtual_place

PLATES = frozenset({"plate_closed", "plate_places", "lot_held"})


@transaction.atomic
def repair_stock(found: Collection[Difference], *, actor: Actor) -> int:
    """Remove these differences, as far as they are still there; give how many were repaired.

    Movements are the truth and none is edited: figures that follow from them are set to what they prove (the database
    refuses to set them to anything else), and what the movements themselves get wrong is corrected by further ones, of
    reason `repair`. Promises too many are demoted and allocations too many ended, and both are told. What only a person
    can decide is left. `docs/decisions/0013-what-a-repair-writes.md` says why, kind by kind. Harmless when repeated.
    """
    told = {(d.what, d.key) for d in found}
    lock_free(_skus(found))
    _lock(_skus(found))
    there = [d for d in differences(against=latest_proof()) if (d.what, d.key) in told and d.what in REMEDIES]
    if not there:
        return 0
    skus = _skus(there)
    document = _document()
    before = _rebuild(skus)
    _correct(there, document=document, actor=actor)
    _settle(skus, before=before)
    _open_circles(there, actor=actor)
    if any(d.what in PLATES for d in there):
        _take_away(skus, document=document, actor=actor)
    if any(d.what in HISTORY for d in there):
        begin_again()
    record_deeds(
        (Deed("stock_repair", document, "stock_repaired", _facts(d), merchant_id=d.merchant_id) for d in there),
        actor=actor,
    )
    return len(there)


def _skus(found: Collection[Difference]) -> list[int]:
    return sorted({d.sku_id for d in found if d.sku_id is not None} | _on_plates(found))


def _on_plates(found: Collection[Difference]) -> set[int]:
    """Give the SKUs that lie on plates, where plates contradict themselves."""
    if not any(d.what in PLATES for d in found):
        return set()
    merchants = {d.merchant_id for d in found if d.what in PLATES}
    return set(
        StockCell.objects.filter(merchant__in=merchants, plate__isnull=False, qty__gt=0)
        .values_list("sku_id", flat=True).distinct()
    )  # fmt: skip


def _lock(skus: list[int]) -> None:
    """Lock promises and cells of SKUs, in this order, as everywhere."""
    with connection.cursor() as db:
        db.execute(statement("inventory", "lock_held"), [skus])
    list(StockCell.objects.select_for_update(no_key=True).filter(sku__in=skus).order_by("pk").values_list("pk"))


def _document() -> int:
    """Number a repair: it is a document of its own, numbered by the audit's sequence."""
    with connection.cursor() as db:
        db.execute("SELECT nextval(pg_get_serial_sequence('kit_auditentry', 'id'))")
        return int(db.fetchone()[0])


def _facts(difference: Difference) -> dict[str, Any]:
    return {"what": difference.what, "key": difference.key, "found": difference.found, "proven": difference.proven}


def _rebuild(skus: list[int]) -> dict[tuple[int, int], int]:
    """Set cells and availability to what is proven; give what was sellable before, by (SKU, node).

    Where more is held than is sellable, availability is left wide enough until `_settle`.
    """
    with connection.cursor() as db:
        Reservation.objects.filter(sku__in=skus, state="held", node=None).update(state="waiting")
        db.execute(statement("inventory", "end_wrong_allocations"), {"skus": skus})
        unbound = db.fetchall()
        db.execute(statement("inventory", "rebuild_cells"), {"skus": skus})
        db.execute(statement("inventory", "make_availability"), {"skus": skus})
    tell(
        UnitsUnbound(
            merchant_id=m, owner_kind=kind, owner_id=owner, reservation_id=pk, sku_id=sku, node_id=node, qty=qty
        )
        for m, kind, owner, pk, sku, node, qty in unbound
    )
    rows = _proven(skus)
    _set([(sku, node, max(proven, held), held, ahead) for _m, sku, node, _s, proven, held, ahead, _u in rows])
    return {(sku, node): sellable for _m, sku, node, sellable, *_rest in rows}


def _proven(skus: list[int]) -> list[tuple[Any, ...]]:
    with connection.cursor() as db:
        db.execute(statement("inventory", "proven_availability"), {"skus": skus})
        return list(db.fetchall())


def _set(rows: Sequence[tuple[int, int, int, int, int]]) -> None:
    with connection.cursor() as db:
        db.execute(statement("inventory", "set_availability"), [[row[n] for row in rows] for n in range(5)])


def _correct(there: Sequence[Difference], *, document: int, actor: Actor) -> None:
    """Write what movements need: back to what was proven of history, and up to none where less than none is."""
    cells = StockCell.objects.in_bulk({int(d.key) for d in there if d.what in {"history", "below_zero"}})
    ways = bring_back(
        Off(int(d.key), d.sku_id, d.found - d.proven) for d in there if d.what == "history" and d.sku_id is not None
    )
    moves = [
        _move(cells[source], _spot(cells[source]), _spot(cells[target]), units, document=document, line=n)
        for n, (source, target, units) in enumerate(ways)
    ]
    back = Counter[int]()
    for source, target, units in ways:
        back[source] -= units
        back[target] += units
    for d in there:
        missing = -d.found - back[int(d.key)] if d.what == "below_zero" else 0
        if missing > 0:
            cell = cells[int(d.key)]
            found = Spot(place_id=virtual_place("found"), lot_id=cell.lot_id, owner_id=cell.owner_id)
            moves.append(_move(cell, found, _spot(cell), missing, document=document, line=len(moves)))
    post_movements(moves, actor=actor)


def _spot(cell: StockCell, **changes: Any) -> Spot:
    facts = {
        "lot_id": cell.lot_id, "plate_id": cell.plate_id, "owner_id": cell.owner_id, "condition": cell.condition,
    }  # fmt: skip
    return Spot(place_id=cell.place_id, **{**facts, **changes})


def _move(cell: StockCell, source: Spot, target: Spot, units: int, *, document: int, line: int) -> Move:
    return Move(
        merchant_id=cell.merchant_id,
        sku_id=cell.sku_id,
        qty=units,
        source=source,
        target=target,
        reason="repair",
        doc_kind="stock_repair",
        doc_id=document,
        doc_line=line,
    )


def _settle(skus: list[int], *, before: dict[tuple[int, int], int]) -> None:
    """Demote the promises that are too many, set availability to what is proven, and tell where it grew."""
    with connection.cursor() as db:
        db.execute(statement("inventory", "rebuild_cells"), {"skus": skus})
    excess = {
        (sku, node): held - proven
        for _m, sku, node, _s, proven, held, _a, unlimited in _proven(skus)
        if held > proven and not unlimited
    }
    tell(_demoted(excess))
    rows = _proven(skus)
    _set([(sku, node, proven, held, ahead) for _m, sku, node, _s, proven, held, ahead, _u in rows])
    grown = [(m, sku, node, proven - before.get((sku, node), 0)) for m, sku, node, _s, proven, _h, _a, _u in rows]
    tell(SellableGrew(merchant_id=m, sku_id=sku, node_id=node, qty=qty) for m, sku, node, qty in grown if qty > 0)


def _demoted(excess: dict[tuple[int, int], int]) -> list[ReservationDemoted]:
    if not excess:
        return []
    held: dict[tuple[int, int], list[Held]] = defaultdict(list)
    rows = Reservation.objects.filter(state="held", sku__in={sku for sku, _ in excess}, node__in={n for _, n in excess})
    for pk, sku, node, qty, kind in rows.values_list("pk", "sku_id", "node_id", "qty", "owner_kind"):
        held[sku, node or 0].append(Held(pk, qty, spared=kind != NEVER_OWED))
    losers = [pair for key, units in excess.items() for pair in demote(held[key], excess=units)]
    with connection.cursor() as db:
        db.execute(statement("inventory", "demote"), [[loser for loser, _ in losers], [units for _, units in losers]])
        return [
            ReservationDemoted(
                merchant_id=m, owner_kind=kind, owner_id=owner, reservation_id=new, sku_id=sku, node_id=node, qty=qty
            )
            for m, kind, owner, new, sku, node, qty in db.fetchall()
        ]


def _open_circles(there: Sequence[Difference], *, actor: Actor) -> None:
    if not any(d.what == "plate_circle" for d in there):
        return
    with connection.cursor() as db:
        db.execute(statement("inventory", "open_circles"))
        opened = db.fetchall()
    record_deeds(
        (Deed("plate", plate, "plate_freed", {}, merchant_id=merchant) for plate, merchant in opened), actor=actor
    )


def _take_away(skus: list[int], *, document: int, actor: Actor) -> None:
    """Move units off plates they cannot lie on, and into the condition of their lot."""
    with connection.cursor() as db:
        db.execute(statement("inventory", "contradicting_cells"), {"skus": skus})
        status = dict(db.fetchall())
    cells = list(StockCell.objects.filter(pk__in=status, sku__in=skus).order_by("pk"))
    unbind_units({cell.pk: cell.qty for cell in cells if cell.allocated})
    moves = []
    for cell in cells:
        of_lot = status[cell.pk]
        change = {"condition": CONDITION[of_lot]} if of_lot else {"plate_id": None}
        moves.append(
            _move(cell, _spot(cell), _spot(cell, **change), cell.qty, document=document, line=1_000_000 + cell.pk)
        )
    post_movements(moves, actor=actor)
