"""What others call our SKUs: a business customer orders by its own number, or by the GTIN on the packaging."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from msgspec import structs

from colisage.catalog.queries import skus_by_code, skus_by_id
from colisage.catalog.queries.codes import scanned_codes
from colisage.intake.ports import DraftLine, OrderTold

MOST_UNITS: Final = 1_000_000


def named(merchant_id: int, told: Sequence[OrderTold]) -> list[OrderTold]:
    """Give orders with the SKUs that their lines' names stand for; a line that nobody knows stays. Three statements.

    A barcode that stands for a case makes so many units of one, at the price of the case.
    """
    names = sorted({name for one in told for names in one.names for name in names})
    if not names:
        return list(told)
    skus = {sku.code.upper(): sku.code for sku in skus_by_code(merchant_id, codes=names).values()}
    scans = scanned_codes(merchant_id, codes=[name for name in names if name.upper() not in skus])
    by_id = skus_by_id(merchant_id, ids={sku for sku, _units in scans.values()})
    barcodes = {name: (by_id[sku].code, units) for name, (sku, units) in scans.items() if sku in by_id}
    return [_named(one, skus, barcodes) if one.names else one for one in told]


def _named(told: OrderTold, skus: Mapping[str, str], barcodes: Mapping[str, tuple[str, int]]) -> OrderTold:
    pairs = zip(told.draft.lines, told.names, strict=True)
    lines = tuple(_line(line, names, skus, barcodes) for line, names in pairs)
    return replace(told, draft=structs.replace(told.draft, lines=lines))


def _line(
    line: DraftLine, names: Sequence[str], skus: Mapping[str, str], barcodes: Mapping[str, tuple[str, int]]
) -> DraftLine:
    for name in names:
        if name.upper() in skus:
            return structs.replace(line, sku=skus[name.upper()])
    for name in names:
        sku, units = barcodes.get(name, ("", 0))
        if sku and line.quantity * units <= MOST_UNITS:
            each = -(-line.unit_price_cents // units)
            off = each * units * line.quantity - line.total_cents
            quantity = line.quantity * units
            return structs.replace(line, sku=sku, quantity=quantity, unit_price_cents=each, discount_cents=off)
    return line
