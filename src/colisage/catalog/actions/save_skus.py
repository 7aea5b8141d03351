"""Writing SKUs, many at once: new ones are made, known ones changed."""

from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction

from colisage.catalog.models import Barcode, Component
from colisage.catalog.rules import SkuRow
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.statements import rows, statement

__all__ = ["SkuRow", "save_recipe", "save_skus"]


@transaction.atomic
def save_skus(merchant_id: int, sku_rows: Sequence[SkuRow], *, actor: Actor) -> dict[str, int]:
    """Make or change SKUs by code, in any case; give the id of each by its code in capitals.

    The same rows again change nothing. Three statements, however many rows; of a code given twice the last row counts.
    """
    last = {row.code.upper(): row for row in sku_rows}
    with connection.cursor() as db:
        db.execute(statement("catalog", "save_skus"), {"merchant": merchant_id, "rows": rows(last.values())})
        saved: list[tuple[int, str, bool]] = db.fetchall()
    ids = {code.upper(): pk for pk, code, _ in saved}
    _save_barcodes(merchant_id, last, ids=ids)
    record_deeds(
        (
            Deed("sku", pk, "sku_made" if made else "sku_changed", _told(last[code.upper()]), merchant_id=merchant_id)
            for pk, code, made in saved
        ),
        actor=actor,
    )
    return ids


def _save_barcodes(merchant_id: int, last: dict[str, SkuRow], *, ids: dict[str, int]) -> None:
    Barcode.objects.bulk_create(
        (
            Barcode(merchant_id=merchant_id, sku_id=ids[code], code=row.barcode)
            for code, row in last.items()
            if row.barcode
        ),
        ignore_conflicts=True,
    )


def _told(row: SkuRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__slots__ if getattr(row, name) is not None}


@transaction.atomic
def save_recipe(merchant_id: int, *, sku_id: int, recipe: Sequence[tuple[int, int]], actor: Actor) -> None:
    """Say what a bundle or kit is made of: pairs of SKU id and units. Orders taken before keep the recipe of then."""
    Component.objects.filter(merchant_id=merchant_id, parent_id=sku_id).delete()
    Component.objects.bulk_create(
        Component(merchant_id=merchant_id, parent_id=sku_id, sku_id=sku, quantity=units) for sku, units in recipe
    )
    record_deeds(
        [Deed("sku", sku_id, "recipe_saved", {"recipe": [list(p) for p in recipe]}, merchant_id=merchant_id)],
        actor=actor,
    )
