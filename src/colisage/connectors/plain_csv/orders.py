"""Read orders from a plain table: a row per line, with the order's own cells on each row or on one.

Required are the order's number, the SKU and the quantity; `columns.py` lists the rest under all their names, or a
person says which column holds what. Prices include tax, unless that person says otherwise. Cells of the order may be
left empty on later rows, but may not contradict an earlier one.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from colisage.connectors import order_rows as read
from colisage.connectors.order_rows import RowRefused, distinct, nameless, refuse, settle
from colisage.connectors.plain_csv.columns import REQUIRED, SYNONYMS, guess, places
from colisage.intake.ports import (
    DraftAddress,
    DraftCharge,
    DraftLine,
    OrderDraft,
    Payment,
    ReadingOptions,
    RowFate,
)
from colisage.kit.tabular import Group, MissingColumns, Row, Table, gather
from colisage.kit.tabular.names import plain

_OF_THE_ORDER: Final = (
    "placed_at", "currency", "total", "shipping", "shipping_method", "payment", "name", "company",
    "address1", "address2", "postcode", "city", "region", "country", "phone", "email", "language",
    "note", "gift_note", "tags", "first_name", "last_name", "tax", "order_discount", "tip", "gift_card",
    "purchase_reference", "wanted_on",
)  # fmt: skip
_PAYMENTS: Final[Mapping[str, Payment]] = {
    **dict.fromkeys(("paid", "paye", "payee", "regle", "reglee", "yes", "oui"), "paid"),
    **dict.fromkeys(("pending", "unpaid", "en attente", "impaye", "impayee", "no", "non"), "pending"),
    **dict.fromkeys(("authorized", "authorised", "autorise", "autorisee"), "authorized"),
    **dict.fromkeys(("refunded", "rembourse", "remboursee"), "refunded"),
}
_CANCELLED: Final = frozenset({"cancelled", "canceled", "annule", "annulee"})
_LENGTHS: Final = {"note": 10_000, "gift_note": 10_000, "tags": 5_000, "postcode": 30, "phone": 60}


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads rows of one table under our names for its columns."""

    at: Mapping[str, str]
    options: ReadingOptions

    def cell(self, row: Row, ours: str) -> str:
        """Give a cell by our name for its column; empty when the table has no such column."""
        return read.text(row.cells, self.at.get(ours, ""), longest=_LENGTHS.get(ours, 300))

    def amount(self, value: str, currency: str) -> int:
        """Read an amount as the file writes them."""
        return read.amount(value, currency=currency, mark=self.options.mark)

    def head(self, rows: list[Row]) -> dict[str, str]:
        """Give what belongs to the order, from the rows that say it; they may not disagree."""
        head: dict[str, str] = dict.fromkeys(_OF_THE_ORDER, "")
        there = [ours for ours in _OF_THE_ORDER if ours in self.at]
        for row in rows:
            for ours in there:
                value = self.cell(row, ours)
                if value and head[ours] not in {"", value}:
                    raise RowRefused("order_rows_disagree")
                head[ours] = head[ours] or value
        return head

    def line(self, row: Row, currency: str) -> DraftLine:
        """Read the line of a row."""
        sku = self.cell(row, "sku")
        if not sku:
            raise RowRefused("missing_sku")
        if len(sku) > 100:
            raise RowRefused("cell_too_long_for_order")
        line = DraftLine(
            sku=sku,
            quantity=read.quantity(self.cell(row, "quantity")),
            unit_price_cents=self.amount(self.cell(row, "unit_price"), currency),
            name=self.cell(row, "product"),
            discount_cents=self.amount(self.cell(row, "discount").removeprefix("-"), currency),
            tax_cents=self.amount(self.cell(row, "line_tax"), currency),
            personalisation=self.cell(row, "personalisation"),
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
            raise MissingColumns(columns=", ".join(missing))
        table.require(at.values())
        reader, ref = _Reader(at, options), at["order_ref"]
        groups = gather(table, key=lambda row: row.cells.get(ref, "").strip())
        return (outcome for group in groups for outcome in _outcomes(group, reader))


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
        if plain(head["payment"]) in _CANCELLED:
            yield from settle(rows, fate="cancelled", reason="cancelled_by_shop")
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


def _draft(
    ref: str, head: Mapping[str, str], rows: list[Row], lines: list[DraftLine], *, reader: _Reader
) -> OrderDraft:
    if len(ref) > 100:
        raise RowRefused("cell_too_long_for_order")
    options, name = reader.options, head["name"] or f"{head['first_name']} {head['last_name']}".strip()
    payment = plain(head["payment"])
    draft = OrderDraft(
        external_ref=ref,
        number=ref,
        placed_at=read.moment(head["placed_at"], options=options),
        currency=head["currency"],
        lines=tuple(lines),
        total_cents=0,
        ship_to=_address(head, name, country=options.country),
        email=head["email"],
        phone=head["phone"].removeprefix("'"),
        customer_name=name,
        language=head["language"][:2].lower(),
        payment=_PAYMENTS.get(payment, "unknown") if payment else options.payment,
        shipping_method=head["shipping_method"],
        customer_note=head["note"],
        gift_note=head["gift_note"],
        purchase_reference=head["purchase_reference"],
        wanted_on=read.day(head["wanted_on"], options=options),
        tags=tuple(tag.strip() for tag in head["tags"].split(",") if tag.strip()),
        source_rows=tuple(row.number for row in rows),
        source_raw=tuple(row.raw for row in rows),
    )
    return _priced(draft, head, reader=reader)


def _priced(draft: OrderDraft, head: Mapping[str, str], *, reader: _Reader) -> OrderDraft:
    """Add the money of the order as a whole; its total, where the file has one, must be what its parts come to."""

    def told(ours: str) -> int:
        return reader.amount(head[ours].removeprefix("-"), draft.currency)

    tax = told("tax") or sum(line.tax_cents for line in draft.lines)
    charges = [DraftCharge("tip", told("tip")), DraftCharge("gift_card", -told("gift_card"))]
    shipping, discount = reader.amount(head["shipping"], draft.currency), told("order_discount")
    gross = reader.options.prices_include_tax
    total = sum(line.total_cents for line in draft.lines) + shipping - discount + (0 if gross else tax)
    total += sum(charge.cents for charge in charges)
    if total < 0 or (head["total"] and reader.amount(head["total"], draft.currency) != total):
        raise RowRefused("amounts_do_not_balance")
    return replace(
        draft,
        shipping_cents=shipping,
        discount_cents=discount,
        tax_cents=tax,
        charges=tuple(charge for charge in charges if charge.cents),
        prices_include_tax=gross,
        total_cents=total,
    )


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
