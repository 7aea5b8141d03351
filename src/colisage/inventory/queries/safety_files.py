"""Safety stock in files: SKU, node, units; written so that it can be read again."""

import csv
import io
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from colisage.catalog.queries import SkuFacts, skus_by_code, skus_by_id
from colisage.inventory.models import Availability, SafetyFile
from colisage.kit.sent_files import Reading, files_of
from colisage.kit.tabular import (
    ROW_REASONS,
    BadRow,
    MissingColumns,
    Row,
    Table,
    TableRefused,
    harmless,
    open_table,
    table_of,
)
from colisage.kit.tabular.names import plain
from colisage.kit.tabular.writing import REASON_NAMES
from colisage.network.queries import nodes_serving

MOST_ROWS: Final = 100_000
MOST_UNITS: Final = 1_000_000
NAMES: Final = {
    "sku": ("sku", "code", "reference"),
    "node": ("node", "site", "entrepot", "warehouse"),
    "safety": ("safety", "securite", "safety stock", "stock de securite"),
}
# What each is called where it lacks: names it is known by.
_CALLED: Final[Mapping[str, str | Promise]] = {
    "sku": "sku",
    "node": _("node"),
    "safety": _("safety stock"),
}
REASONS: Final[dict[str, str | Promise]] = {
    **ROW_REASONS,
    "unknown_sku": _("This SKU is not in the catalogue."),
    "unknown_node": _("No node that serves this merchant has this code."),
    "bad_units": _("Say how many units: a whole number from 0 to 1,000,000."),
}


_ABOUT: Final = {"unknown_sku": "sku", "unknown_node": "node", "bad_units": "safety"}


class TooManyRows(TableRefused):
    """More rows than somebody waits for."""

    code = "too_many_rows"
    text = _("The file has more than %(most)s rows. Send it in several parts.")


@dataclass(frozen=True, slots=True)
class SafetyRow:
    """A row of a file: a level, or why it cannot be used."""

    number: int
    raw: Sequence[str]
    sku_id: int = 0
    node_id: int = 0
    units: int = 0
    reason: str = ""


def open_safety(source: Path | IO[bytes]) -> Table:
    """Open a file of safety stock; raise `TableRefused` where it is none."""
    table = open_table(source)
    if table.lines > MOST_ROWS + 1:
        raise TooManyRows(most=MOST_ROWS)
    if lacking := [field for field, name in _named(table).items() if not name]:
        raise MissingColumns(_CALLED[field] for field in lacking)
    return table


def _named(table: Table) -> dict[str, str]:
    return {field: next((c for c in table.columns if plain(c) in wanted), "") for field, wanted in NAMES.items()}


def unused(columns: Sequence[str]) -> list[str]:
    """Give the columns that say nothing to us."""
    known = {said for wanted in NAMES.values() for said in wanted} | {plain(name) for name in REASON_NAMES}
    return [name for name in columns if name and plain(name) not in known]


def safety_rows(merchant_id: int, *, table: Table) -> list[SafetyRow]:
    """Read the rows of a file of safety stock. Two statements for the whole file."""
    names = _named(table)
    rows: Sequence[Row | BadRow] = list(table)
    codes = {row.cells[names["sku"]].strip().removeprefix("'") for row in rows if isinstance(row, Row)}
    skus = skus_by_code(merchant_id, codes=codes - {""})
    nodes = {s.code.upper(): s.node_id for s in nodes_serving([merchant_id])[merchant_id]}
    return [_judged(row, names, skus, nodes) for row in rows]


def _judged(
    row: Row | BadRow, names: Mapping[str, str], skus: Mapping[str, SkuFacts], nodes: Mapping[str, int]
) -> SafetyRow:
    if isinstance(row, BadRow):
        return SafetyRow(row.number, row.raw, reason=row.reason)
    sku = skus.get(row.cells[names["sku"]].strip().removeprefix("'").upper())
    node = nodes.get(row.cells[names["node"]].strip().removeprefix("'").upper())
    units = row.cells[names["safety"]].strip()
    if sku is None:
        return SafetyRow(row.number, row.raw, reason="unknown_sku")
    if node is None:
        return SafetyRow(row.number, row.raw, reason="unknown_node")
    if not (units.isascii() and units.isdecimal() and len(units) < 9 and int(units) <= MOST_UNITS):
        return SafetyRow(row.number, row.raw, reason="bad_units")
    return SafetyRow(row.number, row.raw, sku.id, node, int(units))


def safety_files(merchant_id: int) -> list[SafetyFile]:
    """Give the last files of safety stock that were sent."""
    return files_of(SafetyFile, merchant_id)


def reading_of(run: SafetyFile) -> Reading:
    """Say how the rows of a file are shown: by their SKU, with the cells their reasons are about."""
    table = table_of(run.columns, rows=())
    names = _named(table)

    def faults(reason: str, _cells: Mapping[str, str], _beside: Sequence[Mapping[str, str]]) -> Collection[str]:
        return [names[_ABOUT[reason]]] if reason in _ABOUT else []

    return Reading(table.columns, [names["sku"]], faults)


def safety_file(merchant_id: int) -> str:
    """Give the safety stock that is set, as a file that can be changed and sent again."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(NAMES)
    rows = list(
        Availability.objects.filter(merchant_id=merchant_id, safety__gt=0)
        .order_by("sku_id", "node_id")
        .values_list("sku_id", "node_id", "safety")
    )
    codes = {pk: sku.code for pk, sku in skus_by_id(merchant_id, ids={row[0] for row in rows}).items()}
    nodes = {s.node_id: s.code for s in nodes_serving([merchant_id])[merchant_id]}
    for sku, node, units in rows:
        if node in nodes:
            writer.writerow([harmless(codes[sku]), harmless(nodes[node]), units])
    return f"\ufeff{out.getvalue()}"
