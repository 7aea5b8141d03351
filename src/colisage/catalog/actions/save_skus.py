"""Writing SKUs, many at once: new ones are made, known ones changed."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django.db import connection, transaction

from colisage.catalog.actions.save_recipes import save_recipes
from colisage.catalog.models import Barcode
from colisage.catalog.queries.codes import barcodes_by_sku
from colisage.catalog.rules import FACTS, SkuRow, barcodes_after, changes, told_by
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.once import insert_once
from colisage.kit.statements import rows, statement

__all__ = ["SkuRow", "save_recipe", "save_skus"]

COLUMNS: Final = ("id", "key", "code", "kind", *FACTS)  # of `sql/lock_skus.sql`


@transaction.atomic
def save_skus(merchant_id: int, sku_rows: Sequence[SkuRow], *, actor: Actor) -> dict[str, int]:
    """Make or change SKUs by code, in any case; give the id of each by its code in capitals.

    The same rows again change nothing and are not recorded. Of a code given twice the last row counts. The kind of a
    known SKU stays, and a barcode that another SKU has stays there. A few statements, however many rows.
    """
    last = {row.code.upper(): row for row in sku_rows}
    known = _locked(merchant_id, last)
    made = _make(merchant_id, [row for key, row in last.items() if key not in known])
    if len(known) + len(made) < len(last):  # somebody else made them a moment ago
        known |= _locked(merchant_id, [key for key in last if key not in known | made])
    changed = _change(merchant_id, {key: (facts, last[key]) for key, facts in known.items()})
    ids = {key: facts["id"] for key, facts in known.items()} | made
    scanned = _save_barcodes(merchant_id, {ids[key]: row for key, row in last.items() if key in ids})
    deeds = [Deed("sku", pk, "sku_made", _told(last[key]), merchant_id=merchant_id) for key, pk in made.items()]
    for pk in [*changed, *(pk for pk in scanned if pk not in changed and pk not in made.values())]:
        data = {**changed.get(pk, {}), **scanned.get(pk, {})}
        deeds.append(Deed("sku", pk, "sku_changed", data, merchant_id=merchant_id))
    record_deeds(deeds, actor=actor)
    return ids


def _locked(merchant_id: int, keys: Iterable[str]) -> dict[str, dict[str, Any]]:
    with connection.cursor() as db:
        db.execute(statement("catalog", "lock_skus"), [list(keys), merchant_id])
        found = [dict(zip(COLUMNS, row, strict=True)) for row in db.fetchall()]
    return {facts["code"].upper(): facts for facts in found}


def _make(merchant_id: int, new: Sequence[SkuRow]) -> dict[str, int]:
    if not new:
        return {}
    with connection.cursor() as db:
        db.execute(statement("catalog", "make_skus"), [merchant_id, rows(new)])
        return {code.upper(): pk for pk, code in db.fetchall()}


def _change(merchant_id: int, known: Mapping[str, tuple[dict[str, Any], SkuRow]]) -> dict[int, dict[str, Any]]:
    """Change what the rows say otherwise than it is; give what was changed, by id."""
    changed, after = {}, []
    for facts, row in known.values():
        told = told_by(row)
        if differing := changes(facts, told):
            changed[facts["id"]] = differing
            after.append({**facts, **told})
    if after:
        with connection.cursor() as db:
            db.execute(statement("catalog", "change_skus"), [rows(after), merchant_id])
    return changed


def _save_barcodes(merchant_id: int, by_id: Mapping[int, SkuRow]) -> dict[int, dict[str, Any]]:
    """Make the barcodes what the rows say; give what was changed, by SKU."""
    told = {pk: row for pk, row in by_id.items() if row.barcode or row.barcodes is not None}
    known = {pk: dict(pairs) for pk, pairs in barcodes_by_sku(merchant_id, sku_ids=told).items()}
    after = {pk: barcodes_after(known.get(pk, {}), row) for pk, row in told.items()}
    changed = {pk: codes for pk, codes in after.items() if codes != known.get(pk, {})}
    if known.keys() & changed.keys():
        Barcode.objects.filter(merchant_id=merchant_id, sku__in=known.keys() & changed.keys()).delete()
    insert_once(
        (
            Barcode(merchant_id=merchant_id, sku_id=pk, code=code, units=units)
            for pk, codes in changed.items()
            for code, units in codes.items()
        ),
        by=["code"],
    )
    return {pk: {"barcodes": [known.get(pk, {}), codes]} for pk, codes in changed.items()}


def _told(row: SkuRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__slots__ if getattr(row, name) is not None}


def save_recipe(merchant_id: int, *, sku_id: int, recipe: Sequence[tuple[int, int]], actor: Actor) -> None:
    """Say what one bundle or kit is made of; see `save_recipes`."""
    save_recipes(merchant_id, {sku_id: recipe}, actor=actor)
