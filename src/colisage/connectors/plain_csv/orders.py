"""Read orders from a plain table: a row per line, with the order's own cells on each row or on one.

Required are the order's number, the SKU and the quantity; `columns.py` lists the rest under all their names, or a
person says which column holds what. Prices include tax, unless that person says otherwise. Cells of the order may be
left empty on later rows, its number too, but may not contradict an earlier one.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from colisage.connectors import order_rows as read
from colisage.connectors.order_rows import RowRefused, distinct, nameless, refuse, settle
from colisage.connectors.plain_csv.columns import REQUIRED, SYNONYMS, guess, places
from colisage.intake.ports import (
    DraftAddress,
    DraftCharge,
    DraftLine,
    Meaning,
    OrderDraft,
    Payment,
    ReadingOptions,
    RowFate,
)
from colisage.kit.tabular import BadRow, Group, MissingColumns, Row, Table, gather
from colisage.kit.tabular.names import plain

_OF_THE_ORDER: Final = (
    "placed_at", "currency", "total", "shipping", "shipping_method", "payment", "name", "company",
    "address1", "address2", "postcode", "city", "region", "country", "phone", "email", "language",
    "note", "gift_note", "tags", "first_name", "last_name", "tax", "order_discount", "tip", "gift_card",
    "purchase_reference", "wanted_on",
)  # fmt: skip
_OF_THE_LINE: Final = ("sku", "quantity", "unit_price", "product", "discount", "line_tax", "personalisation")
_OF_THE_CUSTOMER: Final = (
    "name", "first_name", "last_name", "company", "address1", "address2", "postcode", "city", "phone", "email",
    "purchase_reference", "total",
)  # fmt: skip
_PAYMENTS: Final[Mapping[str, Payment]] = {
    **dict.fromkeys(("paid", "paye", "payee", "regle", "reglee", "yes", "oui"), "paid"),
    **dict.fromkeys(("pending", "unpaid", "en attente", "impaye", "impayee", "no", "non"), "pending"),
    **dict.fromkeys(("authorized", "authorised", "autorise", "autorisee"), "authorized"),
    **dict.fromkeys(("refunded", "rembourse", "remboursee"), "refunded"),
}
_MEANINGS: Final[Mapping[Meaning, Sequence[str]]] = {
    "ref": ("order_ref",),
    "sku": ("sku",),
    "quantity": ("quantity",),
    "amount": (
        "unit_price", "discount", "line_tax", "shipping", "order_discount", "tax", "tip", "gift_card", "total",
    ),
    "discount": ("discount",),
    "total": ("total",),
    "currency": ("currency",),
    "date": ("placed_at",),
    "wanted": ("wanted_on",),
    "country": ("country",),
}  # fmt: skip
_CANCELLED: Final = frozenset({"cancelled", "canceled", "annule", "annulee"})
_LENGTHS: Final = {"note": 10_000, "gift_note": 10_000, "tags": 5_000, "postcode": 30, "phone": 60}


_NO_HEAD: Final = dict.fromkeys(_OF_THE_ORDER, "")
_NO_LINE: Final = dict.fromkeys(_OF_THE_LINE, "")


class _Reader:
    """Reads rows of one table: it knows the places of its columns by our names."""

    def __init__(self, at: Mapping[str, str], columns: Sequence[str], *, options: ReadingOptions) -> None:
        self.options = options
        self._of_the_order, self._of_the_line = (
            [(ours, columns.index(at[ours]), _LENGTHS.get(ours, 300)) for ours in names if ours in at]
            for names in (_OF_THE_ORDER, _OF_THE_LINE)
        )
        self._head_places = [place for _ours, place, _longest in self._of_the_order]

    def amount(self, value: str, currency: str) -> int:
        """Read an amount as the file writes them."""
        return read.amount(value, currency=currency, mark=self.options.mark) if value else 0

    def head(self, rows: list[Row]) -> dict[str, str]:
        """Give what belongs to the order, from the rows that say it; they may not disagree."""
        head = _NO_HEAD.copy()
        said: list[str] = []
        for row in rows:
            raw, before = row.raw, said
            said = [raw[place] for place in self._head_places]
            if said == before:  # as most rows of an order do
                continue
            for ours, place, longest in self._of_the_order:
                if value := raw[place].strip():
                    if len(value) > longest:
                        raise RowRefused("cell_too_long_for_order")
                    if head[ours] not in {"", value}:
                        raise RowRefused("order_rows_disagree")
                    head[ours] = value
        return head

    def line(self, row: Row, currency: str) -> DraftLine:
        """Read the line of a row."""
        raw, told = row.raw, _NO_LINE.copy()
        for ours, place, longest in self._of_the_line:
            told[ours] = value = raw[place].strip()
            if len(value) > longest:
                raise RowRefused("cell_too_long_for_order")
        if not told["sku"]:
            raise RowRefused("missing_sku")
        if len(told["sku"]) > 100:
            raise RowRefused("cell_too_long_for_order")
        line = DraftLine(
            sku=told["sku"],
            quantity=read.quantity(told["quantity"]),
            unit_price_cents=self.amount(told["unit_price"], currency),
            name=told["product"],
            discount_cents=self.amount(told["discount"].removeprefix("-"), currency),
            tax_cents=self.amount(told["line_tax"], currency),
            personalisation=told["personalisation"],
        )
        return read.sound(line)


class PlainOrders:
    """The format `plain`."""

    name = "plain"
    fields = tuple(SYNONYMS)

    def guess(self, table: Table) -> dict[str, str]:
        """Say which column probably holds what."""
        return guess(table)

    def recognises(self, columns: Collection[str]) -> bool:
        """Recognise a table that has the three required columns under any of their names."""
        return set(places(columns)) >= set(REQUIRED)

    def orders(self, table: Table, *, options: ReadingOptions) -> Iterator[OrderDraft | RowFate]:
        """Give the orders in the order of the file; rows of one that stand nearby are brought together."""
        at = options.columns or places(table.columns)
        if missing := [name for name in REQUIRED if name not in at]:
            raise MissingColumns(REQUIRED[name] for name in missing)
        table.require(at.values())
        groups, reader = gather(table, key=_naming(at, table.columns)), _Reader(at, table.columns, options=options)
        return (outcome for group in groups for outcome in _outcomes(group, reader))

    def meanings(self, columns: Collection[str], *, options: ReadingOptions) -> Mapping[Meaning, Sequence[str]]:
        """Say which columns hold what."""
        at = options.columns or places(columns)
        meant = {**_MEANINGS, "order": _OF_THE_ORDER}
        return {meaning: [at[ours] for ours in names if ours in at] for meaning, names in meant.items()}


def _naming(at: Mapping[str, str], columns: Sequence[str]) -> Callable[[Row | BadRow], str]:
    """Give what names the order of a row, asked of every row in turn.

    Spreadsheets with merged cells, and exports made for people, write the number beside the first line only. A row
    without number and without a customer goes on with the order above it: read by itself, it would come back, and
    the order would be sent without it.
    """
    place = columns.index(at["order_ref"])
    whose = [columns.index(at[ours]) for ours in _OF_THE_CUSTOMER if ours in at]
    above = ""

    def name(row: Row | BadRow) -> str:
        nonlocal above
        raw = row.raw
        own = raw[place].strip() if place < len(raw) else ""  # a bad row may be short
        if own or any(raw[place].strip() for place in whose if place < len(raw)):
            above = own
        return above

    return name


def _outcomes(group: Group, reader: _Reader) -> Iterator[OrderDraft | RowFate]:
    if (refused := nameless(group)) is not None:
        return refused
    rows = [row for row in group.rows if isinstance(row, Row)]
    if len(rows) < len(group.rows):
        return refuse(group, because={})
    return _order(group, rows, reader)


def _order(group: Group, rows: list[Row], reader: _Reader) -> Iterator[OrderDraft | RowFate]:
    problems: dict[int, str] = {}
    kept, repeated = distinct(rows)
    try:
        head = reader.head(kept)
        if over := _over(plain(head["payment"]), history=reader.options.history):
            yield from settle(rows, fate="cancelled", reason=over)
            return
        currency = head["currency"] = read.currency(head["currency"], options=reader.options)
        lines = []
        for row in kept:
            try:
                lines.append(reader.line(row, currency))
            except RowRefused as refused:
                problems[row.number] = refused.code
        if not problems:
            draft = _draft(group.key, head, kept, lines, reader=reader)
    except RowRefused as refused:
        problems[kept[0].number] = refused.code
    if problems:
        yield from refuse(group, because=problems)
        return
    yield from settle(repeated, fate="ignored", reason="duplicate")
    yield draft


def _over(payment: str, *, history: bool) -> str:
    """Say why an order is not to be sent any more, a code of REASONS; empty when it is."""
    if payment in _CANCELLED:
        return "cancelled_by_shop"
    return "fully_refunded" if _PAYMENTS.get(payment) == "refunded" and not history else ""


def _draft(
    ref: str, head: Mapping[str, str], rows: list[Row], lines: list[DraftLine], *, reader: _Reader
) -> OrderDraft:
    if len(ref) > 100:
        raise RowRefused("cell_too_long_for_order")
    options, name = reader.options, head["name"] or f"{head['first_name']} {head['last_name']}".strip()
    payment = plain(head["payment"])
    placed_at = read.moment(head["placed_at"], options=options)
    ship_to = _address(head, name, country=options.country)
    wanted_on = read.day(head["wanted_on"], options=options)
    money = _money(head, lines, reader=reader)
    return OrderDraft(
        external_ref=ref,
        number=ref,
        placed_at=placed_at,
        currency=head["currency"],
        lines=tuple(lines),
        total_cents=money.total,
        ship_to=ship_to,
        email=head["email"],
        phone=head["phone"].removeprefix("'"),
        customer_name=name,
        language=head["language"][:2].lower(),
        shipping_cents=money.shipping,
        tax_cents=money.tax,
        discount_cents=money.discount,
        charges=money.charges,
        prices_include_tax=options.prices_include_tax,
        payment=_PAYMENTS.get(payment, "unknown") if payment else options.payment,
        shipping_method=head["shipping_method"],
        customer_note=head["note"],
        gift_note=head["gift_note"],
        purchase_reference=head["purchase_reference"],
        wanted_on=wanted_on,
        tags=tuple([tag.strip() for tag in head["tags"].split(",") if tag.strip()]),
        source_rows=tuple([row.number for row in rows]),
        source_raw=tuple([row.raw for row in rows]),
    )


class _Money(NamedTuple):
    """What an order costs besides its lines, and in all, in minor units."""

    total: int
    shipping: int
    discount: int
    tax: int
    charges: tuple[DraftCharge, ...]


def _money(head: Mapping[str, str], lines: list[DraftLine], *, reader: _Reader) -> _Money:
    """Read the money of the order as a whole; its total, where the file has one, must be what its parts come to."""
    currency = head["currency"]

    def told(ours: str) -> int:
        return reader.amount(cell.removeprefix("-"), currency) if (cell := head[ours]) else 0

    tax = told("tax") or sum([line.tax_cents for line in lines])
    tip, gift_card = told("tip"), told("gift_card")
    shipping, discount = reader.amount(head["shipping"], currency), told("order_discount")
    total = sum([line.total_cents for line in lines]) + shipping - discount + tip - gift_card
    total += 0 if reader.options.prices_include_tax else tax
    if total < 0 or (head["total"] and reader.amount(head["total"], currency) != total):
        raise RowRefused("amounts_do_not_balance")
    charges = (DraftCharge("tip", tip), DraftCharge("gift_card", -gift_card)) if tip or gift_card else ()
    return _Money(total, shipping, discount, tax, tuple(charge for charge in charges if charge.cents))


def _address(head: Mapping[str, str], name: str, *, country: str) -> DraftAddress | None:
    if not any(head[part] for part in ("address1", "postcode", "city", "country")):
        return None
    return DraftAddress(
        name=name,
        company=head["company"],
        line1=head["address1"],
        line2=head["address2"],
        postcode=head["postcode"].removeprefix("'"),
        city=head["city"],
        region=head["region"],
        country=read.country(head["country"] or country),
        phone=head["phone"].removeprefix("'"),
    )
