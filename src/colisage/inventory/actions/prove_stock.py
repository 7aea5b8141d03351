from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import Final

from django.db import connection, transaction

from colisage.inventory.checks import Difference, Proof, differences, latest_proof
from colisage.inventory.models import ProvenCell, StockProof
from colisage.kit.statements import statement

HISTORY: Final = frozenset({"history", "movements"})  # differences from what was proven before


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a proof of the books found; `movements` were read for it, `covered` stand behind it."""

    full: bool
    movements: int
    covered: int
    seconds: float
    differences: list[Difference] = field(default_factory=list)


def prove_stock(*, incremental: bool = False) -> Outcome:
    """Prove the books from the movements, and keep the proof: the next incremental one begins there.

    Everything is read in one snapshot, and locks nothing. An incremental proof that finds something, or has no proof to
    begin at, becomes a full one. A full one also reads again what was proven before; where history was rewritten since,
    it keeps no proof, so that the next one says so again.
    """
    began = perf_counter()
    with _one_snapshot():
        last = latest_proof()
        if incremental and last:
            found = differences(since=last)
            if not found:
                read, covered = _keep(last, full=False, found=found)
                return Outcome(False, read, covered, perf_counter() - began)
        found = differences(against=last)
        if last and any(d.what in HISTORY for d in found):
            covered = last.movements
        else:
            _, covered = _keep(last, full=True, found=found)
    return Outcome(True, covered, covered, perf_counter() - began, found)


def begin_again() -> None:
    """Forget what was proven, and take history as it stands now for the next proof to begin at."""
    _keep(None, full=True, found=[])


@contextmanager
def _one_snapshot() -> Iterator[None]:
    """See the books at one moment; within another transaction, as that one sees them."""
    nested = connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as db:
        if not nested:
            db.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def _keep(last: Proof | None, *, full: bool, found: list[Difference]) -> tuple[int, int]:
    """Bring the proven balances up to now; give how many movements that took, and how many are covered."""
    with connection.cursor() as db:
        if last is None:
            ProvenCell.objects.all().delete()
        db.execute(statement("inventory", "prove_cells"), {"after": last.upto if last else "0"})
        upto, system, read, digest, cells = db.fetchone()
    covered = read + (last.movements if last else 0)
    StockProof.objects.create(
        upto=int(upto),
        system=system,
        movements=covered,
        digest=digest ^ (last.digest if last else 0),
        cells=cells,
        differences=len(found),
        full=full,
    )
    return read, covered
