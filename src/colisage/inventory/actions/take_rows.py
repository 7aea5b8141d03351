"""Rows of files of safety stock that came back, taken as they are now."""

from collections.abc import Iterable, Sequence
from typing import Final

from colisage.inventory.actions.set_safety import Safety, set_safety
from colisage.inventory.models import SafetyFile, SafetyRefusedRow
from colisage.inventory.queries.safety_files import REASONS, reading_of, safety_rows
from colisage.kit.actors import Actor
from colisage.kit.sent_files import LEFT_OUT, Kept, Kind, Taken, by_itself, count_saved
from colisage.kit.tabular import table_of


def take_rows(run: SafetyFile, rows: Sequence[Sequence[Kept]], *, actor: Actor) -> list[Taken]:
    """Set levels as rows of a file say them; say what became of each: its SKU, or why not."""
    table = table_of(run.columns, rows=[row for together in rows for row in together])
    reads = safety_rows(run.merchant_id, table=table)
    good = [Safety(row.sku_id, row.node_id, row.units) for row in reads if not row.reason]
    taken = by_itself(rows, {row.number: (row.sku_id or None, row.reason) for row in reads})
    taken[0].made = set_safety(run.merchant_id, good, actor=actor) if good else 0  # levels, of all rows together
    return taken


def _count(run: SafetyFile, taken: Iterable[Taken]) -> None:
    of_all = list(taken)
    count_saved(run, of_all)
    run.changed += sum(one.made for one in of_all)


SAFETY: Final = Kind(
    name="safety",
    document="safety_file",
    files=SafetyFile,
    rows=SafetyRefusedRow,
    reasons={**REASONS, **LEFT_OUT},
    reading=reading_of,
    take=take_rows,
    count=_count,
)
