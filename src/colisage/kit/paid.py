"""What was paid for an order, split to the cent: what a line cost, and each of its units."""

from collections.abc import Mapping
from dataclasses import dataclass

from colisage.kit.money import shares


@dataclass(frozen=True, slots=True)
class PaidLine:
    """A line as it was paid: `cents` is its price less its own discount, for all its units."""

    id: int
    quantity: int
    cents: int
    tax_cents: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """What was paid for an order, in minor units; `discount_cents` is of the order as a whole.

    `extra_cents` are tips and fees: they belong to the order as a whole too, and to none of its goods.
    `credit_cents` were paid by gift cards, besides the total: goods are worth what they cost, however they were paid.
    """

    lines: tuple[PaidLine, ...]
    total_cents: int
    shipping_cents: int = 0
    discount_cents: int = 0
    tax_cents: int = 0
    prices_include_tax: bool = True
    credit_cents: int = 0
    extra_cents: int = 0


@dataclass(frozen=True, slots=True)
class Worth:
    """What was paid, split: (goods before tax, tax) of each line, carriage before tax, tax on it, tips and fees.

    Adds up exactly, to the total and what gift cards paid.
    """

    lines: Mapping[int, tuple[int, int]]
    shipping: int
    shipping_tax: int
    extra: int


def worth(paid: Paid) -> Worth:
    """Split what was paid over lines, carriage and extras; the parts add up to it, to the cent, and none is negative.

    The discount of the order lowers the lines in proportion, then the carriage. Tax the shop did not put on lines is
    carriage's, or everything's in proportion when no line has any. What still differs from the total is shared.
    """
    net, carriage = _less_discount(paid)
    taxes, carriage_tax = _taxes(paid, net=net, carriage=carriage)
    if paid.prices_include_tax:
        taxes = [min(t, n) for t, n in zip(taxes, net, strict=True)]
        net = [n - t for n, t in zip(net, taxes, strict=True)]
        carriage_tax = min(carriage_tax, carriage)
        carriage -= carriage_tax
    whole = max(paid.total_cents, 0) + paid.credit_cents
    extra = min(paid.extra_cents, whole)
    parts = shares(whole - extra, weights=[*net, *taxes, carriage, carriage_tax])
    n = len(net)
    return Worth(
        {line.id: (parts[i], parts[n + i]) for i, line in enumerate(paid.lines)},
        shipping=parts[2 * n],
        shipping_tax=parts[2 * n + 1],
        extra=extra,
    )


def tax_on(cents: int, *, paid: Paid, line_id: int | None = None) -> int:
    """Give the tax of goods of so many cents more, taxed as a line was, or (without one) as all goods of the order.

    In or on top of these cents, as the order's prices are; rounded half up. 0 where nothing says a rate.
    """
    net, carriage = _less_discount(paid)
    taxes, _carriage_tax = _taxes(paid, net=net, carriage=carriage)
    own = [n for n, line in enumerate(paid.lines) if line.id == line_id and net[n]] or range(len(net))
    base, tax = sum(net[n] for n in own), sum(taxes[n] for n in own)
    return (2 * cents * tax + base) // (2 * base) if base else 0


def _less_discount(paid: Paid) -> tuple[list[int], int]:
    """Give the price of each line, and of carriage, less the discount of the order as a whole."""
    gross = [max(line.cents, 0) for line in paid.lines]
    off = min(paid.discount_cents, sum(gross))
    net = [g - d for g, d in zip(gross, shares(off, weights=gross), strict=True)]
    return net, max(paid.shipping_cents - (paid.discount_cents - off), 0)


def _taxes(paid: Paid, *, net: list[int], carriage: int) -> tuple[list[int], int]:
    """Give the tax of each line, and of carriage."""
    told = [max(line.tax_cents, 0) for line in paid.lines]
    rest = max(paid.tax_cents, 0) - sum(told)
    if not any(told):
        parts = shares(max(paid.tax_cents, 0), weights=[*net, carriage])
        return parts[:-1], parts[-1]
    if rest < 0 or not carriage:
        return shares(max(paid.tax_cents, 0), weights=told), 0
    return told, rest


def part_of(cents: int, *, of: int, start: int, end: int) -> int:
    """Give the cents of the units from `start` to `end` of so many; the slices of a line add up to it."""
    return cents * end // of - cents * start // of


def net(paid: Paid, *, cancelled: Mapping[int, int]) -> int:
    """Give what an order comes to when these units of its lines are not wanted any more.

    The last units of a line are cancelled, as the first ones are paid back: no unit's cents are counted twice. With
    nothing left, carriage, tips and fees go too. What gift cards paid is not in it: it is never below 0.
    """
    if all(cancelled.get(line.id, 0) >= line.quantity for line in paid.lines):
        return 0
    value = worth(paid)
    off = 0
    for line in paid.lines:
        units = cancelled.get(line.id, 0)
        for cents in value.lines[line.id]:
            off += part_of(cents, of=line.quantity, start=line.quantity - units, end=line.quantity)
    return max(paid.total_cents - off, 0)
