"""The money of an exported order, made to add up.

The export does not say whether prices include the taxes, nor whether `Discount Amount` contains the discounts
of the lines or repeats one that is already taken off the carriage. The order's total does: the one reading
that reaches it is the right one. An order that no reading explains is refused rather than guessed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import product
from typing import Final

from msgspec import structs

from colisage.connectors.order_rows import RowRefused, amount
from colisage.connectors.shopify.order_cells import cell
from colisage.intake.ports import DraftCharge, DraftLine
from colisage.kit.money import shares
from colisage.kit.tabular import Row

_ROW_TAXES: Final = ("tax 1 price", "tax 2 price", "tax 3 price")


@dataclass(frozen=True, slots=True)
class Money:
    """Amounts of an order in minor units, with its lines; tips and duties are charges of their own."""

    currency: str
    lines: tuple[DraftLine, ...]
    shipping_cents: int
    tax_cents: int
    discount_cents: int
    prices_include_tax: bool
    charges: tuple[DraftCharge, ...] = ()

    @property
    def total_cents(self) -> int:
        """Add everything up."""
        net = sum(line.total_cents for line in self.lines) + self.shipping_cents - self.discount_cents
        net += sum(charge.cents for charge in self.charges)
        return net if self.prices_include_tax else net + self.tax_cents


def row_tax(row: Row, *, currency: str) -> int:
    """Give the taxes a row names for its line; only the transporter's dialect does."""
    return sum(amount(cell(row, column), currency=currency) for column in _ROW_TAXES)


def order_money(
    rows: Sequence[Row], head: Row, *, currency: str, lines: Sequence[DraftLine], tips: Sequence[DraftLine] = ()
) -> Money:
    """Find the reading of the amounts that reaches the total; without a total, taxes come on top."""

    def of(row: Row, column: str) -> int:
        return amount(cell(row, column), currency=currency)

    said_by = [head] if "total" in head.cells else rows  # the transporter spreads carriage and discounts over rows
    charges = [DraftCharge("tip", tip.total_cents, tip.name[:100]) for tip in tips]
    charges.append(DraftCharge("duty", of(head, "duties")))
    named = tuple(charge for charge in charges if charge.cents)
    shipping = of(head, "shipping") + sum(of(row, "shipping line price") for row in said_by)
    tax = of(head, "taxes") or of(head, "total tax") or sum(line.tax_cents for line in lines)
    tax += sum(of(row, "shipping tax price") for row in said_by)
    discount = sum(_discount(row, currency=currency, lines=lines) for row in said_by)
    found_in = _readings(currency, tuple(lines), shipping=shipping, tax=tax, discount=discount)
    readings = (replace(reading, charges=named) for reading in found_in)
    if cell(head, "total"):
        total = of(head, "total")
        found = next((reading for reading in readings if reading.total_cents == total), None)
    else:
        found = next(reading for reading in readings if not reading.prices_include_tax)
    if found is None or found.total_cents < 0:
        raise RowRefused("amounts_do_not_balance")
    return found


def _readings(
    currency: str, lines: tuple[DraftLine, ...], *, shipping: int, tax: int, discount: int
) -> Iterator[Money]:
    """Give the possible readings, the likeliest first."""
    own = sum(line.discount_cents for line in lines)
    bare = tuple(structs.replace(line, discount_cents=0) for line in lines)
    discounts = [(lines, discount - own)] if discount >= own else []
    discounts += [(lines, discount), (bare, discount), (lines, 0), (bare, 0)]
    for (priced, further), included in product(discounts, (True, False)):
        yield Money(currency, priced, shipping, tax, further, included)


def _discount(row: Row, *, currency: str, lines: Sequence[DraftLine]) -> int:
    """Read a row's discount: an amount, or a percentage of the goods in the transporter's dialect."""
    written = cell(row, "discount amount").removeprefix("-")
    if cell(row, "discount type").casefold() != "percentage" or not written:
        return amount(written, currency=currency)
    percent = amount(written, currency="EUR")  # hundredths of a percent
    if percent > 10_000:
        raise RowRefused("bad_amount")
    goods = Decimal(sum(line.total_cents for line in lines))
    return int((goods * percent / 10_000).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


def part_of(money: Money, *, first: int) -> Money:
    """Give the money of the first lines alone: all the carriage, and their share of discount and tax."""
    weights = [max(line.total_cents, 0) for line in money.lines]
    return replace(
        money,
        lines=money.lines[:first],
        discount_cents=sum(shares(money.discount_cents, weights=weights)[:first]),
        tax_cents=sum(shares(money.tax_cents, weights=weights)[:first]),
    )
