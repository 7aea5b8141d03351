"""The shape in which every channel gives us orders, and what acceptance takes.

A format turns the rows of a table into order drafts and says what became of every other row, so that the rows
of a file are always all accounted for: the lines of its drafts plus the fates.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from typing import Final, Literal, Protocol

import msgspec
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from colisage.kit.tabular import ROW_REASONS, Table
from colisage.kit.tabular.cells import DateOrder, DecimalMark

Fate = Literal["accepted", "cancelled", "ignored", "refused"]
# How people say it, and how cells are read.
DATE_ORDERS: Final[Mapping[str, DateOrder]] = {"day_first": "dmy", "month_first": "mdy"}
Payment = Literal["paid", "pending", "authorized", "refunded", "unknown"]


class DraftAddress(msgspec.Struct, frozen=True):
    """An address as it was written; `country` is an ISO 3166 two-letter code, or empty."""

    name: str = ""
    company: str = ""
    line1: str = ""
    line2: str = ""
    postcode: str = ""
    city: str = ""
    region: str = ""
    country: str = ""
    phone: str = ""


class DraftLine(msgspec.Struct, frozen=True):
    """So many of one SKU. `discount_cents` and `tax_cents` are for the whole line, not for one unit."""

    sku: str
    quantity: int
    unit_price_cents: int
    name: str = ""
    discount_cents: int = 0
    tax_cents: int = 0
    requires_shipping: bool = True
    external_ref: str = ""
    personalisation: str = ""
    served_by: str = ""  # another service that sends it: told here, and never sent from here

    @property
    def ours(self) -> bool:
        """Whether its units are to be sent from here: a gift card or a download needs no SKU of the catalogue."""
        return self.requires_shipping and not self.served_by

    @property
    def total_cents(self) -> int:
        """What the line costs, after its own discount, in the order's price convention."""
        return self.quantity * self.unit_price_cents - self.discount_cents


class DraftCharge(msgspec.Struct, frozen=True):
    """An amount of an order that is neither goods nor carriage; negative when it lowers the total."""

    kind: Literal["tip", "fee", "duty", "gift_card", "refund", "rounding", "difference", "change"]
    cents: int
    name: str = ""


class OrderDraft(msgspec.Struct, frozen=True, kw_only=True):
    """An order as a channel tells it, parsed and exact, not yet accepted.

    Its money adds up: `total_cents == lines + shipping_cents + charges - discount_cents`, plus `tax_cents` unless
    `prices_include_tax`. `discount_cents` comes on top of the lines' own; `tax_cents` is all tax, the lines'
    included. `source_rows[i]` is the row that gave `lines[i]`, and `source_raw[i]` its cells, to give back
    should acceptance refuse the order. `beside` are the other rows it needs to be read again (its head, its carriage),
    whose fates come on their own.
    """

    external_ref: str
    number: str
    placed_at: datetime
    currency: str
    lines: tuple[DraftLine, ...]
    total_cents: int
    ship_to: DraftAddress | None = None
    bill_to: DraftAddress | None = None
    email: str = ""
    phone: str = ""
    customer_name: str = ""
    language: str = ""
    shipping_cents: int = 0
    tax_cents: int = 0
    discount_cents: int = 0
    charges: tuple[DraftCharge, ...] = ()
    prices_include_tax: bool = True
    payment: Payment = "unknown"
    shipping_method: str = ""
    customer_note: str = ""
    gift_note: str = ""
    purchase_reference: str = ""  # a firm's own reference of what it orders
    wanted_on: date | None = None  # the day on which delivery is asked for
    tags: tuple[str, ...] = ()
    source_rows: tuple[int, ...] = ()
    source_raw: tuple[Sequence[str], ...] = ()
    beside: tuple["RowFate", ...] = ()
    reservation: int | None = None  # what the cart held


class RowFate(msgspec.Struct, frozen=True):
    """What became of a row that is no line of a draft; `reason` is a code of REASONS.

    `order_row` is the row with which its order begins, where it is refused with others; 0 for itself.
    """

    number: int
    fate: Fate
    reason: str
    raw: Sequence[str] = ()
    order_row: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingOptions:
    """What the file itself does not say."""

    dates: DateOrder | None = None  # how to read 03/04/2026; None refuses it
    zone: tzinfo = UTC  # of times without offset
    currency: str = ""  # where the file has none
    received_at: datetime | None = None  # stands for a missing date of the order
    history: bool = False  # take orders already sent or refunded too
    columns: Mapping[str, str] = field(default_factory=dict)  # our name of a column to the file's, where a person said
    country: str = ""  # where the file has none
    mark: DecimalMark = ""  # what stands before decimals; empty: either, where that is sure
    prices_include_tax: bool = True
    payment: Payment = "unknown"  # of orders of which the file does not say


Meaning = Literal[
    "ref", "sku", "quantity", "amount", "discount", "total", "currency", "date", "wanted", "country", "order"
]


