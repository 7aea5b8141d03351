"""What WooCommerce's orders say, in our words; pure.

Amounts of lines, carriage and fees are given without tax, each beside its tax. Where the shop's prices include tax, so
do ours: the customer reads on the packing slip what was paid. Refunds (asked for besides) are told beside the order:
the shop does not say whether their units had left.

An order does not say which of its lines are virtual. One without a way of delivery and without a delivery address had
nothing to deliver, or the shop sells without delivery: which of its products are virtual is asked for besides, and
their lines need no parcel. One that the customer collects (`local_pickup`, and `pickup_location` of the checkout in
blocks) has no delivery address: it is held, so that nothing goes to who pays, until the shop completes it, which says
that it was handed over, or a person decides otherwise.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from html import unescape
from typing import Any, Final

from colisage.connectors.values import amount, count, currency_of, items, moment, text
from colisage.intake.ports import (
    AskFor,
    DraftAddress,
    DraftCharge,
    DraftLine,
    GivenBack,
    Nothing,
    OrderDraft,
    OrderTold,
    Payment,
    Unreadable,
)

UNFINISHED: Final = frozenset({"checkout-draft", "auto-draft", "draft"})
CANCELLED: Final = frozenset({"cancelled", "refunded", "failed", "trash"})
FINISHED: Final = "completed"
PICKED_UP: Final = frozenset({"local_pickup", "pickup_location"})
SENDER: Final = "WooCommerce"
_PAYMENTS: Final[Mapping[str, Payment]] = {"pending": "pending", "on-hold": "pending", "refunded": "refunded"}


def told(body: Any) -> OrderTold | AskFor | Nothing:
    """Read one order; `_refunds` are its refunds, where they were asked for. Raises `Unreadable`."""
    if not isinstance(body, Mapping):
        raise Unreadable("unreadable", "not an object")
    if "refunded_by" in body and text(body, "parent_id") not in {"", "0"}:
        return AskFor(text(body, "parent_id"))  # a refund by itself
    if "line_items" not in body or "refunded_by" in body:
        return Nothing("not_an_order", text(body, "id"))
    ref, status = text(body, "id"), text(body, "status")
    if status in UNFINISHED:
        return Nothing("unfinished", ref)
    if not ref:
        raise Unreadable("missing_order_ref", "id")
    if body.get("refunds") and "_refunds" not in body and status not in CANCELLED - {"refunded"}:
        return AskFor(ref)  # only the refunds themselves say of which units
    if may_be_virtual(body) and "_virtual" not in body and status not in CANCELLED | {FINISHED}:
        return AskFor(ref)  # only the products say so
    try:
        return OrderTold(
            draft=_draft(body, ref, status=status),
            version=moment(body, "date_modified_gmt"),
            cancelled=status in CANCELLED,
            finished=status == FINISHED,
            given_back=_given_back(body),
            **_collected(body, status=status),
        )
    except Unreadable as fault:
        fault.external_ref = ref
        raise


def may_be_virtual(body: Mapping[str, Any]) -> bool:
    """Say whether an order may have nothing to deliver: only then its products are worth a question."""
    return bool(items(body, "line_items")) and not items(body, "shipping_lines") and not _address(body.get("shipping"))


def _collected(body: Mapping[str, Any], *, status: str) -> dict[str, Any]:
    """Give what is told besides of an order that the customer collects: it waits until it was handed over."""
    ways = {text(one, "method_id").partition(":")[0] for one in items(body, "shipping_lines")}
    if not ways or not ways <= PICKED_UP:
        return {}
    if status != FINISHED:
        return {"hold": "collected", "sender": SENDER}
    return {
        "hold": "",
        "sender": SENDER,
        "sent": {text(one, "id"): count(one, "quantity") for one in items(body, "line_items")},
    }


def _draft(body: Mapping[str, Any], ref: str, *, status: str) -> OrderDraft:
    currency = currency_of(text(body, "currency"))
    gross = bool(body.get("prices_include_tax"))
    virtual = {str(one) for one in body.get("_virtual") or ()}
    lines = tuple(
        _line(item, currency, gross=gross, virtual=text(item, "id") in virtual) for item in items(body, "line_items")
    )
    shipping = amount(body, "shipping_total", currency) + (amount(body, "shipping_tax", currency) if gross else 0)
    charges = [
        DraftCharge("fee", _both(item, currency, gross=gross), text(item, "name")[:100])
        for item in items(body, "fee_lines")
    ]
    charges += [
        DraftCharge("gift_card", -amount(item, "amount", currency), text(item, "code")[:100])
        for item in items(body, "gift_cards")
    ]
    total, tax = amount(body, "total", currency), amount(body, "total_tax", currency)
    parts = sum(line.total_cents for line in lines) + shipping + (0 if gross else tax)
    kept = [charge for charge in charges if charge.cents]
    unexplained = total - parts - sum(charge.cents for charge in kept)
    if 0 < abs(unexplained) <= len(lines) + len(charges) + 2:  # the shop rounds each line by itself
        kept.append(DraftCharge("rounding", unexplained))
    billing, shipping_to = body.get("billing"), body.get("shipping")
    bill_to = _address(billing)
    return OrderDraft(
        external_ref=ref,
        number=text(body, "number") or ref,
        placed_at=moment(body, "date_created_gmt") or datetime.now(UTC),
        currency=currency,
        lines=lines,
        total_cents=total,
        ship_to=_address(shipping_to) or bill_to,
        bill_to=bill_to,
        email=text(billing, "email"),
        phone=text(shipping_to, "phone") or text(billing, "phone"),
        customer_name=_name(billing) or _name(shipping_to),
        shipping_cents=shipping,
        tax_cents=tax,
        charges=tuple(kept),
        prices_include_tax=gross,
        payment=_payment(body, status),
        shipping_method="; ".join(text(item, "method_title") for item in items(body, "shipping_lines"))[:300],
        customer_note=text(body, "customer_note", longest=5_000),
        gift_note=_gift(body),
    )


def _line(item: Mapping[str, Any], currency: str, *, gross: bool, virtual: bool) -> DraftLine:
    units, paid = _units(item), _both(item, currency, gross=gross)
    before = amount(item, "subtotal", currency) + (amount(item, "subtotal_tax", currency) if gross else 0)
    unit = -(-max(before, paid, 0) // units)  # so that a discount is never negative
    product = text(item, "product_id") + (
        f"-{variation}" if (variation := text(item, "variation_id")) not in {"", "0"} else ""
    )
    return DraftLine(
        sku=text(item, "sku") or f"woocommerce:{product}",
        quantity=units,
        unit_price_cents=unit,
        name=unescape(text(item, "name")),
        discount_cents=unit * units - paid,
        tax_cents=max(amount(item, "total_tax", currency), 0),
        external_ref=text(item, "id"),
        requires_shipping=not virtual,
        personalisation=_meta(item),
    )


def _given_back(body: Mapping[str, Any]) -> tuple[GivenBack, ...]:
    """Read the refunds of an order, the first first."""
    currency, gross = currency_of(text(body, "currency")), bool(body.get("prices_include_tax"))
    found = [_refund(one, currency, gross=gross) for one in items(body, "_refunds")]
    return tuple(sorted(found, key=lambda one: (one.at or datetime.min.replace(tzinfo=UTC), one.key)))


def _refund(refund: Mapping[str, Any], currency: str, *, gross: bool) -> GivenBack:
    lines, carriage = items(refund, "line_items"), items(refund, "shipping_lines")
    return GivenBack(
        key=text(refund, "id", longest=60),
        at=moment(refund, "date_created_gmt"),
        cents=abs(amount(refund, "amount", currency) or amount(refund, "total", currency)),
        tax_cents=sum(abs(amount(one, "total_tax", currency)) for one in (*lines, *carriage)),
        shipping_cents=sum(abs(_both(one, currency, gross=gross)) for one in carriage),
        lines=tuple(
            (
                _refunded(one),
                abs(count(one, "quantity")),
                abs(_both(one, currency, gross=gross)),
                abs(amount(one, "total_tax", currency)),
            )
            for one in lines
        ),
    )


def _refunded(item: Mapping[str, Any]) -> str:
    """Give the line of the order that a line of a refund is of."""
    found = (text(one, "value") for one in items(item, "meta_data") if text(one, "key") == "_refunded_item_id")
    return next(found, "")


def _payment(body: Mapping[str, Any], status: str) -> Payment:
    if status in _PAYMENTS:
        return _PAYMENTS[status]
    if text(body, "payment_method") == "cod":
        return "authorized"  # the customer pays at the door
    return (
        "paid"
        if body.get("date_paid_gmt") or body.get("date_paid") or status in {"processing", "completed"}
        else "pending"
    )


def _both(item: Mapping[str, Any], currency: str, *, gross: bool) -> int:
    return amount(item, "total", currency) + (amount(item, "total_tax", currency) if gross else 0)


def _units(item: Mapping[str, Any]) -> int:
    units = count(item, "quantity")
    if units < 1:
        raise Unreadable("zero_quantity" if units == 0 else "negative_quantity", text(item, "name"))
    return units


def _name(address: Any) -> str:
    return " ".join(filter(None, (text(address, "first_name"), text(address, "last_name"))))


def _address(address: Any) -> DraftAddress | None:
    found = DraftAddress(
        name=_name(address),
        company=text(address, "company"),
        line1=text(address, "address_1"),
        line2=text(address, "address_2"),
        postcode=text(address, "postcode"),
        city=text(address, "city"),
        region=text(address, "state"),
        country=text(address, "country").upper()[:2],
        phone=text(address, "phone"),
    )
    return found if any((found.line1, found.line2, found.city, found.postcode)) else None


def _meta(item: Mapping[str, Any]) -> str:
    """Give what the customer chose for a line, as the shop shows it: what begins with _ is the shop's own."""
    shown = []
    for one in items(item, "meta_data"):
        key, value = text(one, "display_key") or text(one, "key"), text(one, "display_value") or text(one, "value")
        if value and not text(one, "key").startswith("_"):
            shown.append(f"{key}: {unescape(value)}")
    return "\n".join(shown)[:5_000]


def _gift(body: Mapping[str, Any]) -> str:
    notes = [
        text(one, "value", longest=2_000) for one in items(body, "meta_data") if "gift_message" in text(one, "key")
    ]
    return "\n".join(filter(None, notes))
