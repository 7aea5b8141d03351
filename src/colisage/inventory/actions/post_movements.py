"""Writing movements: the only way units move, many at once."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from django.db import DataError, IntegrityError, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from colisage.inventory.actions.reserve import lock_free
from colisage.inventory.events import ConsignedMoved, ReservationDemoted, SellableGrew
from colisage.inventory.rules import NEVER_OWED, Held, demote
from colisage.inventory.rules.lots import CONDITION
from colisage.kit.actors import Actor
from colisage.kit.errors import Refused
from colisage.kit.events import tell
from colisage.kit.statements import rows, statement
from colisage.network.queries import places_by_id
from colisage.ui import words

_FROZEN = re.compile(r"bin_is_counted (\d+)")


class NotEnoughThere(Refused):
    """A movement would take more from a cell than lies there unallocated."""

    code = "not_enough_there"
    text = _("There are not that many units to move.")


class BinIsCounted(Refused):
    """A bin that somebody counts is frozen until the count ends; everything else goes on."""

    code = "bin_is_counted"
    text = _("Bin %(bin)s is being counted. Come back when the count is finished.")


class LotIsHeld(Refused):
    """Units of a lot that is held, recalled or expired cannot be made sellable one by one."""

    code = "lot_is_held"
    text = _("The lot of these units is held back. They can be sold again when the lot is freed.")


class SerialMissing(Refused):
    """A unit of a SKU with serial numbers comes into the house without one."""

    code = "serial_missing"
    text = _("Units of this SKU have serial numbers. Scan the number of each.")


class SerialTwice(Refused):
    """A serial number would be on hand twice."""

    code = "serial_twice"
    text = _("This serial number is on hand already. A serial number is one unit.")


class PlateIsApart(Refused):
    """Units of one tree of plates would be in two places, or on a plate that is closed."""

    code = "plate_is_apart"
    text = _("What is on a plate, and on the plates on it, stays in one place. Move the plate whole.")


class TooManyUnits(Refused):
    """There would be more units of a SKU at a node than the books can count: 2,147,483,647."""

    code = "too_many_units"
    text = _("There would be more units of this SKU than the books can count. Check the number.")


REFUSED_BY_THE_DATABASE: tuple[tuple[str, type[Refused]], ...] = (
    ("allocated_is_there", NotEnoughThere),
    ("never_oversold", NotEnoughThere),  # nothing is left to demote
    ("serial_missing", SerialMissing),
    ("serial_once", SerialTwice),
    ("lot_is_held", LotIsHeld),
    ("plate_in_one_place", PlateIsApart),
    ("plate_is_closed", PlateIsApart),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where and how units lie."""

    place_id: int
    lot_id: int | None = None
    plate_id: int | None = None
    owner_id: int | None = None
    condition: str = "sellable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Units of a SKU from one spot to another, for a reason, on a line of a document.

    (`doc_kind`, `doc_id`, `doc_line`, `seq`) identify the movement: posting it again changes nothing.
    """

    merchant_id: int
    sku_id: int
    qty: int
    source: Spot
    target: Spot
    reason: str
    doc_kind: str
    doc_id: int
    doc_line: int = 0
    seq: int = 0
    occurred_at: datetime | None = None


@transaction.atomic
def post_movements(moves: Sequence[Move], *, actor: Actor) -> int:
    """Write movements; give how many were new.

    Cells and availability follow by trigger. Where less stays sellable than is held, the last promises are demoted to
    owed first, and told. Units of a lot that is not approved come into a bin in the condition of their lot, never
    sellable. Raises `NotEnoughThere` when a cell does not hold the units, `SerialTwice` and `SerialMissing` when a
    serial number is there already or is not named, `BinIsCounted` when a count has frozen one of the bins,
    `TooManyUnits` when there would be more than can be counted, and then changes nothing.
    """
    if not moves:
        return 0
    now = timezone.now()
    once = _once(moves)
    with connection.cursor() as db:
        lock_free({move.sku_id for move in once})
        once = _kept_back(db, once)
        cells = _cells(db, once)
        batch = [_row(move, cells=cells, actor=actor, now=now) for move in once]
        db.execute(statement("inventory", "sellable_change"), [rows(batch)])
        changes = db.fetchall()  # merchant, sku, node, change; known movements left out
        demoted = _demote(db, changes)
        try:
            with transaction.atomic():
                db.execute(statement("inventory", "insert_movements"), [rows(batch)])
                count = int(db.rowcount)
                consigned = _consigned(db, once, batch)
        except DataError as error:
            if getattr(error.__cause__, "sqlstate", "") == "22003":  # a number out of range
                raise TooManyUnits from error
            raise
        except IntegrityError as error:
            for name, refusal in REFUSED_BY_THE_DATABASE:
                if name in str(error):
                    raise refusal from error
            if (frozen := _FROZEN.search(str(error))) is not None:
                raise BinIsCounted(bin=words.plate(places_by_id([int(frozen[1])])[int(frozen[1])].code)) from error
            raise
    tell([*_grown(changes), *demoted, *consigned])
    return count


def _consigned(db: CursorWrapper, moves: Sequence[Move], batch: Sequence[dict[str, object]]) -> list[ConsignedMoved]:
    """Say which units of an owner left the house, or were found again; nothing is asked when nobody owns any."""
    owned = [row for move, row in zip(moves, batch, strict=True) if move.source.owner_id or move.target.owner_id]
    if not owned:
        return []
    db.execute(statement("inventory", "consigned_moves"), [rows(owned)])
    return [
        ConsignedMoved(
            merchant_id=m, sku_id=sku, owner_id=owner, movement_id=movement, lot_id=lot, qty=qty, reason=reason,
            occurred_at=at, back=back,
        )
        for m, sku, owner, movement, lot, qty, reason, at, back in db.fetchall()
    ]  # fmt: skip


def _once(moves: Sequence[Move]) -> list[Move]:
    """Give each movement of a batch once: the first of those that name the same line of a document."""
    known: dict[tuple[str, int, int, int], Move] = {}
    for move in moves:
        known.setdefault((move.doc_kind, move.doc_id, move.doc_line, move.seq), move)
    return list(known.values())


def _kept_back(db: CursorWrapper, moves: Sequence[Move]) -> list[Move]:
    """Lock the lots that come into bins; turn what is not approved to the condition of its lot."""
    lots = [(m.target.lot_id, m.target.place_id) for m in moves if m.target.lot_id is not None]
    if not lots:
        return list(moves)
    named = {"lots": [lot for lot, _place in lots], "places": [place for _lot, place in lots]}
    db.execute(statement("inventory", "lock_lots"), named)
    held = {(lot, place): CONDITION[status] for lot, status, bins in db.fetchall() for place in bins}
    return [_turned(move, held.get((move.target.lot_id or 0, move.target.place_id), "sellable")) for move in moves]


def _turned(move: Move, condition: str) -> Move:
    if move.target.condition != "sellable" or condition == "sellable":
        return move
    target = replace(move.target, condition=condition)
    if target == move.source:  # it lies there, and held back: nothing but the lot itself frees it
        raise LotIsHeld
    return replace(move, target=target)


def _cells(db: CursorWrapper, moves: Sequence[Move]) -> dict[tuple[int, int, Spot], int]:
    """Find the cells of all spots, making those that are new."""
    wanted = sorted(
        {(m.merchant_id, m.sku_id, spot) for m in moves for spot in (m.source, m.target)},
        key=lambda w: (w[0], w[1], w[2].place_id, str(w[2])),
    )
    keys = rows({"merchant_id": m, "sku_id": s, "n": n, **asdict(spot)} for n, (m, s, spot) in enumerate(wanted))
    db.execute(statement("inventory", "make_cells"), [keys])
    db.execute(statement("inventory", "find_cells"), [keys])
    return {wanted[n]: cell for n, cell in db.fetchall()}


def _row(move: Move, *, cells: dict[tuple[int, int, Spot], int], actor: Actor, now: datetime) -> dict[str, object]:
    return {
        "merchant_id": move.merchant_id,
        "sku_id": move.sku_id,
        "from_cell": cells[move.merchant_id, move.sku_id, move.source],
        "to_cell": cells[move.merchant_id, move.sku_id, move.target],
        "qty": move.qty,
        "reason": move.reason,
        "actor_kind": actor.kind,
        "actor_id": actor.id,
        "doc_kind": move.doc_kind,
        "doc_id": move.doc_id,
        "doc_line": move.doc_line,
        "seq": move.seq,
        "occurred_at": (move.occurred_at or now).isoformat(),
    }


def _grown(changes: Iterable[tuple[int, int, int, int]]) -> Iterable[SellableGrew]:
    return (SellableGrew(merchant_id=m, sku_id=sku, node_id=node, qty=qty) for m, sku, node, qty in changes if qty > 0)


def _demote(db: CursorWrapper, changes: Sequence[tuple[int, int, int, int]]) -> list[ReservationDemoted]:
    """Demote the last promises where less will be sellable than is held; the rows of availability are locked."""
    falling = [(sku, node, qty) for _, sku, node, qty in changes if qty < 0]
    if not falling:
        return []
    skus, nodes, units = (list(column) for column in zip(*falling, strict=True))
    db.execute(statement("inventory", "held_in_excess"), [skus, nodes, units])
    at: dict[tuple[int, int, int], list[Held]] = defaultdict(list)
    for sku, node, excess, reservation, qty, kind in db.fetchall():
        at[sku, node, excess].append(Held(reservation, qty, spared=kind != NEVER_OWED))
    losers = [pair for (_, _, excess), held in at.items() for pair in demote(held, excess=excess)]
    if not losers:
        return []
    db.execute(statement("inventory", "demote"), [[loser for loser, _ in losers], [units for _, units in losers]])
    return [
        ReservationDemoted(
            merchant_id=m, owner_kind=kind, owner_id=owner, reservation_id=new, sku_id=sku, node_id=node, qty=qty
        )
        for m, kind, owner, new, sku, node, qty in db.fetchall()
    ]
