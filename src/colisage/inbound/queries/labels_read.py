"""What the labels of goods at the dock stand for, of many at once: codes of the catalogue, and GS1 codes as scanned."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from colisage.catalog.queries import SkuFacts
from colisage.inbound.queries.suppliers import skus_said
from colisage.kit.gs1 import Reading, Unreadable, read


@dataclass(frozen=True, slots=True)
class LabelRead:
    """So many units of a SKU, and what else the label says of them."""

    sku: SkuFacts
    units: int
    lot: str = ""
    serial: str = ""
    expires_on: date | None = None


def labels_read(merchant_id: int, *, codes: Collection[str], supplier_id: int | None = None) -> dict[str, LabelRead]:
    """Say what codes stand for; the keys are the codes as they were said, those that mean nothing are left out.

    A code of the catalogue or of the supplier comes first; so a merchant's own is never taken for one of GS1. A
    constant number of statements.
    """
    readings: dict[str, Reading] = {}
    for code in codes:
        with suppress(Unreadable):
            readings[code] = read(code)
    numbers = {one.gtin or one.content for one in readings.values()} - {""}
    known = skus_said(merchant_id, codes={*codes, *numbers}, supplier_id=supplier_id)
    found = {}
    for code in codes:
        if meant := known.get(code.upper()):
            found[code] = LabelRead(*meant)
        elif (one := readings.get(code)) and (meant := known.get(one.gtin or one.content)):
            sku, units = meant
            day = one.expires_on or one.best_before
            found[code] = LabelRead(sku, units * max(one.count or 1, 1), one.lot, one.serial, day)
    return found
