"""What WooCommerce's orders say, in our words; pure.

Amounts of lines, carriage and fees are given without tax, each beside its tax. Where the shop's prices include tax, so
do ours: the customer reads on the packing slip what was paid. Refunds (asked for besides) lower units and total.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from html import unescape
from typing import Any, Final

from colisage.intake.ports import (
    AskFor,
    DraftAddress,
    DraftCharge,
    DraftLine,
    Nothing,
    OrderDraft,
    OrderTold,
    Payment,
    Unreadable,
)
from colisage.kit.money import cents, exponent
from colisage.kit.tabular.cells import currency_code

UNFINISHED: Final = frozenset({"checkout-draft", "auto-draft", "draft"})
CANCELLED: Final = frozenset({"cancelled", "refunded", "failed", "trash"})
_PAYMENTS: Final[Mapping[str, Payment]] = {"pending": "pending", "on-hold": "pending", "refunded": "refunded"}
MOST_UNITS: Final = 1_000_000


def told(body: Any) -> OrderTold | AskFor | Nothing:
    """Read one order; `_refunds` are its refunds, where they were asked for. Raises `Unreadable`."""
    if not isinstance(body, Mapping):
        raise Unreadable("unreadable", "not an object")
    if "line_items" not in body:
        return Nothing("not_an_order", str(body.get("id", "")))
    ref, status = _text(body, "id"), _text(body, "status")
    if status in UNFINISHED:
        return Nothing("unfinished", ref)
    if not ref:
        raise Unreadable("missing_order_ref", "id")
    if body.get("refunds") and "_refunds" not in body and status not in CANCELLED:
        return AskFor(ref)  # only the refunds themselves say of which units
    try:
        return OrderTold(
            draft=_draft(body, ref, status=status),
            version=_moment(body, "date_modified_gmt"),
            cancelled=status in CANCELLED,
            finished=status == "completed",
        )
    except Unreadable as fault:
        fault.external_ref = ref
        raise


def _draft(body: Mapping[str, Any], ref: str, *, status: str) -> OrderDraft:
    currency = _currency(body)
    gross = bool(body.get("prices_include_tax"))
    back = _Refunds(body.get("_refunds") or (), currency=currency, gross=gross)
    lines = tuple(line for item in _items(body, "line_items") if (line := _line(item, back, currency, gross=gross)))
    shipping = _amount(body, "shipping_total", currency) + (_amount(body, "shipping_tax", currency) if gross else 0)
    charges = [
        DraftCharge("fee", _both(item, currency, gross=gross), _text(item, "name")[:100])
        for item in _items(body, "fee_lines")
    ]
    charges += [
        DraftCharge("gift_card", -_amount(item, "amount", currency), _text(item, "code")[:100])
        for item in _items(body, "gift_cards")
    ]
    total = _amount(body, "total", currency) - back.total
    tax = _amount(body, "total_tax", currency) - back.tax
    parts = sum(line.total_cents for line in lines) + shipping - back.shipping + (0 if gross else tax)
    kept = [charge for charge in charges if charge.cents]
    unexplained = total - parts - sum(charge.cents for charge in kept)
    if unexplained and back.total and -unexplained == back.unnamed:
        kept.append(DraftCharge("refund", unexplained))
    elif 0 < abs(unexplained) <= len(lines) + len(charges) + 2:  # the shop rounds each line by itself
        kept.append(DraftCharge("rounding", unexplained))
    billing, shipping_to = body.get("billing"), body.get("shipping")
    bill_to = _address(billing)
    return OrderDraft(
        external_ref=ref,
        number=_text(body, "number") or ref,
        placed_at=_moment(body, "date_created_gmt") or datetime.now(UTC),
        currency=currency,
        lines=lines,
        total_cents=total,
        ship_to=_address(shipping_to) or bill_to,
        bill_to=bill_to,
        email=_text(billing, "email"),
        phone=_text(shipping_to, "phone") or _text(billing, "phone"),
        customer_name=_name(billing) or _name(shipping_to),
        shipping_cents=shipping - back.shipping,
        tax_cents=tax,
        charges=tuple(kept),
        prices_include_tax=gross,
        payment=_payment(body, status),
        shipping_method="; ".join(_text(item, "method_title") for item in _items(body, "shipping_lines"))[:300],
        customer_note=_text(body, "customer_note", longest=5_000),
        gift_note=_gift(body),
    )


def _line(item: Mapping[str, Any], back: "_Refunds", currency: str, *, gross: bool) -> DraftLine | None:
    """Read a line; None when all of it was refunded."""
    ref = _text(item, "id")
    ordered = _units(item)
    units, amount, tax = (
        ordered - back.units.get(ref, 0),
        _both(item, currency, gross=gross),
        _amount(item, "total_tax", currency),
    )
    amount, tax = amount - back.amounts.get(ref, 0), tax - back.taxes.get(ref, 0)
    if units < 1:
        return None
    before = _amount(item, "subtotal", currency) + (_amount(item, "subtotal_tax", currency) if gross else 0)
    unit = max(-(-max(before, 0) // ordered), -(-max(amount, 0) // units))  # so that a discount is never negative
    product = _text(item, "product_id") + (
        f"-{variation}" if (variation := _text(item, "variation_id")) not in {"", "0"} else ""
    )
    return DraftLine(
        sku=_text(item, "sku") or f"woocommerce:{product}",
        quantity=units,
        unit_price_cents=unit,
        name=unescape(_text(item, "name")),
        discount_cents=unit * units - amount,
        tax_cents=max(tax, 0),
        external_ref=ref,
        personalisation=_meta(item),
    )


class _Refunds:
    """The refunds of an order, summed by line. `unnamed` is what was given back for no line and no carriage."""

    def __init__(self, refunds: Sequence[Any], *, currency: str, gross: bool) -> None:
        self.units: dict[str, int] = {}
        self.amounts: dict[str, int] = {}
        self.taxes: dict[str, int] = {}
        self.total = self.tax = self.shipping = 0
        named = 0
        for refund in refunds:
            if not isinstance(refund, Mapping):
                raise Unreadable("unreadable", "_refunds")
            self.total += abs(_amount(refund, "amount", currency) or _amount(refund, "total", currency))
            for item in _items(refund, "line_items"):
                ref = next(
                    (str(m.get("value")) for m in _items(item, "meta_data") if m.get("key") == "_refunded_item_id"), ""
                )
                amount, tax = abs(_both(item, currency, gross=gross)), abs(_amount(item, "total_tax", currency))
                self.units[ref] = self.units.get(ref, 0) + abs(_whole(item, "quantity"))
                self.amounts[ref] = self.amounts.get(ref, 0) + amount
                self.taxes[ref] = self.taxes.get(ref, 0) + tax
                self.tax += tax
                named += amount + (0 if gross else tax)
            for item in _items(refund, "shipping_lines"):
                amount, tax = abs(_both(item, currency, gross=gross)), abs(_amount(item, "total_tax", currency))
                self.shipping += amount
                self.tax += tax
                named += amount + (0 if gross else tax)
        self.unnamed = self.total - named


def _payment(body: Mapping[str, Any], status: str) -> Payment:
    if status in _PAYMENTS:
        return _PAYMENTS[status]
    if _text(body, "payment_method") == "cod":
        return "authorized"  # the customer pays at the door
    return (
        "paid"
        if body.get("date_paid_gmt") or body.get("date_paid") or status in {"processing", "completed"}
        else "pending"
    )


def _both(item: Mapping[str, Any], currency: str, *, gross: bool) -> int:
    return _amount(item, "total", currency) + (_amount(item, "total_tax", currency) if gross else 0)


def _amount(item: Mapping[str, Any], name: str, currency: str) -> int:
    """Read an amount in minor units; more decimals than the currency has are rounded, as the shop's totals are."""
    value = item.get(name)
    if value in (None, ""):
        return 0
    try:
        amount = Decimal(str(value))
        if not amount.is_finite() or abs(amount) >= 10**13:
            raise Unreadable("huge_amount", f"{name}: {value}")
        return cents(amount.quantize(Decimal(1).scaleb(-exponent(currency))), currency=currency)
    except (InvalidOperation, ValueError) as error:
        raise Unreadable("bad_amount", f"{name}: {value}") from error


