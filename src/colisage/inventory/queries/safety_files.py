"""Safety stock in files: SKU, node, units; written so that it can be read again."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from colisage.catalog.queries import skus_by_code, skus_by_id
from colisage.inventory.models import Availability
from colisage.kit.tabular import ROW_REASONS, BadRow, MissingColumns, Row, Table, TableRefused, harmless, open_table
from colisage.kit.tabular.names import plain
from colisage.network.queries import nodes_serving

MOST_ROWS: Final = 100_000
MOST_UNITS: Final = 1_000_000
NAMES: Final = {
    "sku": ("sku", "code", "reference"),
    "node": ("node", "site", "entrepot", "warehouse"),
    "safety": ("safety", "securite", "safety stock", "stock de securite"),
}
REASONS: Final[dict[str, str | Promise]] = {
    **ROW_REASONS,
    "unknown_sku": _("This SKU is not in the catalogue."),
    "unknown_node": _("No node that serves this merchant has this code."),
    "bad_units": _("Say how many units: a whole number from 0 to 1,000,000."),
}


class TooManyRows(TableRefused):
    """More rows than somebody waits for."""

    code = "too_many_rows"
    text = _("The file has more than %(most)s rows. Send it in several parts.")


@dataclass(frozen=True, slots=True)
class SafetyRow:
    """A row of a file: a level, or why it cannot be used."""

    number: int
    sku_id: int = 0
    node_id: int = 0
    units: int = 0
    reason: str = ""


def read_safety(merchant_id: int, *, source: Path | IO[bytes]) -> list[SafetyRow]:
    """Read a file of safety stock; raise `TableRefused` where it is none. Two statements for the whole file."""
    table = open_table(source)
    if table.lines > MOST_ROWS + 1:
        raise TooManyRows(most=MOST_ROWS)
    names = {field: next((c for c in table.columns if plain(c) in wanted), None) for field, wanted in NAMES.items()}
    lacking = [field for field, name in names.items() if name is None]
    if lacking:
        raise MissingColumns(columns=", ".join(lacking))
    return list(_judged(merchant_id, table, names={field: str(name) for field, name in names.items()}))


def _judged(merchant_id: int, table: Table, *, names: dict[str, str]) -> Iterator[SafetyRow]:
    rows: Sequence[Row | BadRow] = list(table)
    told = [row for row in rows if isinstance(row, Row)]
    codes = {row.cells[names["sku"]].strip().removeprefix("'") for row in told}
    skus = skus_by_code(merchant_id, codes=codes - {""})
    nodes = {s.code.upper(): s.node_id for s in nodes_serving([merchant_id])[merchant_id]}
    for row in rows:
        if isinstance(row, BadRow):
            yield SafetyRow(row.number, reason=row.reason)
            continue
        sku = skus.get(row.cells[names["sku"]].strip().removeprefix("'").upper())
        node = nodes.get(row.cells[names["node"]].strip().upper())
        units = row.cells[names["safety"]].strip()
        if sku is None:
            yield SafetyRow(row.number, reason="unknown_sku")
        elif node is None:
            yield SafetyRow(row.number, reason="unknown_node")
        elif not (units.isascii() and units.isdecimal() and len(units) < 9 and int(units) <= MOST_UNITS):
            yield SafetyRow(row.number, reason="bad_units")
        else:
            yield SafetyRow(row.number, sku.id, node, int(units))


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
