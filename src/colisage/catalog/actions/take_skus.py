"""Saving SKUs as others say them, each judged by itself: what can be used is saved, of the rest it is said why not."""

from collections.abc import Mapping, Sequence

from django.db import connection, transaction

from colisage.catalog.actions.save_recipes import save_recipes
from colisage.catalog.actions.save_skus import save_skus
from colisage.catalog.queries.codes import Known, known_skus, owners_of
from colisage.catalog.queries.files import Read
from colisage.catalog.rules import Counted, SkuRow, is_mistyped_gtin
from colisage.kit.actors import Actor


@transaction.atomic
def take_skus(merchant_id: int, piece: Sequence[Read], *, actor: Actor) -> list[tuple[int | None, str]]:
    """Save the rows that can be saved; give of each its SKU, or the code of `queries.files.REASONS` for which not.

    What is in a bundle or kit must be known before: rows with a recipe come after the others. Constant statements.
    """
    told = [each for each in piece if each.row]
    codes = {each.row.code for each in told if each.row} | {code for each in told for code, _units in each.recipe}
    known = known_skus(merchant_id, codes=codes)
    owners = owners_of(merchant_id, barcodes=[code for each in told for code, _units in _barcodes(each.row)])
    good: list[SkuRow] = []
    recipes: dict[str, tuple[Counted, ...]] = {}
    reasons = []
    for each in piece:
        row = each.row
        reason = each.reason or _wrong_kind(each, known) or _wrong_date(row, known) or _wrong_barcode(row, owners)
        reasons.append(reason)
        if row is not None and not reason:
            good.append(row)
            if each.recipe:
                recipes[row.code.upper()] = each.recipe
    ids = save_skus(merchant_id, good, actor=actor)
    parts = {ids[key]: [(known[code.upper()].id, n) for code, n in recipe] for key, recipe in recipes.items()}
    save_recipes(merchant_id, parts, actor=actor)
    return [
        (ids[each.row.code.upper()] if each.row and not reason else None, reason)
        for each, reason in zip(piece, reasons, strict=True)
    ]


def wait_for_other_files(merchant_id: int) -> None:
    """Let one file of a merchant follow the other: two at once could wait for each other's rows."""
    with connection.cursor() as db:
        db.execute("SELECT pg_advisory_xact_lock(hashtext('catalog_import'), %s::int)", [merchant_id])


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
