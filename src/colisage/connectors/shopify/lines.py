"""The lines of an order of Shopify, less what was taken back; pure."""

from collections.abc import Mapping
from typing import Any, Final

from colisage.connectors.shopify.backs import Back, units_of
from colisage.connectors.shopify.config import OUR_SERVICE
from colisage.connectors.shopify.purse import Purse
from colisage.connectors.values import count, items, text
from colisage.intake.ports import DraftLine, Unreadable
from colisage.kit.money import shares

# Handles that mean nobody in particular sends the line: it is ours.
NOBODY: Final = frozenset({"", "manual", "gift_card", "gift-card"})


def of_a_tip(item: Mapping[str, Any], order: Mapping[str, Any]) -> bool:
    """Say whether a line is no goods but the tip: only the webhook marks it."""
    if text(item, "tip_payment_gateway"):
        return True
    tipped = order.get("total_tip_received_set") or text(order, "total_tip_received").strip("0.")
    bare = not item.get("requires_shipping") and not text(item, "variant_id") and not text(item, "sku")
    return bool(tipped) and bare and text(item, "name").casefold() == "tip"


def line_of(item: Mapping[str, Any], purse: Purse, back: Back, order: Mapping[str, Any]) -> DraftLine | None:
    """Read a line with the units that are still wanted; None when there are none. Raises `Unreadable`."""
    ref, ordered = text(item, "id"), count(item, "quantity")
    if ordered < 0 or (ordered == 0 and not text(item, "current_quantity")):
        raise Unreadable("zero_quantity" if ordered == 0 else "negative_quantity", text(item, "name"))
    gone, units = back.units.get(ref, 0), units_of(item, order).wanted
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
    handle = text(item, "fulfillment_service", longest=80)
    return "" if handle.casefold() in NOBODY or is_ours(handle) else handle


def is_ours(handle: str) -> bool:
    """Say whether a fulfilment service stands for us."""
    return handle.casefold().startswith(OUR_SERVICE)