class OrderFormat(Protocol):
    """A kind of order file."""

    name: str

    def recognises(self, columns: Collection[str]) -> bool:
        """Say whether a table with these folded columns is of this format."""
        ...

    def orders(self, table: Table, *, options: ReadingOptions) -> Iterator[OrderDraft | RowFate]:
        """Give each order, and the fate of every row that is no line; refuse a table that lacks columns."""
        ...

    def meanings(self, columns: Collection[str], *, options: ReadingOptions) -> Mapping[Meaning, Sequence[str]]:
        """Say which of these columns hold what a reason may be about; `order` are those of the order as a whole."""
        ...


class MappedFormat(OrderFormat, Protocol):
    """A format whose columns may be called anything: `ReadingOptions.columns` says what holds what."""

    fields: Sequence[str]

    def guess(self, table: Table) -> dict[str, str]:
        """Say which of the table's columns probably holds what, by their names and by what the first rows hold."""
        ...


# --- messages of shops


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A message as it arrived; `key` is the shop's own identity of it: the same one again is not kept twice."""

    key: str
    body: bytes
    topic: str = ""
    requests: tuple[str, ...] = ()  # what in it waits for an answer of ours, by the shop's identity of it


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundTold:
    """Money that a shop gave back, by its own identity of it.

    `lines` are (line, units, those of them that had left, how they are put back: return, cancel, no_restock, nothing).
    """

    key: str
    at: datetime | None
    cents: int
    shipping_cents: int
    lines: tuple[tuple[str, int, int, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenBack:
    """Money that a shop gave back, where it does not say whether the units had left; no `key` where it has none.

    `cents` is all that was paid, `tax_cents` all tax in it. `lines` are (line, units, cents, tax), the cents and those
    of the carriage in the order's price convention; no units where money was given back and the units stay wanted.
    """

    key: str
    at: datetime | None
    cents: int
    tax_cents: int = 0
    shipping_cents: int = 0
    lines: tuple[tuple[str, int, int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnTold:
    """A return that was asked for in a shop; `state` is requested, open, declined, cancelled or closed.

    `lines` are (line, units, reason, a code of `returns.models.Reason`).
    """

    key: str
    name: str
    state: Literal["requested", "open", "declined", "cancelled", "closed"]
    note: str
    lines: tuple[tuple[str, int, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderTold:
    """A shop says how one of its orders looks now. `version` is its own clock: what is older changes nothing.

    `names` are, line by line, what the SKU may be called here: codes and barcodes, the best first. The first that is
    known counts; none is needed where the line's own SKU is the only name.

    A shop that has parts of its orders sent by several says so with `sender`, what it is called where nobody knows who
    sent. `sent` are the units of lines that left, whoever sent them; `away`, by line and by who has them, those that
    somebody else is to send or sent, and then `sent` are only those that left from us or by hand. None: it did not say.

    A shop that knows when it gave money back, and not whether the units had left, tells the order without that, and
    what it gave back as `given_back` (`rules.given_back`), in the order of time; one that knows says `refunds`.
    """

    draft: OrderDraft
    version: datetime | None = None
    cancelled: bool = False
    finished: bool = False  # it has left by another way: no news when it is not here
    cancel_asked: bool = False  # the customer asks to cancel, and nobody has decided yet
    told_once: bool = False  # it brings an order and never changes one: told otherwise, a person decides
    names: tuple[tuple[str, ...], ...] = ()
    sender: str = ""
    sent: Mapping[str, int] = field(default_factory=dict)
    away: Mapping[str, Mapping[str, int]] | None = None
    refunds: tuple[RefundTold, ...] = ()
    given_back: tuple[GivenBack, ...] = ()
    returns: tuple[ReturnTold, ...] = ()
    hold: str | None = None  # why the shop lets it wait, a code of `orders.rules.HOLD_REASONS`; "" it does not wait


@dataclass(frozen=True, slots=True)
class Nothing:
    """A message that asks for nothing here; `reason` is a code of MESSAGE_REASONS or REASONS."""

    reason: str
    external_ref: str = ""


@dataclass(frozen=True, slots=True)
class Deleted:
    """A message that says that an order is not in the shop any more, and nothing else of it."""

    external_ref: str


@dataclass(frozen=True, slots=True)
class AskFor:
    """A message that says only that something changed: the shop is asked for the order itself."""

    external_ref: str


class Unreadable(Exception):  # noqa: N818 -- a verdict on a message
    """A message that cannot be an order: `code` of REASONS or MESSAGE_REASONS, and where exactly."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code, self.detail = code, detail[:300]
        self.external_ref = ""  # of the order it is about, where that much could be read


class ShopMessages(Protocol):
    """How the messages of one kind of shop are read; named by `settings.COLISAGE_CHANNELS`."""

    def read(self, body: bytes, *, topic: str) -> OrderTold | AskFor | Deleted | Nothing:
        """Say in our words what a message tells; pure. Raises `Unreadable`."""
        ...


MESSAGE_REASONS: Final[Mapping[str, str | Promise]] = {
    # nothing to do
    "not_an_order": _("This message is not about an order."),
    "unfinished": _("The customer has not finished this order yet."),
    "test_order": _("A test order of the shop: nothing is sent."),
    "older_than_known": _("A newer message about this order was read before."),
    "nothing_new": _("It says what is known already."),
    "never_arrived": _("The shop cancelled this order before it came here."),
    "asked_for": _("The shop was asked for the order itself."),
    "ping": _("The shop tried the connection."),
    "set_aside": _("A person set it aside."),
    "decided": _("A person decided about the order: cancelled, or sent all the same."),
    "corrected": _("A person corrected it: the corrected message counts."),
    # to correct
    "unreadable": _(
        "This message cannot be read: it is not in the format of the shop. Have it sent again, or correct its text."
    ),
    "missing_field": _("Something an order needs is missing."),
    "other_shop": _("Another shop sent it, with the secret of this one: a copy of the shop, or a wrong address."),
    "other_key": _("It was kept under another secret key of this installation."),
    "our_fault": _("It could not be dealt with: a fault of ours, which is noted. It can be tried again."),
    "too_late_to_change": _("The shop changed this order after work on it had begun; it is on hold."),
    "too_late_to_cancel": _("The shop cancelled this order after work on it had begun; it is on hold."),
    "sent_elsewhere": _("Another service says it sent this order: see what is left to do here, then set this aside."),
    "closed_before": _("The shop changed this order after it was complete."),
    "not_pieces": _("A line is ordered in another unit than pieces, and how many pieces that is was not said."),
    "several_deliveries": _("It asks for deliveries at several places or dates: ask for an order for each."),
    "change_of_lines": _(
        "It changes an order in part. Change the order here, or ask for the whole order as replacement."
    ),
    "wrong_sums": _("The number of lines or of units it states is not what came."),
    "wrong_counts": _("The number of segments it states is not what came: it was cut, or put together wrongly."),
    "wrong_numbers": _("Its number at the end is another than at the beginning."),
}

REASONS: Final[Mapping[str, Promise]] = {
    **ROW_REASONS,
    # cancelled
    "cancelled_by_shop": _("The shop cancelled this order."),
    "payment_voided": _("The payment of this order was voided."),
    "fully_refunded": _("This order was refunded in full; there is nothing left to send."),
    "credit_note": _("This row cancels an earlier sale."),
    # ignored
    "duplicate": _("This row repeats another row of the same order."),
    "carriage": _("This row is the carriage of its order, not a product."),
    "not_a_product": _("This row is a fee, a manual entry or a voucher, not a product."),
    "stock_adjustment": _("This row corrects a stock, it is not a sale."),
    "unpriced": _("This row has no price and no customer: an internal note, not a sale."),
    "no_line": _("This row holds no order line."),
    "already_fulfilled": _("This line has already been sent."),
    "line_removed": _("This line was removed from its order."),
    "nothing_to_send": _("This line needs no parcel."),
    "already_imported": _("This order is already here."),
    # refused
    "missing_order_ref": _("The order number is missing."),
    "missing_sku": _("The SKU is missing."),
    "unknown_sku": _("This SKU is not in the catalogue."),
    "bad_quantity": _("The quantity is not a whole number."),
    "zero_quantity": _("The quantity is zero."),
    "negative_quantity": _("The quantity is negative."),
    "huge_quantity": _("The quantity exceeds 1,000,000."),
    "bad_amount": _("An amount of this row cannot be read, or can be read in two ways; write it as 1234.50."),
    "negative_amount": _("An amount of this row is negative."),
    "huge_amount": _("An amount of this row is too large."),
    "discount_too_large": _("The discount of this row exceeds its price."),
    "unknown_currency": _("The currency is missing or unknown; write its code of three letters, such as EUR."),
    "bad_date": _("The date cannot be read; write it as 2026-12-31."),
    "bad_wanted_date": _(
        "The wanted day of delivery cannot be read, is before the order or far away; write it as 2026-12-31."
    ),
    "ambiguous_date": _("The date can be read in two ways; write it as 2026-12-31, or say which comes first."),
    "unknown_country": _("The country is unknown; write its code of two letters, such as FR."),
    "cell_too_long_for_order": _("A cell of this row is longer than an order can hold."),
    "order_rows_disagree": _("The rows of this order disagree about the order itself."),
    "order_head_missing": _("The first row of this order, which carries its amounts and address, is missing."),
    "order_came_differently": _("An order with this number came before with other content."),
    "other_currency": _(
        "The shop tells this order in another currency now than when it came: here it stays as it was."
    ),
    "amounts_do_not_balance": _("The amounts of this order do not add up to its total."),
    "too_many_lines": _("This order has more than 10,000 rows."),
    "huge_bundle": _("The bundles hold more units than the books can count: 2,147,483,647."),
    "no_stock": _("There is not enough stock, and this channel takes no order that has to wait."),
    "unknown_channel": _("There is no sales channel of that code."),
    "order_incomplete": _("Another row of this order is refused; correct it and send the whole order again."),
    # by a person
    "set_aside": pgettext_lazy("row", "A person set it aside."),
}