def _currency(body: Mapping[str, Any]) -> str:
    try:
        return currency_code(_text(body, "currency"))
    except ValueError as error:
        raise Unreadable("unknown_currency", _text(body, "currency")) from error


def _units(item: Mapping[str, Any]) -> int:
    units = _whole(item, "quantity")
    if units < 1:
        raise Unreadable("zero_quantity" if units == 0 else "negative_quantity", _text(item, "name"))
    if units > MOST_UNITS:
        raise Unreadable("huge_quantity", _text(item, "name"))
    return units


def _whole(item: Mapping[str, Any], name: str) -> int:
    value = item.get(name)
    try:
        number = Decimal(str(value))
        if number != number.to_integral_value() or not number.is_finite():
            raise Unreadable("bad_quantity", f"{_text(item, 'name')}: {value}")
        return int(number)
    except InvalidOperation as error:
        raise Unreadable("bad_quantity", f"{_text(item, 'name')}: {value}") from error


def _text(item: Any, name: str, *, longest: int = 300) -> str:
    value = item.get(name) if isinstance(item, Mapping) else None
    if value is None or isinstance(value, Mapping | list):
        return ""
    return str(value).replace("\x00", "").strip()[:longest]


def _items(item: Mapping[str, Any], name: str) -> Iterable[Mapping[str, Any]]:
    value = item.get(name) or ()
    if not isinstance(value, list | tuple) or not all(isinstance(one, Mapping) for one in value):
        raise Unreadable("unreadable", name)
    return value


def _moment(body: Mapping[str, Any], name: str) -> datetime | None:
    text = _text(body, name)
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Unreadable("bad_date", f"{name}: {text}") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _name(address: Any) -> str:
    return " ".join(filter(None, (_text(address, "first_name"), _text(address, "last_name"))))


def _address(address: Any) -> DraftAddress | None:
    found = DraftAddress(
        name=_name(address),
        company=_text(address, "company"),
        line1=_text(address, "address_1"),
        line2=_text(address, "address_2"),
        postcode=_text(address, "postcode"),
        city=_text(address, "city"),
        region=_text(address, "state"),
        country=_text(address, "country").upper()[:2],
        phone=_text(address, "phone"),
    )
    return found if any((found.line1, found.line2, found.city, found.postcode)) else None


def _meta(item: Mapping[str, Any]) -> str:
    """Give what the customer chose for a line, as the shop shows it: what begins with _ is the shop's own."""
    shown = []
    for one in _items(item, "meta_data"):
        key, value = _text(one, "display_key") or _text(one, "key"), _text(one, "display_value") or _text(one, "value")
        if value and not _text(one, "key").startswith("_"):
            shown.append(f"{key}: {unescape(value)}")
    return "\n".join(shown)[:5_000]


def _gift(body: Mapping[str, Any]) -> str:
    notes = [
        _text(one, "value", longest=2_000) for one in _items(body, "meta_data") if "gift_message" in _text(one, "key")
    ]
    return "\n".join(filter(None, notes))
