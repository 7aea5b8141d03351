"""Read the Online Retail data set (UCI, CC BY 4.0): a year of a British gift shop's invoices.

Invoices that start with C are credit notes. The shop also booked carriage, fees, vouchers and stock
corrections as lines; each is told apart below. There are no addresses: a draft knows the country, and is only
good for history.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from colisage.connectors.order_rows import MAX_QUANTITY, RowRefused, amount, moment, refuse, settle
from colisage.intake.ports import DraftAddress, DraftLine, Meaning, OrderDraft, ReadingOptions, RowFate
from colisage.kit.tabular import BadRow, Group, MissingColumns, Row, Table, gather
from colisage.kit.tabular.names import country_code

CURRENCY: Final = "GBP"
CARRIAGE: Final = frozenset({"POST", "DOT", "C2"})
_NOT_PRODUCTS: Final = re.compile(r"M|D|S|B|BANK CHARGES|ADJUST\d*|AMAZONFEE|CRUK|PADS|TEST\d*|GIFT_.*")

# The data set was published twice, under two sets of column names.
_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "invoice": ("invoice", "invoiceno"),
    "sku": ("stockcode",),
    "name": ("description",),
    "quantity": ("quantity",),
    "date": ("invoicedate",),
    "price": ("price", "unitprice"),
    "customer": ("customer id", "customerid"),
    "country": ("country",),
}

_MEANINGS: Final[Mapping[Meaning, str]] = {
    "ref": "invoice",
    "sku": "sku",
    "quantity": "quantity",
    "amount": "price",
    "date": "date",
    "country": "country",
}


@dataclass(slots=True)
class _Invoice:
    """An invoice being told apart into lines, carriage and the rest."""

    lines: list[DraftLine] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    fates: list[RowFate] = field(default_factory=list)
    problems: dict[int, str] = field(default_factory=dict)
    carriage_cents: int = 0

    def ignore(self, row: Row, reason: str) -> None:
        """Account for a row that is no line."""
        self.fates.append(RowFate(row.number, "ignored", reason, row.raw))


class OnlineRetailOrders:
    """The format `online-retail`."""

    name = "online-retail"

    def recognises(self, columns: Collection[str]) -> bool:
        """Recognise either set of column names."""
        return not _missing(columns)

    def orders(self, table: Table, *, options: ReadingOptions) -> Iterator[OrderDraft | RowFate]:
        """Give the orders in the order of the file; invoices that interleave nearby are brought together."""
        if missing := _missing(table.columns):
            raise MissingColumns(missing)
        at = {ours: next(n for n in names if n in table.columns) for ours, names in _COLUMNS.items()}
        invoice = at["invoice"]
        groups = gather(table, key=lambda row: row.cells.get(invoice, "").strip())
        return (outcome for group in groups for outcome in _outcomes(group, at, options))

    def meanings(self, columns: Collection[str], *, options: ReadingOptions) -> Mapping[Meaning, Sequence[str]]:
        """Say which columns hold what."""
        return {meaning: [name for name in _COLUMNS[ours] if name in columns] for meaning, ours in _MEANINGS.items()}


def _missing(columns: Collection[str]) -> list[str]:
    return [names[0] for names in _COLUMNS.values() if not set(names) & set(columns)]


def _outcomes(group: Group, at: Mapping[str, str], options: ReadingOptions) -> Iterator[OrderDraft | RowFate]:
    if group.overfull:
        return refuse(group, because={}, otherwise="too_many_lines")
    if not group.key:
        return refuse(group, because={}, otherwise="missing_order_ref")
    if group.key[0] in "Cc":
        return settle(group.rows, fate="cancelled", reason="credit_note")
    return _sale(group, at, options)


def _sale(group: Group, at: Mapping[str, str], options: ReadingOptions) -> Iterator[OrderDraft | RowFate]:
    found = _Invoice()
    seen: set[tuple[str, ...]] = set()
    for row in group.rows:
        if isinstance(row, BadRow):
            found.problems[row.number] = row.reason
            continue
        content = tuple(row.raw)
        if content in seen:
            found.ignore(row, "duplicate")
            continue
        seen.add(content)
        try:
            _sort_row(row, at, found)
        except RowRefused as refused:
            found.problems[row.number] = refused.code
    _drop_notes(found, at)
    draft = None
    if found.lines and not found.problems:
        try:
            draft = _draft(group.key, found, at, options)
        except RowRefused as refused:
            found.problems[found.rows[0].number] = refused.code
    if found.problems:
        yield from refuse(group, because=found.problems)
        return
    yield from found.fates
    if draft:
        yield draft


def _sort_row(row: Row, at: Mapping[str, str], found: _Invoice) -> None:
    """Tell a row apart: a stock correction, carriage, something else that is no product, or a line."""
    units = _units(row.cells[at["quantity"]])
    sku = row.cells[at["sku"]].strip().upper()  # the same code is written 15056n and 15056N
    if units < 0:
        found.ignore(row, "stock_adjustment")
    elif _NOT_PRODUCTS.fullmatch(sku):
        found.ignore(row, "not_a_product")
    elif sku in CARRIAGE:
        found.carriage_cents += units * _cents(row.cells[at["price"]])
        found.ignore(row, "carriage")
    elif not sku:
        raise RowRefused("missing_sku")
    else:
        name = row.cells[at["name"]].strip()[:300]
        found.lines.append(DraftLine(sku, units, _cents(row.cells[at["price"]]), name))
        found.rows.append(row)


def _drop_notes(found: _Invoice, at: Mapping[str, str]) -> None:
    """Ignore lines without price when nothing is paid and nobody bought: they note stock found or given away.

    Beside a paid line, or for a known customer, a line without price is a present and is sent.
    """
    if any(line.unit_price_cents for line in found.lines) or any(
        row.cells[at["customer"]].strip() for row in found.rows
    ):
        return
    for row in found.rows:
        found.ignore(row, "unpriced")
    found.lines, found.rows = [], []


def _draft(ref: str, found: _Invoice, at: Mapping[str, str], options: ReadingOptions) -> OrderDraft:
    first = found.rows[0].cells
    where = _country(first[at["country"]])
    return OrderDraft(
        external_ref=ref,
        number=ref,
        placed_at=moment(first[at["date"]], options=options),
        currency=CURRENCY,
        lines=tuple(found.lines),
        total_cents=sum(line.total_cents for line in found.lines) + found.carriage_cents,
        ship_to=DraftAddress(country=where) if where else None,
        customer_name=first[at["customer"]].strip().removesuffix(".0"),
        language="en",
        shipping_cents=found.carriage_cents,
        payment="paid",
        source_rows=tuple(row.number for row in found.rows),
        source_raw=tuple(row.raw for row in found.rows),
        beside=tuple(found.fates),
    )


@lru_cache(maxsize=4_096)
def _units(cell: str) -> int:
    try:
        units = int(cell)
    except ValueError as error:
        raise RowRefused("bad_quantity") from error
    if units == 0:
        raise RowRefused("zero_quantity")
    if units > MAX_QUANTITY:
        raise RowRefused("huge_quantity")
    return units


@lru_cache(maxsize=4_096)
def _cents(cell: str) -> int:
    return amount(cell, currency=CURRENCY)


@lru_cache(maxsize=256)
def _country(cell: str) -> str:
    """Give the country, or nothing for `Unspecified` and `European Community`: history needs no address."""
    try:
        return country_code(cell)
    except ValueError:
        return ""
