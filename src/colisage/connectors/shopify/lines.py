"""The lines of an order of Shopify, less what was taken back; pure."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from colisage.connectors.shopify.config import OUR_SERVICE
from colisage.connectors.shopify.purse import Purse
from colisage.connectors.values import count, items, text
from colisage.intake.ports import DraftLine, Unreadable
from colisage.kit.money import shares

# Handles that mean nobody in particular sends the line: it is ours.
_NOBODY: Final = frozenset({"", "manual", "gift_card", "gift-card"})


class Back:
    """The refunds of an order, summed by line; amounts as the order counts them, with or without tax."""

    def __init__(self, refunds: Sequence[Mapping[str, Any]], purse: Purse, *, gross: bool) -> None:
        self.any = bool(refunds)
        self.units: dict[str, int] = {}
        self.amounts: dict[str, int] = {}
        self.taxes: dict[str, int] = {}
        self.total = self.shipping = self.adjusted = 0
        for refund in refunds:
            self._lines(refund, purse)
            self._besides(refund, purse)
            self.total += _paid_back(refund, purse)
        named = sum(self.amounts.values()) + self.shipping + (0 if gross else sum(self.taxes.values()))
        self.unnamed = named - self.total  # given back for no line and no carriage

    def _lines(self, refund: Mapping[str, Any], purse: Purse) -> None:
        for one in items(refund, "refund_line_items"):
            ref = text(one, "line_item_id")
            self.units[ref] = self.units.get(ref, 0) + count(one, "quantity")
            self.amounts[ref] = self.amounts.get(ref, 0) + purse.of(one, "subtotal")
            self.taxes[ref] = self.taxes.get(ref, 0) + purse.of(one, "total_tax")

    def _besides(self, refund: Mapping[str, Any], purse: Purse) -> None:
        carriage = items(refund, "refund_shipping_lines")
        self.shipping += sum(purse.of(one, "subtotal_amount") for one in carriage)
        for one in items(refund, "order_adjustments"):
            if text(one, "kind") != "shipping_refund":
                self.adjusted += purse.of(one, "amount") + purse.of(one, "tax_amount")
            elif not carriage:
                self.shipping -= purse.of(one, "amount")  # it is negative


def of_a_tip(item: Mapping[str, Any], order: Mapping[str, Any]) -> bool:
    """Say whether a line is no goods but the tip: only the webhook marks it."""
    if text(item, "tip_payment_gateway"):
        return True
    tipped = order.get("total_tip_received_set") or text(order, "total_tip_received").strip("0.")
    bare = not item.get("requires_shipping") and not text(item, "variant_id") and not text(item, "sku")
    return bool(tipped) and bare and text(item, "name").casefold() == "tip"


def line_of(item: Mapping[str, Any], purse: Purse, back: Back) -> DraftLine | None:
    """Read a line with the units that are still wanted; None when there are none. Raises `Unreadable`."""
    ref, ordered = text(item, "id"), count(item, "quantity")
    if ordered < 0 or (ordered == 0 and not text(item, "current_quantity")):
        raise Unreadable("zero_quantity" if ordered == 0 else "negative_quantity", text(item, "name"))
    gone = back.units.get(ref, 0)
    units = count(item, "current_quantity") if item.get("current_quantity") is not None else max(ordered - gone, 0)
    if units < 0 or units > ordered:
        raise Unreadable("bad_quantity", f"{text(item, 'name')}: {units} of {ordered}")
    if units == 0:
        return None
    price = purse.of(item, "price")
    discount, tax = _discount(item, purse), sum(purse.of(one, "price") for one in items(item, "tax_lines"))
    if gone and gone == ordered - units and price * gone >= back.amounts[ref] >= price * gone - discount:
        discount, tax = discount - (price * gone - back.amounts[ref]), tax - back.taxes[ref]
    elif units < ordered:
        discount, tax = shares(discount, weights=[units, ordered - units])[0], tax * units // ordered
    return DraftLine(
        sku=text(item, "sku") or f"shopify:{text(item, 'variant_id') or text(item, 'product_id') or 'custom'}",
        quantity=units,
        unit_price_cents=price,
        name=text(item, "name") or text(item, "title"),
        discount_cents=discount,
        tax_cents=max(tax, 0),
        requires_shipping=bool(item.get("requires_shipping", True)) and not item.get("gift_card"),
        external_ref=ref,
        personalisation="\n".join(f"{name}: {value}" for name, value in chosen(item.get("properties")))[:5_000],
        served_by=_served_by(item),
    )


def chosen(pairs: Any) -> list[tuple[str, str]]:
    """Give what the customer chose or wrote, as (name, value); names that begin with _ are the shop's own."""
    if isinstance(pairs, Mapping):  # old versions give one object instead of a list
        pairs = [pairs] if pairs else []
    if not isinstance(pairs, list):
        return []
    found = [(text(one, "name"), text(one, "value", longest=2_000)) for one in pairs if isinstance(one, Mapping)]
    return [(name, value) for name, value in found if value and name and not name.startswith("_")]


def _discount(item: Mapping[str, Any], purse: Purse) -> int:
    given = items(item, "discount_allocations")
    return sum(purse.of(one, "amount") for one in given) if given else purse.of(item, "total_discount")


def _served_by(item: Mapping[str, Any]) -> str:
    handle = text(item, "fulfillment_service", longest=100)
    return "" if handle.casefold() in _NOBODY or handle.casefold().startswith(OUR_SERVICE) else handle


def _paid_back(refund: Mapping[str, Any], purse: Purse) -> int:
    if purse.said(refund, "total_refunded"):
        return purse.of(refund, "total_refunded")
    deals = [one for one in items(refund, "transactions") if (text(one, "kind"), text(one, "status")) == (
        "refund", "success",
    )]  # fmt: skip
    same = [one for one in deals if text(one, "currency").upper() in {"", purse.currency}]
    return sum(Purse({"currency": purse.currency}).of(one, "amount") for one in same)
