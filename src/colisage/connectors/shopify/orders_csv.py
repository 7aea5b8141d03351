"""Read the order export of Shopify's admin, and the CSV that Shopify's transporter writes.

One row per line; what belongs to the order stands on its first row, the head, alone. Rows of an order that
stand apart are brought together when fewer than 64 orders lie between; a part that comes later still has no
head and is refused for that. A second head with the same rows is the same order exported twice.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from colisage.connectors import order_rows as read
from colisage.connectors.order_rows import RowRefused, distinct, nameless, refuse, settle
from colisage.connectors.shopify.order_cells import address, cell, notes, reference, shipping_method, unquoted
from colisage.connectors.shopify.order_money import Money, order_money, part_of, row_tax
from colisage.intake.ports import DraftAddress, DraftLine, Meaning, OrderDraft, Payment, ReadingOptions, RowFate
from colisage.kit.tabular import Group, Row, Table, fold, gather

_NEEDED: Final = ("Name", "Financial Status", "Currency", "Lineitem quantity", "Lineitem price", "Lineitem sku")
REQUIRED: Final = frozenset(map(fold, _NEEDED))
_PAYMENTS: Final[Mapping[str, Payment]] = {
    "paid": "paid",
    "partially_refunded": "paid",
    "pending": "pending",
    "partially_paid": "pending",
    "authorized": "authorized",
    "refunded": "refunded",
}


_MEANINGS: Final[Mapping[Meaning, Sequence[str]]] = {
    "ref": ("name",),
    "sku": ("lineitem sku",),
    "quantity": ("lineitem quantity",),
    "amount": (
        "lineitem price", "lineitem discount", "subtotal", "shipping", "taxes", "total", "discount amount",
        "refunded amount",
    ),
    "discount": ("lineitem discount",),
    "total": ("total",),
    "currency": ("currency",),
    "date": ("created at", "processed at"),
    "country": (
        "shipping country code", "shipping country", "billing country code", "billing country",
    ),
}  # fmt: skip
_TIPS: Final = frozenset({"tip", "pourboire"})  # a line of its own in the export


@dataclass(slots=True)
class _Lines:
    """The rows of an order, told apart: lines to send, others, and what is wrong with any."""

    sent: list[tuple[Row, DraftLine]] = field(default_factory=list)
    kept_back: list[DraftLine] = field(default_factory=list)  # their amounts are part of the order's total
    tips: list[DraftLine] = field(default_factory=list)
    fates: list[RowFate] = field(default_factory=list)
    problems: dict[int, str] = field(default_factory=dict)


class ShopifyOrders:
    """The format `shopify`."""

    name = "shopify"

    def recognises(self, columns: Collection[str]) -> bool:
        """Recognise both dialects by the columns they share."""
        return set(columns) >= REQUIRED

    def orders(self, table: Table, *, options: ReadingOptions) -> Iterator[OrderDraft | RowFate]:
        """Give the orders in the order of the file."""
        table.require(_NEEDED)
        groups = gather(table, key=lambda row: row.cells.get("name", "").strip())
        return (outcome for group in groups for outcome in _outcomes(group, options))

    def meanings(self, columns: Collection[str], *, options: ReadingOptions) -> Mapping[Meaning, Sequence[str]]:
        """Say which columns hold what."""
        meant = {meaning: [name for name in names if name in columns] for meaning, names in _MEANINGS.items()}
        return {**meant, "order": [name for name in columns if not name.startswith("lineitem")]}


def _outcomes(group: Group, options: ReadingOptions) -> Iterator[OrderDraft | RowFate]:
    """Decide about an order as a whole, and only then about its lines."""
    if (refused := nameless(group)) is not None:
        return refused
    rows = [row for row in group.rows if isinstance(row, Row)]
    head = next((row for row in rows if _is_head(row)), None)
    if head and (reason := _cancelled(head, options)):
        return settle(group.rows, fate="cancelled", reason=reason)
    if head is None or len(rows) < len(group.rows):
        return refuse(group, because={}, otherwise="order_incomplete" if head else "order_head_missing")
    if not options.history and cell(head, "fulfillment status").casefold() == "fulfilled":
        return settle(group.rows, fate="ignored", reason="already_fulfilled")
    once, repeated = _once(rows)
    if not once:
        return refuse(group, because={}, otherwise="order_rows_disagree")
    return _order(group, once, repeated, options)


def _is_head(row: Row) -> bool:
    return bool(cell(row, "currency") or cell(row, "financial status"))


def _cancelled(head: Row, options: ReadingOptions) -> str:
    """Give the reason why nothing of the order is to be sent, if it was undone."""
    if cell(head, "cancelled at"):
        return "cancelled_by_shop"
    status = cell(head, "financial status").casefold()
    if status == "voided":
        return "payment_voided"
    return "fully_refunded" if status == "refunded" and not options.history else ""


def _once(rows: list[Row]) -> tuple[list[Row], list[Row]]:
    """Split the rows of one number into the order and its repetitions; no order when two heads disagree."""
    starts = [place for place, row in enumerate(rows) if _is_head(row)]
    if len(starts) == 1:
        return rows, []
    if len(starts) == len(rows) and len({_of_the_order(row) for row in rows}) == 1:
        return distinct(rows)  # a tool filled the head's cells into every row
    parts = [rows[a:b] for a, b in zip(starts, [*starts[1:], len(rows)], strict=True)]
    contents = [sorted(tuple(row.raw) for row in part) for part in parts]
    if starts[0] > 0 or any(content != contents[0] for content in contents):
        return [], []
    return parts[0], [row for part in parts[1:] for row in part]


def _of_the_order(row: Row) -> tuple[str, ...]:
    return tuple(value for column, value in row.cells.items() if not column.startswith("lineitem"))


def _order(
    group: Group, rows: list[Row], repeated: list[Row], options: ReadingOptions
) -> Iterator[OrderDraft | RowFate]:
    head = next(row for row in rows if _is_head(row))
    found, draft = _Lines(), None
    try:
        currency = read.currency(cell(head, "currency"), options=options)
        found = _tell_apart(rows, head, currency=currency, options=options)
        if found.sent and not found.problems:
            lines = [line for _, line in found.sent] + found.kept_back
            whole = order_money(rows, head, currency=currency, lines=lines, tips=found.tips)
            draft = _draft(rows, head, found, part_of(whole, first=len(found.sent)), options=options)
    except RowRefused as refused:
        found.problems[head.number] = refused.code
    if found.problems:
        yield from refuse(group, because=found.problems)
        return
    yield from found.fates
    yield from settle(repeated, fate="ignored", reason="duplicate")
    if draft:
        yield draft


def _tell_apart(rows: list[Row], head: Row, *, currency: str, options: ReadingOptions) -> _Lines:
    found = _Lines()
    partly = not options.history and cell(head, "fulfillment status").casefold() == "partial"
    for row in rows:
        try:
            line, reason = _line(row, currency=currency, partly=partly)
        except RowRefused as refused:
            found.problems[row.number] = refused.code
            continue
        if line and not reason:
            found.sent.append((row, line))
            continue
        found.fates.append(RowFate(row.number, "ignored", reason, row.raw))
        if line:
            (found.tips if reason == "not_a_product" else found.kept_back).append(line)
    return found


def _line(row: Row, *, currency: str, partly: bool) -> tuple[DraftLine | None, str]:
    """Read the line of a row, and the reason why it is not to be sent, if any.

    Of an order sent in part the lines already sent stay behind. Elsewhere the order's own status is believed:
    exports exist whose lines say otherwise.
    """
    sku, name = read.text(row.cells, "lineitem sku", longest=100), read.text(row.cells, "lineitem name")
    count = cell(row, "lineitem quantity")
    if not (sku or name or count):
        return None, "no_line"
    if count == "0":
        return None, "line_removed"  # an edited order keeps the lines that were taken out
    shipped = cell(row, "lineitem requires shipping").casefold() != "false"
    line = DraftLine(
        sku=sku,
        quantity=read.quantity(count),
        unit_price_cents=read.amount(cell(row, "lineitem price"), currency=currency),
        name=name,
        discount_cents=read.amount(cell(row, "lineitem discount"), currency=currency),
        tax_cents=row_tax(row, currency=currency),
        requires_shipping=shipped,
    )
    read.sound(line)
    state = cell(row, "lineitem fulfillment status").casefold()
    if partly and state in {"fulfilled", "restocked"}:
        return line, "already_fulfilled" if state == "fulfilled" else "line_removed"
    if not sku and shipped:
        raise RowRefused("missing_sku")
    if not sku and name.casefold() in _TIPS:
        return line, "not_a_product"
    return line, "" if sku else "nothing_to_send"


def _draft(rows: list[Row], head: Row, found: _Lines, money: Money, *, options: ReadingOptions) -> OrderDraft:
    cells = head.cells
    ship_to, bill_to = address(cells, "shipping"), address(cells, "billing")
    note, gift = notes(cells)
    number = read.text(cells, "name", longest=100)
    return OrderDraft(
        external_ref=reference(cells, number),
        number=number,
        placed_at=read.moment(cell(head, "created at") or cell(head, "processed at"), options=options),
        currency=money.currency,
        lines=money.lines,
        total_cents=money.total_cents,
        ship_to=ship_to,
        bill_to=bill_to,
        email=read.text(cells, "email"),
        phone=unquoted(read.text(cells, "phone", longest=60)) or (ship_to.phone if ship_to else ""),
        customer_name=(bill_to or ship_to or DraftAddress()).name,
        shipping_cents=money.shipping_cents,
        tax_cents=money.tax_cents,
        discount_cents=money.discount_cents,
        charges=money.charges,
        prices_include_tax=money.prices_include_tax,
        payment=_PAYMENTS.get(cell(head, "financial status").casefold(), "unknown"),
        shipping_method=shipping_method(rows),
        customer_note=note,
        gift_note=gift,
        tags=tuple(tag.strip() for tag in read.text(cells, "tags", longest=5_000).split(",") if tag.strip()),
        source_rows=tuple(row.number for row, _ in found.sent),
        source_raw=tuple(row.raw for row, _ in found.sent),
        beside=tuple(found.fates),
    )
