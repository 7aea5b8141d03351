"""What the orders of a custom store's export say, in our words; pure.

A message is one `Order` within an `Export` element of ours, which carries what the export does not say: the currency
and which statuses mean what. Unit prices are with or without tax as the shop likes: what makes the total add up counts.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final
from xml.etree.ElementTree import Element

from colisage.connectors.custom_store.config import STATUSES
from colisage.connectors.values import country_of, currency_of, exact, moment_of, rounded, units
from colisage.connectors.xml_trees import text
from colisage.intake.ports import (
    DraftAddress,
    DraftCharge,
    DraftLine,
    OrderDraft,
    OrderTold,
    Payment,
    Unreadable,
)

NOTICE: Final = "shipnotify"  # the topic of notices that a tool from outside sends us
BY_SKU: Final = "sku:"  # how a line is called that has no LineItemID
_PAYMENTS: Final[Mapping[str, Payment]] = {
    "unpaid": "pending",
    "on_hold": "pending",
    "paid": "paid",
    "shipped": "paid",
}
_LATE: Final = re.compile(r"(\s(?:1[3-9]|2[0-3]):\d{2}(?::\d{2})?)\s*[AaPp][Mm]$")


def told(root: Element) -> OrderTold:
    """Read one order; raises `Unreadable`."""
    order = root.find("Order")
    if root.tag != "Export" or order is None:
        raise Unreadable("unreadable", "Order")
    ref = text(order, "OrderNumber")
    if not ref:
        raise Unreadable("missing_order_ref", "OrderNumber")
    status = meaning(root, text(order, "OrderStatus"))
    try:
        return OrderTold(
            draft=_draft(order, ref, currency=currency_of(root.get("currency", "")), payment=_PAYMENTS.get(status)),
            version=_moment(order, "LastModified") if text(order, "LastModified") else None,
            cancelled=status == "cancelled",
            finished=status == "shipped",
        )
    except Unreadable as fault:
        fault.external_ref = ref
        raise


def noticed(root: Element) -> Unreadable:
    """Say for a person what a notice from outside tells: another service sent what was to be sent from here."""
    said = (text(root, name) for name in ("OrderNumber", "Carrier", "Service", "TrackingNumber"))
    fault = Unreadable("sent_elsewhere", " · ".join(filter(None, said)))
    fault.external_ref = root.get("ref", "")
    return fault


def meaning(root: Element, status: str) -> str:
    """Say what a status of the export means; nothing when nobody said: such an order waits."""
    for name, usual in STATUSES.items():
        words = {word.strip().casefold() for word in (root.get(name) or usual).split(",")}
        if status.casefold() in words:
            return name
    return ""


def _draft(order: Element, ref: str, *, currency: str, payment: Payment | None) -> OrderDraft:
    items = order.findall("Items/Item")
    lines: list[DraftLine] = []
    fees: list[DraftCharge] = []
    discount = 0
    for item in items:
        if text(item, "Adjustment").casefold() in {"true", "1"}:
            cents = rounded(_price(item) * _units(item), currency)
            discount -= min(cents, 0)
            fees += [DraftCharge("fee", cents, text(item, "Name", longest=100))] if cents > 0 else []
        elif _units(item):
            lines.append(_line(item, currency, known=[line.external_ref for line in lines]))
    total, tax, shipping = (
        rounded(exact(text(order, name), name), currency) for name in ("OrderTotal", "TaxAmount", "ShippingAmount")
    )
    left = total - sum(line.total_cents for line in lines) - sum(fee.cents for fee in fees) - shipping + discount
    gross = abs(left) <= abs(left - tax)
    left -= 0 if gross else tax
    rounding = (DraftCharge("rounding", left),) if 0 < abs(left) <= len(items) + 1 else ()
    payer, target = order.find("Customer/BillTo"), order.find("Customer/ShipTo")
    bill_to = _address(payer)
    return OrderDraft(
        external_ref=ref,
        number=ref,
        placed_at=_moment(order, "OrderDate"),
        currency=currency,
        lines=tuple(lines),
        total_cents=total,
        ship_to=_address(target) or bill_to,
        bill_to=bill_to,
        email=text(payer, "Email"),
        phone=text(target, "Phone") or text(payer, "Phone"),
        customer_name=text(payer, "Name") or text(target, "Name"),
        shipping_cents=shipping,
        tax_cents=tax,
        discount_cents=discount,
        charges=(*fees, *rounding),
        prices_include_tax=gross,
        payment=payment or "unknown",
        shipping_method=text(order, "ShippingMethod"),
        customer_note=text(order, "CustomerNotes", longest=5_000),
        gift_note=text(order, "GiftMessage", longest=2_000),
    )


def _line(item: Element, currency: str, *, known: list[str]) -> DraftLine:
    quantity, price, sku = _units(item), _price(item), text(item, "SKU")
    if price < 0:
        raise Unreadable("negative_amount", f"{text(item, 'Name')}: {price}")
    amount = rounded(price * quantity, currency)
    unit = -(-amount // quantity)  # a price with more decimals than cents: the line is what counts
    ref = text(item, "LineItemID") or f"{BY_SKU}{sku}"
    return DraftLine(
        sku=sku or f"custom_store:{text(item, 'LineItemID') or text(item, 'Name')}"[:300],
        quantity=quantity,
        unit_price_cents=unit,
        name=text(item, "Name"),
        discount_cents=unit * quantity - amount,
        external_ref=ref if ref not in known else f"{ref}#{len(known)}",
        personalisation="\n".join(
            f"{text(one, 'Name')}: {text(one, 'Value')}" for one in item.iterfind("Options/Option")
        )[:5_000],
    )


def _units(item: Element) -> int:
    return units(text(item, "Quantity"), text(item, "Name"))


def _price(item: Element) -> Decimal:
    return exact(text(item, "UnitPrice"), f"UnitPrice of {text(item, 'Name')}")


def _moment(order: Element, name: str) -> datetime:
    said = _LATE.sub(r"\1", text(order, name))  # “21:56 PM” is in the guide's own example
    return moment_of(said, name, order="mdy")


def _address(found: Element | None) -> DraftAddress | None:
    if not any(text(found, name) for name in ("Address1", "Address2", "City", "PostalCode")):
        return None
    return DraftAddress(
        name=text(found, "Name"),
        company=text(found, "Company"),
        line1=text(found, "Address1"),
        line2=text(found, "Address2"),
        postcode=text(found, "PostalCode"),
        city=text(found, "City"),
        region=text(found, "State"),
        country=country_of(text(found, "Country")),
        phone=text(found, "Phone"),
    )
