"""A catalogue in a file, read row by row with suspicion."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import IO, Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from colisage.catalog.models import CatalogImport, Rotation, SkuKind
from colisage.catalog.queries.columns import Column, column_of, said_twice, without_unit
from colisage.catalog.rules import CONTROL, MOST_CENTS, MOST_DAYS, MOST_GRAMS, MOST_MM, Counted, SkuRow, counted
from colisage.kit.sent_files import Reading
from colisage.kit.tabular import ROW_REASONS, BadRow, Row, Table, TableRefused, open_table, table_of
from colisage.kit.tabular import cells as read
from colisage.kit.tabular.names import country_code, plain
from colisage.network.queries.storing import storage_named
from colisage.people.queries import merchants_by_id

LIMIT_BYTES: Final = 30_000_000
MOST_ROWS: Final = 50_000  # read while somebody waits: some ten seconds; the command line takes any number
REASONS: Final[Mapping[str, Promise]] = {
    **ROW_REASONS,
    "no_code": _("The row has no SKU code."),
    "bad_code": _("The SKU code has more than 100 characters, or some that cannot be printed."),
    "code_twice": _("This SKU stands in the file already, further up."),
    "bad_kind": _("The kind is unit, bundle or kit."),
    "kind_stays": _("The kind of a SKU stays as it is: stock and orders know it by that."),
    "bad_weight": _("The weight is not a number, is negative or is more than two tonnes."),
    "bad_size": _("A length is not a number, is negative or is more than twenty metres."),
    "bad_price": _("A price is not an amount in the shop’s currency."),
    "bad_origin": _("The country of origin is unknown. Use two letters, such as FR."),
    "bad_yes_no": _("A cell that says yes or no says something else."),
    "bad_days": _("The days before the date are a whole number of at most 3,650."),
    "bad_rotation": _("The rotation is fifo, lifo or fefo."),
    "no_such_storage": _("There is no such storage type. The form of a SKU shows those there are."),
    "bad_barcode": _("The last digit of the barcode does not fit the others. Correct it."),
    "bad_barcodes": _("The barcodes cannot be read. Separate several with a bar: 3760001900019 | CASE-6 × 6."),
    "barcode_taken": _("Another SKU has this barcode."),
    "bad_recipe": _("The recipe cannot be read. Write SKUs separated with a bar: MUG × 2 | CARD."),
    "no_such_component": _("The recipe names a SKU that is not in the catalogue, or is a bundle itself."),
    "no_recipe": _("A new bundle or kit needs its recipe."),
    "recipe_of_unit": _("Only bundles and kits have a recipe."),
    "date_of_nothing": _("A date belongs to a lot or to a unit: tick lots or serial numbers too."),
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


class SaidTwice(TableRefused):
    """Two columns fill one field: which of them is right cannot be known."""

    code = "said_twice"
    text = _("These columns say the same thing: %(columns)s. Keep one of them.")


class TooManyRows(TableRefused):
    """More rows than somebody waits for."""

    code = "too_many_rows"
    text = _("The file has more than %(most)s rows. Send it in several parts.")


@dataclass(frozen=True, slots=True)
class Read:
    """A row of a file: what it says of a SKU, or why it cannot be used."""

    number: int
    raw: Sequence[str]
    row: SkuRow | None
    reason: str = ""
    recipe: tuple[Counted, ...] = ()  # of a bundle or kit: SKU codes and units


def open_catalogue(source: Path | IO[bytes], *, most_rows: int | None = None) -> Table:
    """Open a file of SKUs; raise `TableRefused` where it is none, or one of more than `most_rows`."""
    table = open_table(source, limit_bytes=LIMIT_BYTES)
    if most_rows is not None and table.lines > most_rows + 1:
        raise TooManyRows(most=most_rows)
    if all(column is None or column.field != "code" for column in map(column_of, table.headers)):
        raise NoCode
    if unclear := without_unit(table.headers):
        raise UnitMissing(columns=", ".join(unclear))
    if twice := said_twice(table.headers):
        raise SaidTwice(columns=", ".join(twice))
    return table


def rows_of(table: Table, *, currency: str) -> Iterator[Read]:
    """Read the rows; of a code given twice the first counts. An empty cell, and a size of nothing, say nothing."""
    readers = _readers(table, currency=currency)
    seen: set[str] = set()
    for row in table:
        if isinstance(row, BadRow):
            yield Read(row.number, row.raw, None, row.reason)
            continue
        told, reason = _told(row, readers)
        recipe = told.pop("recipe", ())
        key = str(told.get("code", "")).upper()
        reason = reason or ("" if key else "no_code") or ("code_twice" if key in seen else "")
        if reason:
            yield Read(row.number, row.raw, None, reason)
        else:
            seen.add(key)
            yield Read(row.number, row.raw, SkuRow(**told), recipe=recipe)


Reader = Callable[[str], object]  # raises `_Wrong`
_ABOUT: Final[Mapping[str, str]] = {  # what a reason is about that is not of one cell alone
    "no_code": "code",
    "code_twice": "code",
    "kind_stays": "kind",
    "bad_barcode": "barcodes",
    "barcode_taken": "barcodes",
    "no_such_component": "recipe",
    "no_recipe": "recipe",
    "recipe_of_unit": "recipe",
    "date_of_nothing": "tracks_expiry",
}


def reading_of(run: CatalogImport) -> Reading:
    """Say how the rows of a file are shown: by their SKU, with the cells their reasons are about."""
    table = table_of(run.columns, rows=())
    readers = _readers(table, currency=merchants_by_id({run.merchant_id})[run.merchant_id].currency)

    def faults(reason: str, cells: Mapping[str, str], _beside: Sequence[Mapping[str, str]]) -> Collection[str]:
        about = _ABOUT.get(reason)
        return [
            name
            for name, (field, reader) in readers.items()
            if (field == about if about else _wrong(reader, cells.get(name, "")) == reason)
        ]

    names = [name for name, (field, _reader) in readers.items() if field == "code"]
    return Reading(table.columns, names, faults)


def _wrong(reader: Reader, cell: str) -> str:
    try:
        if text := cell.strip():
            reader(text)
    except _Wrong as wrong:
        return wrong.reason
    return ""


def _readers(table: Table, *, currency: str) -> dict[str, tuple[str, Reader]]:
    columns = {name: column for name in table.columns if (column := column_of(name))}
    storages = storage_named() if any(column.field == "storage_id" for column in columns.values()) else {}
    return {
        name: (column.field, _reader(column, currency=currency, storages=storages)) for name, column in columns.items()
    }


def _told(row: Row, readers: Mapping[str, tuple[str, Reader]]) -> tuple[dict[str, Any], str]:
    """Give what a row says by field, and the first reason why it cannot be used."""
    told: dict[str, Any] = {}
    for name, (field, reader) in readers.items():
        if text := row.cells[name].strip():
            try:
                value = reader(text)
            except _Wrong as wrong:
                return told, wrong.reason
            if value is not None:
                told[field] = value
    return told, ""


class _Wrong(Exception):  # noqa: N818 -- a refusal is an answer
    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


_TEXTS: Final = {"name": 300, "product": 120, "hs_code": 12}
_LISTS: Final = {"barcodes": (80, "bad_barcodes"), "recipe": (100, "bad_recipe")}
_KINDS: Final = {"unite": "unit", "lot": "bundle", **{kind: kind for kind in SkuKind.values}}
_CHOICES: Final = {"kind": (_KINDS, "bad_kind"), "rotation": ({r: r for r in Rotation.values}, "bad_rotation")}
_YES: Final = frozenset({"yes", "y", "true", "1", "x", "oui", "o", "vrai"})
_NO: Final = frozenset({"no", "n", "false", "0", "non", "faux"})


def _reader(column: Column, *, currency: str, storages: Mapping[str, int]) -> Reader:
    field, scale = column
    if field in _TEXTS:
        return partial(_text, field)
    if field in _LISTS:
        return partial(_list, field)
    if field in _CHOICES:
        return partial(_choice, field)
    if field.endswith("_cents"):
        return partial(_cents, currency=currency)
    if field.endswith("_mm"):
        return partial(_measure, scale=scale, most=MOST_MM, reason="bad_size")
    single: Mapping[str, Reader] = {
        "code": _code,
        "grams": partial(_measure, scale=scale, most=MOST_GRAMS, reason="bad_weight"),
        "origin": _origin,
        "days_left": _days,
        "storage_id": partial(_storage, storages=storages),
    }
    return single.get(field, _yes_or_no)


def _code(text: str) -> str:
    if CONTROL.search(text) or len(text) > 100 or len(text.upper()) > 100:
        raise _Wrong("bad_code")
    return text


def _text(field: str, text: str) -> str:
    bare = text.removeprefix("'") if field == "hs_code" else text  # how a spreadsheet is told that it is a text
    if len(bare) > _TEXTS[field]:
        raise _Wrong("too_long")
    return CONTROL.sub(" ", bare)


def _list(field: str, text: str) -> tuple[Counted, ...]:
    longest, reason = _LISTS[field]
    try:
        return tuple(counted((piece.strip().removeprefix("'") for piece in re.split(r"[|\n]", text)), longest=longest))
    except ValueError as error:
        raise _Wrong(reason) from error


def _choice(field: str, text: str) -> str:
    values, reason = _CHOICES[field]
    if (said := plain(text)) not in values:
        raise _Wrong(reason)
    return values[said]


def _measure(text: str, *, scale: int, most: int, reason: str) -> int | None:
    try:
        value = read.number(text, decimals=3 if scale == 1000 else 2) * scale  # so that 1,234 g is refused, not 1 g
    except ValueError as error:
        raise _Wrong(reason) from error
    if not 0 <= value <= most:
        raise _Wrong(reason)
    return max(int(value.quantize(Decimal(1))), 1) if value else None  # nothing weighs nothing: it was not measured


def _days(text: str) -> int:
    if not text.isdecimal() or len(text) > 4 or int(text) > MOST_DAYS:
        raise _Wrong("bad_days")
    return int(text)


def _storage(text: str, *, storages: Mapping[str, int]) -> int:
    if (said := plain(text)) not in storages:
        raise _Wrong("no_such_storage")
    return storages[said]


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
    if text.casefold() not in _YES | _NO:
        raise _Wrong("bad_yes_no")
    return text.casefold() in _YES
