"""A catalogue in a file: read row by row with suspicion, written so that it can be read again."""

import csv
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from colisage.catalog.models import Barcode, Rotation, Sku, SkuKind
from colisage.catalog.rules import (
    AMBIGUOUS,
    COLUMNS,
    EXPORTED,
    MOST_CENTS,
    MOST_GRAMS,
    MOST_MM,
    NO,
    YES,
    SkuRow,
)
from colisage.kit.money import decimal
from colisage.kit.tabular import ROW_REASONS, BadRow, Row, Table, TableRefused, harmless, open_table
from colisage.kit.tabular import cells as read
from colisage.kit.tabular.names import country_code

LIMIT_BYTES: Final = 30_000_000
PIECE: Final = 500
REASONS: Final[Mapping[str, Promise]] = {
    **ROW_REASONS,
    "no_code": _("The row has no SKU code, or one of more than 100 characters."),
    "code_twice": _("This SKU stands in the file already, further up."),
    "bad_kind": _("The kind is unit, bundle or kit."),
    "bad_weight": _("The weight is not a number, is negative or is more than two tonnes."),
    "bad_size": _("A length is not a number, is negative or is more than twenty metres."),
    "bad_price": _("A price is not an amount in the shop’s currency."),
    "bad_origin": _("The country of origin is unknown. Use two letters, such as FR."),
    "bad_yes_no": _("A cell that says yes or no says something else."),
    "bad_rotation": _("The rotation is fifo, lifo or fefo."),
    "bad_barcode": _("The last digit of the barcode does not fit the others. Correct it."),
    "barcode_taken": _("Another SKU has this barcode."),
    "too_long": _("A text of this row is too long."),
}


class NoCode(TableRefused):
    """No column names the SKUs."""

    code = "no_sku_column"
    text = _("No column names the SKUs. Call it sku.")


class UnitMissing(TableRefused):
    """A column of weights or lengths does not say in what."""

    code = "unit_missing"
    text = _("Say the unit in the name of these columns, such as weight_g or length (cm): %(columns)s.")


@dataclass(frozen=True, slots=True)
class Read:
    """A row of a file: what it says of a SKU, or why it cannot be used."""

    number: int
    raw: Sequence[str]
    row: SkuRow | None
    reason: str = ""


def open_catalogue(source: Path | IO[bytes]) -> Table:
    """Open a file of SKUs; raise `TableRefused` where it is none."""
    table = open_table(source, limit_bytes=LIMIT_BYTES)
    unclear = [name for name in table.columns if name in AMBIGUOUS]
    if unclear:
        raise UnitMissing(columns=", ".join(unclear))
    if not any(COLUMNS.get(name, ("", 1))[0] == "code" for name in table.columns):
        raise NoCode
    return table


def rows_of(table: Table, *, currency: str) -> Iterator[Read]:
    """Read the rows; of a code given twice the first counts."""
    seen: set[str] = set()
    for row in table:
        if isinstance(row, BadRow):
            yield Read(row.number, row.raw, None, row.reason)
            continue
        told, reason = _told(row, currency=currency)
        key = str(told.get("code", "")).upper()
        if not reason and key in seen:
            reason = "code_twice"
        if reason:
            yield Read(row.number, row.raw, None, reason)
        else:
            seen.add(key)
            yield Read(row.number, row.raw, SkuRow(**told))


def _told(row: Row, *, currency: str) -> tuple[dict[str, Any], str]:
    """Give what a row says by field, and the first reason why it cannot be used."""
    told: dict[str, Any] = {}
    for name, cell in row.cells.items():
        text = cell.strip()
        if name not in COLUMNS or not text:
            continue
        field, scale = COLUMNS[name]
        try:
            told[field] = _value(field, text, scale=scale, currency=currency)
        except _Wrong as wrong:
            return told, wrong.reason
    if not 0 < len(told.get("code", "")) <= 100:
        return told, "no_code"
    return told, ""


class _Wrong(Exception):  # noqa: N818 -- a refusal is an answer
    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


_LENGTHS: Final = {"code": 100, "name": 300, "product": 120, "hs_code": 12, "barcode": 80}
_CHOICES: Final = {"kind": (SkuKind.values, "bad_kind"), "rotation": (Rotation.values, "bad_rotation")}


