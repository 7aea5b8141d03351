from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO

from django.db import transaction

from colisage.catalog.actions.save_skus import save_skus
from colisage.catalog.models import CatalogImport, CatalogRefusedRow
from colisage.catalog.queries.files import PIECE, Read, open_catalogue, owners_of, rows_of
from colisage.catalog.rules import SkuRow, is_mistyped_gtin
from colisage.kit.actors import Actor


@transaction.atomic
def import_catalogue(
    merchant_id: int, *, source: Path | IO[bytes], file_name: str, currency: str, actor: Actor
) -> CatalogImport:
    """Take a file of SKUs: new ones are made, known ones changed; an empty cell leaves what is known.

    Every row that cannot be used is kept with its reason. Raises `TableRefused` for a file that is none, and then
    changes nothing. Memory does not grow with the file.
    """
    table = open_catalogue(source)
    run = CatalogImport.objects.create(
        merchant_id=merchant_id,
        file_name=file_name[:200],
        columns=list(table.headers),
        delimiter=table.dialect.delimiter,
        by_name=str(actor)[:150],
    )
    rows = rows_of(table, currency=currency)
    while piece := list(islice(rows, PIECE)):
        good = list(_checked(run, piece))
        save_skus(merchant_id, good, actor=actor)
        run.saved += len(good)
        run.refused += len(piece) - len(good)
    run.save(update_fields=["saved", "refused"])
    return run


def _checked(run: CatalogImport, piece: list[Read]) -> Iterator[SkuRow]:
    """Give the rows that can be saved; keep the others."""
    owners = owners_of(run.merchant_id, barcodes={each.row.barcode for each in piece if each.row and each.row.barcode})
    refused = []
    for each in piece:
        reason = each.reason if each.row is None else _wrong_barcode(each.row, owners)
        if each.row is None or reason:
            refused.append((each, reason))
        else:
            yield each.row
    CatalogRefusedRow.objects.bulk_create(
        CatalogRefusedRow(merchant_id=run.merchant_id, run=run, number=each.number, reason=reason, raw=list(each.raw))
        for each, reason in refused
    )


def _wrong_barcode(row: SkuRow, owners: dict[str, str]) -> str:
    """Say what is wrong with the barcode of a row; remember whose it is now. One that is known already is right."""
    if not row.barcode:
        return ""
    owner = owners.get(row.barcode)
    if owner is None and is_mistyped_gtin(row.barcode):
        return "bad_barcode"
    owners.setdefault(row.barcode, row.code.upper())
    return "" if owner in {None, row.code.upper()} else "barcode_taken"
