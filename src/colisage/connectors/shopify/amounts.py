"""The money of an order of Shopify, made to add up; pure.

Shopify says what an order cost when it was placed and what it comes to now, after refunds and edits. The second counts,
unless nothing was taken away and only the first adds up. What the parts do not explain is named where the shop names it
(a tip, a discount of the whole order, money given back for no line); the rest stays unexplained, and a person sees it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from colisage.connectors.shopify.backs import Back
from colisage.connectors.shopify.lines import line_of, of_a_tip
from colisage.connectors.shopify.purse import Purse
from colisage.connectors.values import count, items, text
from colisage.intake.ports import DraftCharge, DraftLine, RefundTold


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read the amounts of an order, in minor units."""

    lines: tuple[DraftLine, ...]
    total: int
    tax: int
    shipping: int
    gross: bool
    charges: tuple[DraftCharge, ...] = ()
    discount: int = 0
    refunds: tuple[RefundTold, ...] = ()

    @property
    def unexplained(self) -> int:
        """By how much the total is more than its parts."""
        parts = sum(line.total_cents for line in self.lines) + self.shipping + (0 if self.gross else self.tax)
        return self.total - parts - sum(charge.cents for charge in self.charges) + self.discount


def reading_of(order: Mapping[str, Any], purse: Purse) -> Reading:
    """Read the amounts of an order. Raises `Unreadable`."""
    back = Back(order, purse, gross=bool(order.get("taxes_included")))
    now = replace(_explained(_now(order, purse, back), order, purse, back), refunds=tuple(back.told))
    if now.unexplained and not _anything_taken(order):
        as_placed = _explained(_as_placed(order, purse, back), order, purse, back)
        return now if as_placed.unexplained else as_placed
    return now


def _now(order: Mapping[str, Any], purse: Purse, back: Back) -> Reading:
    gross = bool(order.get("taxes_included"))
    old = not purse.said(order, "current_total_price")
    total = purse.of(order, "total_price") - back.total if old else purse.of(order, "current_total_price") + back.later
    said = purse.said(order, "current_total_tax")
    tax = purse.of(order, "current_total_tax") + back.later_tax if said else purse.of(order, "total_tax")
    if purse.said(order, "current_shipping_price"):
        shipping = purse.of(order, "current_shipping_price") + back.later_shipping
    else:
        shipping = _carriage(order, purse) - back.shipping
    lines = _lines(order, purse, back)
    return Reading(lines, total, tax, shipping, gross, _charges(order, purse, when="current"))


def _as_placed(order: Mapping[str, Any], purse: Purse, back: Back) -> Reading:
    return Reading(
        lines=_lines(order, purse, back),
        total=purse.of(order, "total_price"),
        tax=purse.of(order, "total_tax"),
        shipping=_carriage(order, purse),
        gross=bool(order.get("taxes_included")),
        charges=_charges(order, purse, when="original"),
    )


def _lines(order: Mapping[str, Any], purse: Purse, back: Back) -> tuple[DraftLine, ...]:
    """Give the lines by their numbers, since a webhook and an answer may list them in another order."""
    goods = [one for one in items(order, "line_items") if not of_a_tip(one, order)]
    found = [line for one in goods if (line := line_of(one, purse, back, order)) is not None]
    return tuple(sorted(found, key=lambda line: (len(line.external_ref), line.external_ref)))


def _carriage(order: Mapping[str, Any], purse: Purse) -> int:
    kept = [one for one in items(order, "shipping_lines") if not one.get("is_removed")]
    return sum(purse.of(one, "discounted_price" if purse.said(one, "discounted_price") else "price") for one in kept)


def _charges(order: Mapping[str, Any], purse: Purse, *, when: str) -> tuple[DraftCharge, ...]:
    """Give what the shop names besides goods and carriage; duties that are in the prices are not on top of them."""

    def of(name: str) -> int:
        said = [f"{one}_{name}" for one in (when, "original") if purse.said(order, f"{one}_{name}")]
        return purse.of(order, said[0]) if said else 0

    tips = [
        DraftCharge("tip", purse.of(one, "price") * count(one, "quantity"), text(one, "name")[:100])
        for one in items(order, "line_items")
        if of_a_tip(one, order)
    ]
    duties = 0 if order.get("duties_included") else of("total_duties")
    named = [*tips, DraftCharge("duty", duties), DraftCharge("fee", of("total_additional_fees"))]
    return tuple(charge for charge in named if charge.cents)


def _explained(reading: Reading, order: Mapping[str, Any], purse: Purse, back: Back) -> Reading:
    """Name what the parts do not explain, where the shop gives a reason for it."""
    rest = reading.unexplained
    if not rest:
        return reading
    if _is_tip(rest, order, purse):
        return _with(reading, DraftCharge("tip", rest))
    if rest < 0 and not _allocated(order) and -rest <= purse.of(order, "total_discounts"):
        return replace(reading, discount=-rest)
    if rest < 0 and rest in {back.adjusted, back.unnamed}:
        return _with(reading, DraftCharge("refund", rest))
    if abs(rest) <= len(reading.lines) + 2:  # each line is rounded by itself, in the customer's currency
        return _with(reading, DraftCharge("rounding", rest))
    return reading


def _with(reading: Reading, charge: DraftCharge) -> Reading:
    return replace(reading, charges=(*reading.charges, charge))


def _is_tip(rest: int, order: Mapping[str, Any], purse: Purse) -> bool:
    """Say whether what is left is the tip; a webhook names it in the shop's currency alone."""
    if rest < 0 or (text(order, "total_tip_received").strip("0.") == "" and not order.get("total_tip_received_set")):
        return False
    if order.get("total_tip_received_set") or not purse.foreign:
        return rest == purse.of(order, "total_tip_received")
    own = Purse({"currency": order.get("currency")})
    there, here = own.of(order, "total_price"), purse.of(order, "total_price")
    tip = own.of(order, "total_tip_received")
    return abs(rest * there - tip * here) * 50 <= tip * here  # its rate is known to two places only


def _allocated(order: Mapping[str, Any]) -> bool:
    return any(items(one, "discount_allocations") for one in items(order, "line_items"))


def _anything_taken(order: Mapping[str, Any]) -> bool:
    lines: Sequence[Mapping[str, Any]] = items(order, "line_items")
    return any(one.get("current_quantity") not in (None, one.get("quantity")) for one in lines) or bool(
        items(order, "refunds")
    )