def _value(field: str, text: str, *, scale: int, currency: str) -> object:
    if field in _LENGTHS:
        value: object = _text(field, text)
    elif field in _CHOICES:
        value = _choice(field, text)
    elif field == "grams":
        value = _measure(text, scale=scale, most=MOST_GRAMS, reason="bad_weight")
    elif field.endswith("_mm"):
        value = _measure(text, scale=scale, most=MOST_MM, reason="bad_size")
    elif field.endswith("_cents"):
        value = _cents(text, currency=currency)
    elif field == "origin":
        value = _origin(text)
    else:
        value = _yes_or_no(text)
    return value


def _choice(field: str, text: str) -> str:
    values, reason = _CHOICES[field]
    if text.casefold() not in values:
        raise _Wrong(reason)
    return text.casefold()


def _text(field: str, text: str) -> str:
    plain = text.removeprefix("'") if field in {"barcode", "hs_code"} else text  # how spreadsheets are told: a text
    if len(plain) > _LENGTHS[field]:
        raise _Wrong("no_code" if field == "code" else "too_long")
    return plain


def _measure(text: str, *, scale: int, most: int, reason: str) -> int:
    try:
        value = read.number(text, decimals=3) * scale
    except ValueError as error:
        raise _Wrong(reason) from error
    if not 0 <= value <= most:
        raise _Wrong(reason)
    return int(value.quantize(Decimal(1)))


def _cents(text: str, *, currency: str) -> int:
    try:
        value = read.amount(text, currency=currency)
    except ValueError as error:
        raise _Wrong("bad_price") from error
    if not 0 <= value <= MOST_CENTS:
        raise _Wrong("bad_price")
    return value


def _origin(text: str) -> str:
    try:
        return country_code(text)
    except ValueError as error:
        raise _Wrong("bad_origin") from error


def _yes_or_no(text: str) -> bool:
    if text.casefold() not in YES | NO:
        raise _Wrong("bad_yes_no")
    return text.casefold() in YES


def owners_of(merchant_id: int, *, barcodes: Collection[str]) -> dict[str, str]:
    """Give the SKU (its code in capitals) of each of these barcodes that a merchant has."""
    rows = Barcode.objects.filter(merchant_id=merchant_id, code__in=barcodes)
    return dict(rows.values_list("code", "sku__code_key"))


def export_rows(merchant_id: int, *, currency: str) -> Iterator[str]:
    """Give the catalogue as lines of a CSV file, in the columns the import reads; memory does not grow with it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(EXPORTED)
    skus = Sku.objects.filter(merchant_id=merchant_id).order_by("code_key")
    last = ""
    yield "\ufeff"
    while piece := list(skus.filter(code_key__gt=last)[:PIECE]):
        codes = _barcodes({sku.pk for sku in piece})
        for sku in piece:
            writer.writerow([harmless(str(cell)) for cell in _cells(sku, codes.get(sku.pk, ""), currency=currency)])
        last = piece[-1].code_key
        yield out.getvalue()
        out.seek(0)
        out.truncate()
    yield out.getvalue()


def _barcodes(sku_ids: Collection[int]) -> dict[int, str]:
    rows = Barcode.objects.filter(sku__in=sku_ids, units=1).order_by("sku_id", "-id").values_list("sku_id", "code")
    return dict(rows)


def _cells(sku: Sku, barcode: str, *, currency: str) -> list[object]:
    sizes = (sku.grams, sku.length_mm, sku.width_mm, sku.height_mm)
    return [
        sku.code,
        sku.name,
        sku.product,
        sku.kind,
        barcode,
        *("" if size is None else size for size in sizes),
        decimal(sku.price_cents, currency=currency),
        decimal(sku.cost_cents, currency=currency),
        sku.hs_code,
        sku.origin,
        *("yes" if flag else "no" for flag in (sku.fragile, sku.stackable, sku.keep_upright, sku.hazardous)),
        *("yes" if flag else "no" for flag in (sku.digital, sku.tracks_lots, sku.tracks_expiry)),
        sku.rotation,
    ]
