"""Announced deliveries in a file, read row by row with suspicion."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import IO, Any, Final, Self

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from colisage.inbound.models import AnnouncementImport
from colisage.inbound.queries.said import SaidRow
from colisage.inbound.rules.announced import REASONS as WRONG
from colisage.inbound.rules.purchasing import MOST_UNITS
from colisage.kit.gs1.digits import is_sscc
from colisage.kit.sent_files import Reading, mark_column
from colisage.kit.tabular import ROW_REASONS, BadRow, Table, TableRefused, cells, open_table, table_of
from colisage.kit.tabular.names import plain

LIMIT_BYTES: Final = 20_000_000
MOST_ROWS: Final = 20_000
REASONS: Final = {**ROW_REASONS, **WRONG}
COLUMNS: Final = (
    "delivery", "supplier", "order", "sku", "gtin", "quantity", "lot", "expiry", "serial", "sscc", "pallet",
    "expected", "node",
)  # fmt: skip
_SAID: Final = {  # without accents, capitals and signs
    "delivery": "delivery, delivery note, asn, shipment, bon de livraison, bl, livraison, avis d expedition",
    "supplier": "supplier, vendor, supplier code, fournisseur, code fournisseur",
    "order": "order, order number, purchase order, po, po number, commande, numero de commande, bon de commande",
    "sku": "sku, code, item, reference, ref, article, code article, sku code, product, produit",
    "gtin": "gtin, ean, ean13, ean 13, barcode, code barres, code a barres, upc",
    "quantity": "quantity, qty, units, quantite, qte, unites, nombre",
    "lot": "lot, batch, lot number, batch number, numero de lot, n lot",
    "expiry": "expiry, expires, expires on, expiry date, best before, peremption, date de peremption, dlc, ddm, dluo",
    "serial": "serial, serial number, numero de serie, n serie, serie",
    "sscc": "sscc, carton, carton sscc, colis, sscc colis, package",
    "pallet": "pallet, pallet sscc, palette, sscc palette",
    "expected": "expected, expected on, eta, delivery date, date de livraison, livraison le, attendu le",
    "node": "node, site, warehouse, entrepot, destination",
}
_FIELDS: Final = {said: field for field, names in _SAID.items() for said in names.split(", ")}
_LONGEST: Final = {
    "delivery": 80,
    "supplier": 120,
    "order": 40,
    "sku": 100,
    "gtin": 100,
    "lot": 80,
    "serial": 80,
    "node": 20,
}


class ColumnsMissing(TableRefused):
    """A file of deliveries says what comes, and how many."""

    code = "columns_missing"
    text = _("The file needs a column of SKUs or barcodes, and one of quantities: sku; quantity.")


class TooManyRows(TableRefused):
    """More rows than somebody waits for."""

    code = "too_many_rows"
    text = _("The file has more than %(most)s rows. Send it in several parts.")


class SaidTwice(TableRefused):
    """Two columns fill one field: which of them is right cannot be known."""

    code = "said_twice"
    text = _("These columns say the same thing: %(columns)s. Keep one of them.")


@dataclass(frozen=True, slots=True)
class Unsaid:
    """What holds for rows of a file that do not say theirs, and how its days are read."""

    supplier: str = ""
    reference: str = ""
    expected_on: date | None = None
    day_first: bool = False

    def told(self) -> dict[str, Any]:
        """Give it as it is kept with the file."""
        return {
            "supplier": self.supplier,
            "reference": self.reference,
            "expected_on": self.expected_on.isoformat() if self.expected_on else "",
            "day_first": self.day_first,
        }

    @classmethod
    def of(cls, run: AnnouncementImport) -> Self:
        """Give what was said with a file."""
        told = run.options
        day = date.fromisoformat(told["expected_on"]) if told.get("expected_on") else None
        return cls(told.get("supplier", ""), told.get("reference", ""), day, day_first=bool(told.get("day_first")))


@dataclass(frozen=True, slots=True)
class Read:
    """A row of a file: what it says, or why it cannot be used."""

    number: int
    raw: Sequence[str]
    reason: str = ""
    row: SaidRow | None = None
    delivery: str = ""
    expected_on: date | None = None


def open_deliveries(source: Path | IO[bytes]) -> Table:
    """Open a file of announced deliveries; raise `TableRefused` where it is none."""
    table = open_table(source, limit_bytes=LIMIT_BYTES)
    if table.lines > MOST_ROWS + 1:
        raise TooManyRows(most=MOST_ROWS)
    fields = [_FIELDS.get(plain(name), "") for name in table.headers]
    twice = [name for name, field in zip(table.headers, fields, strict=True) if field and fields.count(field) > 1]
    if twice:
        raise SaidTwice(columns=", ".join(twice))
    if not {"sku", "gtin"} & set(fields) or "quantity" not in fields:
        raise ColumnsMissing
    return table


def unused(headers: Sequence[str]) -> list[str]:
    """Give the columns that say nothing to us."""
    ours = {"reason for refusal", "motif du refus"}
    strange = [name for name in headers if name and plain(name) not in _FIELDS and plain(name) not in ours]
    return [name for name in strange if mark_column([name]) is None]


class _Wrong(Exception):  # noqa: N818 -- a refusal is an answer
    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def rows_of(table: Table, *, day_first: bool) -> Iterator[Read]:
    """Read the rows; `day_first` says how 03/04/2026 is meant."""
    named = _named(table)
    for row in table:
        if isinstance(row, BadRow):
            yield Read(row.number, row.raw, row.reason)
            continue
        told = {field: row.cells[column].strip().removeprefix("'") for field, column in named.items()}
        try:
            yield _read(row.number, row.raw, told, day_first=day_first)
        except _Wrong as wrong:
            yield Read(row.number, row.raw, wrong.reason)


def _named(table: Table) -> dict[str, str]:
    """Give the column of each field."""
    return {
        field: column
        for column, header in zip(table.columns, table.headers, strict=True)
        if (field := _FIELDS.get(plain(header)))
    }


_ABOUT: Final[Mapping[str, tuple[str, ...]]] = {
    "no_supplier": ("supplier", "order"),
    "no_such_supplier": ("supplier",),
    "no_such_order": ("order",),
    "order_of_another": ("order",),
    "order_not_open": ("order",),
    "no_such_node": ("node",),
    "no_sku": ("sku", "gtin"),
    "no_such_sku": ("sku", "gtin"),
    "codes_disagree": ("sku", "gtin"),
    "bundle": ("sku", "gtin"),
    "bad_quantity": ("quantity",),
    "bad_date": ("expiry", "expected"),
    "date_two_ways": ("expiry", "expected"),
    "day_is_past": ("expected",),
    "expired": ("expiry",),
    "bad_sscc": ("sscc", "pallet"),
    "serial_of_many": ("serial", "quantity"),
    "serial_twice": ("serial",),
    "too_long": tuple(_LONGEST),
    "no_reference": ("delivery",),
    "already_arrived": ("delivery",),
    "two_suppliers": ("delivery",),
}


def reading_of(run: AnnouncementImport) -> Reading:
    """Say how the rows of a file are shown: by their SKU or barcode, with the cells their reasons are about."""
    table = table_of(run.columns, rows=())
    named = _named(table)
    day_first = Unsaid.of(run).day_first

    def refuses(field: str, cell: str) -> bool:
        try:
            _sscc(cell) if field in {"sscc", "pallet"} else _day(cell, day_first=day_first)
        except _Wrong:
            return True
        return False

    def faults(reason: str, cells: Mapping[str, str], _beside: Sequence[Mapping[str, str]]) -> Collection[str]:
        about = {field: cells.get(named[field], "").strip() for field in _ABOUT.get(reason, ()) if field in named}
        if reason in {"bad_date", "date_two_ways", "bad_sscc"}:
            return [named[field] for field, cell in about.items() if refuses(field, cell)]
        if reason == "too_long":
            return [named[field] for field, cell in about.items() if _is_too_long(field, cell)]
        return [named[field] for field in about]

    return Reading(table.columns, [named[field] for field in ("sku", "gtin") if field in named], faults)


def _is_too_long(field: str, text: str) -> bool:
    return len(text) > _LONGEST[field] or not text.isprintable()


def _read(number: int, raw: Sequence[str], told: Mapping[str, str], *, day_first: bool) -> Read:
    if any(_is_too_long(field, told.get(field, "")) for field in _LONGEST):
        raise _Wrong("too_long")
    row = SaidRow(
        supplier=told.get("supplier", ""),
        order=told.get("order", ""),
        node=told.get("node", ""),
        sku=told.get("sku", ""),
        gtin=told.get("gtin", ""),
        qty=_units(told["quantity"] or ("1" if told.get("serial") else "")),
        lot=told.get("lot", ""),
        serial=told.get("serial", ""),
        expires_on=_day(told.get("expiry", ""), day_first=day_first),
        sscc=_sscc(told.get("sscc", "")),
        pallet_sscc=_sscc(told.get("pallet", "")),
    )
    expected = _day(told.get("expected", ""), day_first=day_first)
    if expected and expected < timezone.localdate():
        raise _Wrong("day_is_past")
    return Read(number, raw, "", row, told.get("delivery", ""), expected)


def _units(text: str) -> int:
    try:
        units = cells.whole(text)
    except ValueError as error:
        raise _Wrong("bad_quantity") from error
    if not 0 < units <= MOST_UNITS:
        raise _Wrong("bad_quantity")
    return units


def _day(text: str, *, day_first: bool) -> date | None:
    if not text:
        return None
    try:
        day = cells.moment(text, order="dmy" if day_first else None, zone=timezone.get_current_timezone())
    except cells.AmbiguousDate as error:
        raise _Wrong("date_two_ways") from error
    except ValueError as error:
        raise _Wrong("bad_date") from error
    found: Any = timezone.localdate(day)
    if found > timezone.localdate() + timedelta(days=50 * 366):
        raise _Wrong("bad_date")
    return found  # type: ignore[no-any-return]


def _sscc(text: str) -> str:
    """Read an SSCC, also with its application identifier: (00)3 7600..., 00376..."""
    digits = "".join(c for c in text if c not in " ()-\u00a0\u202f")
    digits = digits.removeprefix("00") if len(digits) == 20 else digits
    if digits and not is_sscc(digits):
        raise _Wrong("bad_sscc")
    return digits
