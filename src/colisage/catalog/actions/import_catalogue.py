from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import IO, Final

from django.db import transaction

from colisage.catalog.actions.take_skus import take_skus, wait_for_other_files
from colisage.catalog.models import CatalogImport, CatalogRefusedRow
from colisage.catalog.queries.codes import whole_catalogue
from colisage.catalog.queries.files import Read, open_catalogue, rows_of
from colisage.kit.actors import Actor
from colisage.kit.sent_files import begin_file, keep_refused

PIECE: Final = 1000


@transaction.atomic
def import_catalogue(
    merchant_id: int,
    *,
    source: Path | IO[bytes],
    file_name: str,
    currency: str,
    actor: Actor,
    most_rows: int | None = None,
) -> CatalogImport:
    """Take a file of SKUs: new ones are made, known ones changed; an empty cell leaves what is known.

    Every row that cannot be used is kept with its reason. Rows with a recipe are saved after all others, so that a
    bundle may stand above what is in it. Raises `TableRefused` for a file that is none, and then changes nothing.
    Memory holds a piece of the file, and its codes.
    """
    table = open_catalogue(source, most_rows=most_rows)
    wait_for_other_files(merchant_id)
    run = begin_file(CatalogImport, merchant_id, table=table, file_name=file_name, actor=actor)
    with whole_catalogue():
        for with_recipe in (False, True):
            rows = (each for each in rows_of(table, currency=currency) if bool(each.recipe) == with_recipe)
            while piece := list(islice(rows, PIECE)):
                _take(run, piece, actor=actor)
    run.save(update_fields=["saved", "refused"])
    return run


def _take(run: CatalogImport, piece: Sequence[Read], *, actor: Actor) -> None:
    """Save the rows that can be saved; keep the others."""
    verdicts = take_skus(run.merchant_id, piece, actor=actor)
    refused = [(each.number, each.raw, reason) for each, (_id, reason) in zip(piece, verdicts, strict=True) if reason]
    run.saved += len(piece) - len(refused)
    keep_refused(CatalogRefusedRow, run, refused)
