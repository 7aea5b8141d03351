"""What codes stand for, of many SKUs at once."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection

from colisage.catalog.models import Barcode
from colisage.catalog.rules import Counted
from colisage.kit.gs1.digits import is_gtin, spellings
from colisage.kit.statements import statement


@dataclass(frozen=True, slots=True)
class Known:
    """A SKU that is there, in use or not."""

    id: int
    code: str
    kind: str
    tracks_lots: bool
    tracks_serials: bool
    tracks_expiry: bool


def known_skus(merchant_id: int, *, codes: Iterable[str]) -> dict[str, Known]:
    """Find SKUs by code, in any case and in use or not; the keys are the codes in capitals."""
    rows = _rows(statement("catalog", "known_skus"), sorted({code.upper() for code in codes}), merchant_id)
    return {known.code.upper(): known for known in (Known(*row) for row in rows)}


def owners_of(merchant_id: int, *, barcodes: Iterable[str]) -> dict[str, str]:
    """Give the SKU (its code in capitals) of each of these barcodes that a merchant has."""
    return dict(_rows(statement("catalog", "barcode_owners"), sorted(set(barcodes)), merchant_id))


def barcodes_by_sku(merchant_id: int, *, sku_ids: Iterable[int]) -> dict[int, list[Counted]]:
    """Give the barcodes of SKUs with the units each stands for, the oldest first."""
    return _by_sku(_rows(statement("catalog", "barcodes_of_skus"), sorted(sku_ids), merchant_id))


def recipes_by_sku(merchant_id: int, *, sku_ids: Iterable[int]) -> dict[int, list[Counted]]:
    """Give what bundles and kits are made of: (SKU code, units)."""
    return _by_sku(_rows(statement("catalog", "recipes_of_skus"), sorted(sku_ids), merchant_id))


@contextmanager
def whole_catalogue() -> Iterator[None]:
    """Have the questions of this module read a catalogue once for all they ask, not once for each code.

    For work on much of a catalogue, in a transaction. Behind the wall PostgreSQL takes each merchant for one with few
    SKUs as long as it has no statistics, which it never has of rows of the same transaction: a nested loop then reads
    all of them for every code (minutes for 20,000). Plans made before and within are forgotten; so the checks at the
    end of the transaction are planned for the catalogue as large as it has become.
    """
    with connection.cursor() as db:
        db.execute("SET LOCAL enable_nestloop = off")
        db.execute("DISCARD PLANS")
        yield
        db.execute("SET LOCAL enable_nestloop = on")
        db.execute("DISCARD PLANS")


def _rows(sql: str, wanted: list[Any], merchant_id: int) -> list[Any]:
    with connection.cursor() as db:
        db.execute(sql, [wanted, merchant_id])
        return list(db.fetchall())


def _by_sku(rows: Iterable[tuple[int, str, int]]) -> dict[int, list[Counted]]:
    found: dict[int, list[Counted]] = {}
    for sku, code, units in rows:
        found.setdefault(sku, []).append((code, units))
    return found


def scanned_codes(merchant_id: int, *, codes: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Give the SKU and the units that barcodes stand for; a GTIN is the same with and without leading zeros."""
    forms: dict[str, set[str]] = {}
    for code in codes:
        for form in {code, *(spellings(code) if is_gtin(code) else ())}:
            forms.setdefault(form, set()).add(code)
    rows = Barcode.objects.filter(merchant_id=merchant_id, code__in=list(forms)).order_by("pk")
    found: dict[str, tuple[int, int]] = {}
    for written, sku, units in rows.values_list("code", "sku_id", "units"):
        for code in forms[written]:
            if code == written or code not in found:
                found[code] = (sku, units)
    return found
