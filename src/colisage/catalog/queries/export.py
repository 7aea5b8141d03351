"""A catalogue written so that it can be read again."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Final

from colisage.catalog.models import Sku
from colisage.catalog.queries.codes import barcodes_by_sku, recipes_by_sku, whole_catalogue
from colisage.catalog.rules import EXPORTED, Counted, counted_text
from colisage.kit.money import decimal
from colisage.kit.tabular import harmless

PIECE: Final = 1000
_MARK: Final = " | "


def export_rows(merchant_id: int, *, currency: str) -> Iterator[str]:
    """Give the catalogue as pieces of a CSV file, in the columns the import reads."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(EXPORTED)
    yield "\ufeff"
    last = ""
    skus = Sku.objects.filter(merchant_id=merchant_id).select_related("storage").order_by("code_key")
    with whole_catalogue():
        while piece := list(skus.filter(code_key__gt=last)[:PIECE]):
            last = piece[-1].code_key
            barcodes = barcodes_by_sku(merchant_id, sku_ids=[sku.pk for sku in piece])
            recipes = recipes_by_sku(merchant_id, sku_ids=[sku.pk for sku in piece if sku.kind != "unit"])
            for sku in piece:
                cells = _cells(sku, barcodes.get(sku.pk, []), recipes.get(sku.pk, []), currency=currency)
                writer.writerow([harmless(cell) for cell in cells])
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


def _cells(sku: Sku, barcodes: Sequence[Counted], recipe: Sequence[Counted], *, currency: str) -> list[str]:
    values = {
        **{name: getattr(sku, name) for name in EXPORTED if hasattr(sku, name)},
        "sku": sku.code,
        "barcode": counted_text(barcodes, mark=_MARK),
        "weight_g": sku.grams,
        "price": decimal(sku.price_cents, currency=currency),
        "cost": decimal(sku.cost_cents, currency=currency),
        "storage": sku.storage.code if sku.storage else "",
        "recipe": counted_text(recipe, mark=_MARK),
    }
    return [_cell(values[name]) for name in EXPORTED]


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
