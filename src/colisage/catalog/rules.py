"""Pure facts about what a catalogue says: sizes that can be, codes that add up, and what a row changes."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

MOST_GRAMS: Final = 2_000_000
MOST_MM: Final = 20_000
MOST_CENTS: Final = 10**12
MOST_DAYS: Final = 3_650
MOST_UNITS: Final = 1_000_000  # in a case, or of one component

EXPORTED: Final = (  # the columns of an export, which the import reads
    "sku", "name", "product", "kind", "barcode", "weight_g", "length_mm", "width_mm", "height_mm", "price", "cost",
    "hs_code", "origin", "fragile", "stackable", "keep_upright", "hazardous", "digital", "tracks_lots",
    "tracks_serials", "tracks_expiry", "days_left", "rotation", "storage", "active", "recipe",
)  # fmt: skip
FACTS: Final = (  # the fields of a SKU that change; the code and the kind are what stock and orders know it by
    "name", "product", "grams", "length_mm", "width_mm", "height_mm", "price_cents", "cost_cents", "hs_code", "origin",
    "fragile", "stackable", "keep_upright", "hazardous", "digital", "tracks_lots", "tracks_serials", "tracks_expiry",
    "days_left", "rotation", "storage_id", "active",
)  # fmt: skip
CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]+")  # characters of no code and no name
_COUNTED: Final = re.compile(r"(?P<code>.+?)\s*(?:[×*]\s*(?P<units>\d{1,7}))?", re.ASCII)

Counted = tuple[str, int]  # a code, and units of it


@dataclass(frozen=True, slots=True, kw_only=True)
class SkuRow:
    """A SKU as a file or a form gives it. Sizes in millimetres, weight in grams, prices in minor units.

    None leaves what is known as it is. `barcode` is one more barcode; `barcodes` are all there shall be, with the units
    each stands for.
    """

    code: str
    name: str | None = None
    product: str | None = None
    kind: str | None = None
    grams: int | None = None
    length_mm: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None
    price_cents: int | None = None
    cost_cents: int | None = None
    hs_code: str | None = None
    origin: str | None = None
    fragile: bool | None = None
    stackable: bool | None = None
    keep_upright: bool | None = None
    hazardous: bool | None = None
    digital: bool | None = None
    tracks_lots: bool | None = None
    tracks_serials: bool | None = None
    tracks_expiry: bool | None = None
    days_left: int | None = None
    rotation: str | None = None
    storage_id: int | None = None  # how it is kept
    active: bool | None = None
    barcode: str | None = None
    barcodes: tuple[Counted, ...] | None = None


def changes(known: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Give what differs, by field: what it was and what it becomes."""
    return {name: [known[name], value] for name, value in told.items() if known[name] != value}


def told_by(row: SkuRow) -> dict[str, Any]:
    """Give the facts that a row says something about."""
    return {name: value for name in FACTS if (value := getattr(row, name)) is not None}


def barcodes_after(known: Mapping[str, int], row: SkuRow) -> dict[str, int]:
    """Give the barcodes, with their units, that a SKU has once a row is saved."""
    after = dict(known) if row.barcodes is None else dict(row.barcodes)
    if row.barcode:
        after.setdefault(row.barcode, 1)
    return after


def counted(pieces: Iterable[str], *, longest: int) -> list[Counted]:
    """Read codes with their units, such as `MUG × 2`; without a number it is one.

    Raises `ValueError` for what cannot be read, and for a code that stands twice, in any case of its letters.
    """
    found: dict[str, Counted] = {}
    for piece in filter(None, (piece.strip() for piece in pieces)):
        match = _COUNTED.fullmatch(piece)
        code = match["code"] if match else ""
        units = int(match["units"] or 1) if match else 0
        if not 0 < units <= MOST_UNITS or CONTROL.search(code) or len(code) > longest or code.upper() in found:
            raise ValueError(piece)
        found[code.upper()] = (code, units)
    return list(found.values())


def counted_text(pairs: Sequence[Counted], *, mark: str = "\n") -> str:
    """Write codes with their units so that `counted` reads the same."""
    return mark.join(f"{code} × {units}" if units > 1 or _looks_counted(code) else code for code, units in pairs)


def _looks_counted(code: str) -> bool:
    match = _COUNTED.fullmatch(code)
    return bool(match and match["units"])


def is_mistyped_gtin(code: str) -> bool:
    """Say whether a code looks like a GTIN (8, 12, 13 or 14 digits) and its check digit does not fit."""
    if len(code) not in {8, 12, 13, 14} or not (code.isascii() and code.isdigit()):
        return False
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(code[:-1])))
    return (10 - total % 10) % 10 != int(code[-1])
