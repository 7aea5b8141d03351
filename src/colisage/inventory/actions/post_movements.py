"""Writing movements: the only way units move, many at once."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from colisage.inventory.actions.reserve import lock_free
from colisage.inventory.events import ReservationDemoted, SellableGrew
from colisage.inventory.rules import Held, demote
from colisage.kit.actors import Actor
from colisage.kit.errors import Refused
from colisage.kit.events import tell
from colisage.kit.statements import rows, statement


class NotEnoughThere(Refused):
    """A movement would take more from a cell than lies there unallocated."""

    code = "not_enough_there"
    text = _("There are not that many units to move.")


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
    owed first, and told. Raises `NotEnoughThere` when a cell does not hold the units, and then changes nothing.
    """
    if not moves:
        return 0
    now = timezone.now()
    once = _once(moves)
    with connection.cursor() as db:
        cells = _cells(db, once)
        lock_free({move.sku_id for move in once})
        batch = [_row(move, cells=cells, actor=actor, now=now) for move in once]
        db.execute(statement("inventory", "sellable_change"), [rows(batch)])
        changes = db.fetchall()  # merchant, sku, node, change; known movements left out
        demoted = _demote(db, changes)
        try:
            with transaction.atomic():
                db.execute(statement("inventory", "insert_movements"), [rows(batch)])
                count = int(db.rowcount)
        except IntegrityError as error:
            if "allocated_is_there" in str(error) or "never_oversold" in str(error):  # nothing is left to demote
                raise NotEnoughThere from error
            raise
    tell([*_grown(changes), *demoted])
    return count


def _once(moves: Sequence[Move]) -> list[Move]:
    """Give each movement of a batch once: the first of those that name the same line of a document."""
    known: dict[tuple[str, int, int, int], Move] = {}
    for move in moves:
        known.setdefault((move.doc_kind, move.doc_id, move.doc_line, move.seq), move)
    return list(known.values())


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
    for sku, node, excess, reservation, qty in db.fetchall():
        at[sku, node, excess].append(Held(reservation, qty))
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
