"""Read order exports of WooCommerce: its own extension's (a row per item) and the widespread free one's.

Both give amounts without tax beside the taxes, and repeat the order's own cells on each of its rows, or write them on
the first alone. What the parts do not explain of the total is a rounding, when it is cents, or what was paid back; an
order that no reading explains is refused rather than guessed.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from msgspec import structs

from colisage.connectors import order_rows as read
from colisage.connectors.order_rows import RowRefused, nameless, refuse, settle
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
from colisage.kit.tabular import Group, MissingColumns, Row, Table, gather
from colisage.kit.tabular.names import plain

_NEEDED: Final = ("number", "status", "sku", "quantity", "total")
_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("order_id", "order id"),
    "number": ("order_number_formatted", "order_number", "order number", "order_id"),
    "status": ("status", "order_status", "order status"),
    "date": ("date", "order_date", "order date"),
    "currency": ("order_currency", "currency", "order currency"),
    "total": ("order_total", "order total amount"),
    "shipping": ("shipping_total", "order shipping amount"),
    "tax": ("tax_total", "order total tax amount"),
    "fees": ("fee_total", "order fees amount"),
    "discount": ("cart discount amount",),
    "refund": ("refunded_total", "order refund amount"),
    "method": ("shipping_method", "shipping method title"),
    "note": ("customer_note", "customer note"),
    "email": ("billing_email", "email (billing)"),
    "sku": ("item_sku", "sku"),
    "name": ("item_name", "item name", "product name", "name"),
    "quantity": ("quantity (- refund)", "item_quantity", "quantity"),
    "before": ("item_subtotal",),
    "paid": ("item_total", "order line (w/o tax)"),
    "unit": ("item_price", "item cost"),
    "line_tax": ("item_total_tax", "order line tax"),
    "wish": ("item_meta", "product variation"),
    "vouchers": ("gift_card_total", "gift cards amount"),
}
_PARTS: Final[Mapping[str, tuple[str, ...]]] = {  # of an address: `{}` is billing or shipping
    "first": ("{}_first_name", "first name ({})"),
    "last": ("{}_last_name", "last name ({})"),
    "whole": ("{}_full_name", "full name ({})"),
    "company": ("{}_company", "company ({})"),
    "line1": ("{}_address_1", "address 1&2 ({})", "address 1 ({})"),
    "line2": ("{}_address_2", "address 2 ({})"),
    "postcode": ("{}_postcode", "postcode ({})"),
    "city": ("{}_city", "city ({})"),
    "region": ("{}_state", "state code ({})"),
    "country": ("{}_country", "country code ({})"),
    "phone": ("{}_phone", "phone ({})"),
}
_MEANINGS: Final[Mapping[Meaning, Sequence[str]]] = {
    "ref": _COLUMNS["number"],
    "sku": _COLUMNS["sku"],
    "quantity": _COLUMNS["quantity"],
    "amount": [
        name
        for ours in ("paid", "unit", "before", "line_tax", "total", "shipping", "tax", "fees", "discount", "refund")
        for name in _COLUMNS[ours]
    ],
    "total": _COLUMNS["total"],
    "currency": _COLUMNS["currency"],
    "date": _COLUMNS["date"],
    "country": [name.format(kind) for kind in ("shipping", "billing") for name in _PARTS["country"]],
}
_OVER: Final[Mapping[str, str]] = {
    **dict.fromkeys(("cancelled", "annulee", "trash", "corbeille", "checkout draft", "brouillon"), "cancelled_by_shop"),
    **dict.fromkeys(("failed", "echouee", "echoue"), "payment_voided"),
    **dict.fromkeys(("refunded", "remboursee", "rembourse"), "fully_refunded"),
}
_PAYMENTS: Final[Mapping[str, Payment]] = {
    **dict.fromkeys(("processing", "completed", "en cours", "terminee"), "paid"),
    **dict.fromkeys(
        ("pending", "pending payment", "on hold", "en attente", "attente paiement", "en attente de paiement"), "pending"
    ),
}


@dataclass(frozen=True, slots=True)
class _Order:
    """The rows of one order, and its own cells, from the first row that says each."""

    rows: list[Row]
    currency: str = ""

    def cell(self, ours: str, *, longest: int = 300) -> str:
        return _first(self.rows, _COLUMNS[ours], longest=longest)

    def amount(self, ours: str) -> int:
        """Read an amount of the order; what is taken off may be written with a minus."""
        return read.amount(self.cell(ours).removeprefix("-"), currency=self.currency)


class WooCommerceOrders:
    """The format `woocommerce`."""

    name = "woocommerce"

    def recognises(self, columns: Collection[str]) -> bool:
        """Recognise either export: its columns of orders and of items beside each other."""
        told = set(columns)
        return {"order_id", "item_sku", "item_quantity", "order_total"} <= told or (
            {"order number", "order status", "sku", "order total amount"} <= told
            and bool({"quantity (- refund)", "quantity"} & told)
        )

    def orders(self, table: Table, *, options: ReadingOptions) -> Iterator[OrderDraft | RowFate]:
        """Give the orders in the order of the file."""
        if missing := [_COLUMNS[ours][0] for ours in _NEEDED if not set(_COLUMNS[ours]) & set(table.columns)]:
            raise MissingColumns(missing)
        key = next(name for name in (*_COLUMNS["id"], *_COLUMNS["number"]) if name in table.columns)
        groups = gather(table, key=lambda row: row.cells.get(key, "").strip())
        return (outcome for group in groups for outcome in _outcomes(group, options))

    def meanings(self, columns: Collection[str], *, options: ReadingOptions) -> Mapping[Meaning, Sequence[str]]:
        """Say which columns hold what."""
        return {meaning: [name for name in names if name in columns] for meaning, names in _MEANINGS.items()}


def _outcomes(group: Group, options: ReadingOptions) -> Iterator[OrderDraft | RowFate]:
    if (unnamed := nameless(group)) is not None:
        return unnamed
    rows = [row for row in group.rows if isinstance(row, Row)]
    if len(rows) < len(group.rows):
        return refuse(group, because={})
    try:
        status = plain(_Order(rows).cell("status").removeprefix("wc-"))
    except RowRefused as refused:
        return refuse(group, because={rows[0].number: refused.code})
    if reason := _OVER.get(status):
        return settle(rows, fate="cancelled", reason=reason)
    if status in {"completed", "terminee"} and not options.history:
        return settle(rows, fate="ignored", reason="already_fulfilled")
    return _order(group, rows, status, options)


def _order(group: Group, rows: list[Row], status: str, options: ReadingOptions) -> Iterator[OrderDraft | RowFate]:
    problems: dict[int, str] = {}
    lines: list[tuple[Row, DraftLine]] = []
    fates: list[RowFate] = []
    draft = None
    try:
        currency = read.currency(_Order(rows).cell("currency"), options=options)
        for row in rows:
            try:
                line = _line(row, currency)
            except RowRefused as refused:
                problems[row.number] = refused.code
                continue
            if line:
                lines.append((row, line))
            else:
                fates.append(
                    RowFate(row.number, "ignored", "line_removed" if _said(row, "sku") else "no_line", row.raw)
                )
        if lines and not problems:
            draft = _draft(group.key, _Order(rows, currency), lines, status=status, options=options)
            draft = structs.replace(draft, beside=tuple(fates))
    except RowRefused as refused:
        problems[rows[0].number] = refused.code
    if problems:
        yield from refuse(group, because=problems)
        return
    yield from fates
    if draft:
        yield draft


def _said(row: Row, ours: str, *, longest: int = 300) -> str:
    return _first([row], _COLUMNS[ours], longest=longest)


def _first(rows: list[Row], names: Collection[str], *, longest: int) -> str:
    return next((value for row in rows for name in names if (value := read.text(row.cells, name, longest=longest))), "")


def _line(row: Row, currency: str) -> DraftLine | None:
    """Read the line of a row; None where there is none, or nothing is left of it."""
    sku, count = _said(row, "sku", longest=100), _said(row, "quantity")
    if not (sku or _said(row, "name") or count) or count == "0":
        return None
    if not sku:
        raise RowRefused("missing_sku")
    units = read.quantity(count)
    written = _said(row, "paid")
    paid = read.amount(written or "", currency=currency) if written else None
    if paid is None:
        paid = units * read.amount(_said(row, "unit"), currency=currency)
    unit = -(-max(read.amount(_said(row, "before"), currency=currency), paid) // units)
    return DraftLine(
        sku=sku,
        quantity=units,
        unit_price_cents=unit,
        name=_said(row, "name"),
        discount_cents=unit * units - paid,
        tax_cents=read.amount(_said(row, "line_tax"), currency=currency),
        personalisation=_said(row, "wish", longest=5_000),
    )


def _draft(
    key: str, order: _Order, found: list[tuple[Row, DraftLine]], *, status: str, options: ReadingOptions
) -> OrderDraft:
    lines = tuple(line for _row, line in found)
    ship_to, bill_to = _address(order.rows, "shipping"), _address(order.rows, "billing")
    tax = order.amount("tax") or sum(line.tax_cents for line in lines)
    total, discount, charges = _money(order, lines, tax=tax)
    phone = (ship_to.phone if ship_to else "") or (bill_to.phone if bill_to else "")
    return OrderDraft(
        external_ref=key,
        number=order.cell("number", longest=100) or key,
        placed_at=read.moment(order.cell("date"), options=options),
        currency=order.currency,
        lines=lines,
        total_cents=total,
        ship_to=ship_to or bill_to,
        bill_to=bill_to,
        email=order.cell("email"),
        phone=phone,
        customer_name=_name(order.rows, "billing") or _name(order.rows, "shipping"),
        shipping_cents=order.amount("shipping"),
        tax_cents=tax,
        discount_cents=discount,
        charges=charges,
        prices_include_tax=False,
        payment=_PAYMENTS.get(status, "unknown"),
        shipping_method=order.cell("method"),
        customer_note=order.cell("note", longest=10_000),
        source_rows=tuple(row.number for row, _line in found),
        source_raw=tuple(row.raw for row, _line in found),
    )


def _money(order: _Order, lines: tuple[DraftLine, ...], *, tax: int) -> tuple[int, int, tuple[DraftCharge, ...]]:
    """Give total, discount and charges so that they add up: the discount is taken off the items already, or not yet."""
    back, discount = order.amount("refund"), order.amount("discount")
    total = order.amount("total") - back
    fees, vouchers = order.amount("fees"), order.amount("vouchers")
    parts = sum(line.total_cents for line in lines) + order.amount("shipping") + fees + tax - vouchers
    cents = len(lines) + 2  # the shop rounds each line by itself
    for taken in (0, discount):
        rest = total - (parts - taken)
        if abs(rest) <= cents or (back and -back <= rest <= 0):
            charges = [DraftCharge("fee", fees), DraftCharge("gift_card", -vouchers)]
            charges.append(DraftCharge("rounding" if abs(rest) <= cents else "refund", rest))
            if total < 0:
                break
            return total, taken, tuple(charge for charge in charges if charge.cents)
    raise RowRefused("amounts_do_not_balance")


def _name(rows: list[Row], kind: str) -> str:
    whole, first, last = (
        _first(rows, [name.format(kind) for name in _PARTS[part]], longest=300) for part in ("whole", "first", "last")
    )
    return whole or f"{first} {last}".strip()


def _address(rows: list[Row], kind: str) -> DraftAddress | None:
    def part(ours: str, *, longest: int = 300) -> str:
        return _first(rows, [name.format(kind) for name in _PARTS[ours]], longest=longest)

    found = DraftAddress(
        name=_name(rows, kind),
        company=part("company"),
        line1=part("line1"),
        line2=part("line2"),
        postcode=part("postcode", longest=30).removeprefix("'"),
        city=part("city"),
        region=part("region"),
        country=read.country(part("country")),
        phone=part("phone", longest=60).removeprefix("'"),
    )
    return found if any((found.line1, found.line2, found.city, found.postcode)) else None
