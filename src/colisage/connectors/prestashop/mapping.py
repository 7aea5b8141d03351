"""What PrestaShop's orders say, in our words; pure. Amounts are with tax, as customers paid them.

A message holds one order with the records it refers to, by resource and id. Units that were refunded are told beside
it: the shop does not say whether they had left, nor names the refund.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, tzinfo
from decimal import Decimal
from html import unescape
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from colisage.connectors.values import amount, country_of, currency_of, exact, items, moment_of, rounded, text, units
from colisage.intake.ports import (
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
from colisage.kit.money import shares

ON_DELIVERY: Final = frozenset({"ps_cashondelivery", "cashondelivery", "codfee", "megareembolso"})


def told(body: Any) -> OrderTold | Nothing:
    """Read one order; raises `Unreadable`."""
    order = body.get("order") if isinstance(body, Mapping) else None
    if not isinstance(order, Mapping):
        raise Unreadable("unreadable", "order")
    ref, state = text(order, "id"), text(order, "current_state")
    if not ref:
        raise Unreadable("missing_order_ref", "id")
    if state in {"", "0"}:
        return Nothing("unfinished", ref)
    flags = _of(body, "order_states", state)
    try:
        zone = _zone(body)
        draft, back = _draft(body, order, ref, zone=zone)
        return OrderTold(
            draft=draft,
            given_back=back,
            version=moment_of(text(order, "date_upd"), "date_upd", zone=zone),
            cancelled=state in {one.strip() for one in text(body, "cancelled").split(",")},
            finished=text(flags, "shipped") == "1",
        )
    except Unreadable as fault:
        fault.external_ref = ref
        raise


def _draft(
    body: Mapping[str, Any], order: Mapping[str, Any], ref: str, *, zone: tzinfo
) -> tuple[OrderDraft, tuple[GivenBack, ...]]:
    currency = currency_of(text(_of(body, "currencies", text(order, "id_currency")), "iso_code"))
    read = [_line(body, item, currency) for item in items(body, "details")]
    lines = tuple(line for line, _gone in read if line is not None)
    total, net, shipping, discount, wrapping = (
        amount(order, name, currency)
        for name in (
            "total_paid_tax_incl", "total_paid_tax_excl", "total_shipping_tax_incl", "total_discounts_tax_incl",
            "total_wrapping_tax_incl",
        )
    )  # fmt: skip
    charges = [DraftCharge("fee", wrapping, "wrapping")] if wrapping else []
    left = total - sum(line.total_cents for line in lines) - shipping - wrapping + discount
    if 0 < abs(left) <= len(read) + 3:  # the shop rounds as its settings say
        charges.append(DraftCharge("rounding", left))
    payer = _of(body, "customers", text(order, "id_customer"))
    target, bill_to = (
        _address(body, text(order, name), email=text(payer, "email"))
        for name in ("id_address_delivery", "id_address_invoice")
    )
    language = text(_of(body, "languages", text(order, "id_lang")), "iso_code").casefold()[:2]
    draft = OrderDraft(
        external_ref=ref,
        number=text(order, "reference") or ref,
        placed_at=moment_of(text(order, "date_add"), "date_add", zone=zone),
        currency=currency,
        lines=lines,
        total_cents=total,
        ship_to=target or bill_to,
        bill_to=bill_to,
        email=text(payer, "email"),
        phone=(target.phone if target else "") or (bill_to.phone if bill_to else ""),
        customer_name=_name(payer) or (bill_to.name if bill_to else ""),
        language=language if language in {"fr", "en"} else "en" if language else "",
        shipping_cents=shipping,
        tax_cents=max(total - net, 0),
        discount_cents=discount,
        charges=tuple(charges),
        payment=_payment(body, order),
        shipping_method=text(_of(body, "carriers", text(order, "id_carrier")), "name"),
        customer_note="\n".join(
            unescape(text(one, "message", longest=5_000))
            for one in items(body, "messages")
            if text(one, "private") != "1"
        )[:5_000],
        gift_note=unescape(text(order, "gift_message", longest=2_000)) if text(order, "gift") == "1" else "",
    )
    return draft, _given_back([(line, gone) for line, gone in read if line is not None and gone])


def _given_back(refunded: Sequence[tuple[DraftLine, int]]) -> tuple[GivenBack, ...]:
    """Give what was paid back for units, each at the share it has of its line."""
    lines = []
    for line, gone in refunded:
        weights = [gone, line.quantity - gone]
        cents, tax = (shares(amount, weights=weights)[0] for amount in (line.total_cents, line.tax_cents))
        lines.append((line.external_ref, gone, cents, tax))
    whole, all_tax = sum(cents for _ref, _units, cents, _tax in lines), sum(tax for _ref, _units, _cents, tax in lines)
    return (GivenBack(key="", at=None, cents=whole, tax_cents=all_tax, lines=tuple(lines)),) if lines else ()


def _line(body: Mapping[str, Any], item: Mapping[str, Any], currency: str) -> tuple[DraftLine | None, int]:
    """Read a line, and how many of its units were refunded; none where nothing was ordered."""
    name = unescape(text(item, "product_name"))
    quantity = units(text(item, "product_quantity"), name)
    gone = min(units(text(item, "product_quantity_refunded") or "0", name), quantity)
    gross, net = _exact(item, "total_price_tax_incl"), _exact(item, "total_price_tax_excl")
    if gross < 0:
        raise Unreadable("negative_amount", f"{name}: {gross}")
    if not quantity:
        return None, 0
    amount, tax = rounded(gross, currency), rounded(gross - net, currency)
    unit = -(-amount // quantity)
    product, variant = text(item, "product_id"), text(item, "product_attribute_id")
    known = _of(body, "products", product)
    sku = (
        text(item, "product_reference")
        or text(_of(body, "combinations", variant), "reference")
        or text(known, "reference")
        or f"prestashop:{product}" + (f"-{variant}" if variant not in {"", "0"} else "")
    )
    line = DraftLine(
        sku=sku,
        quantity=quantity,
        unit_price_cents=unit,
        name=name,
        discount_cents=unit * quantity - amount,
        tax_cents=max(tax, 0),
        requires_shipping=text(known, "is_virtual") != "1",
        external_ref=text(item, "id"),
        personalisation=_personalisation(body, text(item, "id_customization")),
    )
    return line, gone


def _payment(body: Mapping[str, Any], order: Mapping[str, Any]) -> Payment:
    if text(_of(body, "order_states", text(order, "current_state")), "paid") == "1":
        return "paid"
    if text(order, "module").casefold() in ON_DELIVERY:
        return "authorized"  # the customer pays at the door
    return "pending"


def _personalisation(body: Mapping[str, Any], pk: str) -> str:
    kept = _of(body, "customizations", pk).get("associations")
    texts = items(kept, "customized_data_text_fields") if isinstance(kept, Mapping) else []
    return "\n".join(filter(None, (unescape(text(one, "value", longest=5_000)) for one in texts)))[:5_000]


def _address(body: Mapping[str, Any], pk: str, *, email: str) -> DraftAddress | None:
    found = _of(body, "addresses", pk)
    if not found:
        return None
    second = ", ".join(filter(None, (text(found, "address2"), text(found, "other"))))
    return DraftAddress(
        name=_name(found) or (email if not text(found, "company") else ""),
        company=text(found, "company"),
        line1=text(found, "address1"),
        line2=second[:300],
        postcode=text(found, "postcode"),
        city=text(found, "city"),
        region=text(_of(body, "states", text(found, "id_state")), "name"),
        country=country_of(text(_of(body, "countries", text(found, "id_country")), "iso_code")),
        phone=text(found, "phone_mobile") or text(found, "phone"),
    )


def _zone(body: Mapping[str, Any]) -> tzinfo:
    name = text(body, "zone")
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Unreadable("unreadable", f"zone: {name}") from error


def _of(body: Mapping[str, Any], resource: str, pk: str) -> Mapping[str, Any]:
    """Give a record an order refers to; an empty one when the shop has none."""
    records = body.get(resource)
    found = records.get(pk) if isinstance(records, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _name(found: Mapping[str, Any]) -> str:
    return " ".join(filter(None, (text(found, "firstname"), text(found, "lastname"))))


def _exact(found: Mapping[str, Any], name: str) -> Decimal:
    return exact(text(found, name), name)
