from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import IO, Final

from django.db import connection, transaction

from colisage.catalog.actions.save_recipes import save_recipes
from colisage.catalog.actions.save_skus import save_skus
from colisage.catalog.models import CatalogImport, CatalogRefusedRow
from colisage.catalog.queries.codes import Known, known_skus, owners_of, whole_catalogue
from colisage.catalog.queries.files import Read, open_catalogue, rows_of
from colisage.catalog.rules import Counted, SkuRow, is_mistyped_gtin
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
    _wait_for_other_files(merchant_id)
    run = begin_file(CatalogImport, merchant_id, table=table, file_name=file_name, actor=actor)
    with whole_catalogue():
        for with_recipe in (False, True):
            rows = (each for each in rows_of(table, currency=currency) if bool(each.recipe) == with_recipe)
            while piece := list(islice(rows, PIECE)):
                _take(run, piece, actor=actor)
    run.save(update_fields=["saved", "refused"])
    return run


def _wait_for_other_files(merchant_id: int) -> None:
    """Let one file of a merchant follow the other: two at once could wait for each other's rows."""
    with connection.cursor() as db:
        db.execute("SELECT pg_advisory_xact_lock(hashtext('catalog_import'), %s::int)", [merchant_id])


def _take(run: CatalogImport, piece: Sequence[Read], *, actor: Actor) -> None:
    """Save the rows that can be saved; keep the others."""
    told = [each for each in piece if each.row]
    codes = {each.row.code for each in told if each.row} | {code for each in told for code, _units in each.recipe}
    known = known_skus(run.merchant_id, codes=codes)
    owners = owners_of(run.merchant_id, barcodes=[code for each in told for code, _units in _barcodes(each.row)])
    good: list[SkuRow] = []
    recipes: dict[str, tuple[Counted, ...]] = {}
    refused = []
    for each in piece:
        row = each.row
        reason = each.reason or _wrong_kind(each, known) or _wrong_date(row, known) or _wrong_barcode(row, owners)
        if row is None or reason:
            refused.append((each.number, each.raw, reason))
            continue
        good.append(row)
        if each.recipe:
            recipes[row.code.upper()] = each.recipe
    ids = save_skus(run.merchant_id, good, actor=actor)
    parts = {ids[key]: [(known[code.upper()].id, n) for code, n in recipe] for key, recipe in recipes.items()}
    save_recipes(run.merchant_id, parts, actor=actor)
    run.saved += len(good)
    run.refused += keep_refused(CatalogRefusedRow, run, refused)


def _wrong_kind(each: Read, known: Mapping[str, Known]) -> str:
    """Say what is wrong with the kind of a row, or with its recipe."""
    if each.row is None:
        return ""
    here = known.get(each.row.code.upper())
    if here and each.row.kind and each.row.kind != here.kind:
        return "kind_stays"
    if not each.recipe:
        return "no_recipe" if not here and each.row.kind in {"bundle", "kit"} else ""
    if (here.kind if here else each.row.kind) in {"unit", None}:
        return "recipe_of_unit"
    parts = [known.get(code.upper()) for code, _units in each.recipe]
    return "" if all(part and part.kind == "unit" for part in parts) else "no_such_component"


def _wrong_date(row: SkuRow | None, known: Mapping[str, Known]) -> str:
    """Say that an expiry date would belong to nothing, where the row would make it so: as the form does."""
    here = known.get(row.code.upper()) if row else None
    told = {None} if row is None else {row.tracks_lots, row.tracks_serials, row.tracks_expiry}
    if row is None or told == {None}:
        return ""
    lots, serials, expiry = (
        value if (value := getattr(row, name)) is not None else bool(here and getattr(here, name))
        for name in ("tracks_lots", "tracks_serials", "tracks_expiry")
    )
    return "date_of_nothing" if expiry and not (lots or serials) else ""


def _barcodes(row: SkuRow | None) -> Sequence[Counted]:
    return row.barcodes or () if row else ()


def _wrong_barcode(row: SkuRow | None, owners: dict[str, str]) -> str:
    """Say what is wrong with the barcodes of a row; remember whose they are now. One that is known already is right."""
    for code, _units in _barcodes(row):
        owner = owners.get(code)
        if owner is None and is_mistyped_gtin(code):
            return "bad_barcode"
        if row and owner not in {None, row.code.upper()}:
            return "barcode_taken"
    if row:
        owners.update((code, row.code.upper()) for code, _units in _barcodes(row))
    return ""
