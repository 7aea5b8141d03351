"""Rows of files of SKUs that came back, taken as they are now."""

from collections.abc import Sequence
from typing import Final

from colisage.catalog.actions.take_skus import take_skus, wait_for_other_files
from colisage.catalog.models import CatalogImport, CatalogRefusedRow
from colisage.catalog.queries.files import REASONS, reading_of, rows_of
from colisage.kit.actors import Actor
from colisage.kit.sent_files import LEFT_OUT, Kept, Kind, Taken, by_itself, count_saved
from colisage.kit.tabular import ROW_REASONS, table_of
from colisage.people.queries import merchants_by_id


def take_rows(run: CatalogImport, rows: Sequence[Sequence[Kept]], *, actor: Actor) -> list[Taken]:
    """Save SKUs as rows of a file say them; say what became of each. Rows with a recipe are saved after the others."""
    wait_for_other_files(run.merchant_id)
    table = table_of(run.columns, rows=[row for together in rows for row in together])
    currency = merchants_by_id({run.merchant_id})[run.merchant_id].currency
    reads = list(rows_of(table, currency=currency))
    became: dict[int, tuple[int | None, str]] = {}
    for with_recipe in (False, True):
        piece = [each for each in reads if bool(each.recipe) == with_recipe]
        verdicts = take_skus(run.merchant_id, piece, actor=actor)
        became |= {each.number: verdict for each, verdict in zip(piece, verdicts, strict=True)}
    return by_itself(rows, became)


# A row that repeats a SKU is not sent again unseen: without the row above it, it would change what that one has said.
SKUS: Final = Kind(
    name="skus",
    document="catalog_import",
    files=CatalogImport,
    rows=CatalogRefusedRow,
    reasons={**REASONS, **LEFT_OUT},
    reading=reading_of,
    take=take_rows,
    count=count_saved,
    unseen={*ROW_REASONS, "code_twice"},
)
