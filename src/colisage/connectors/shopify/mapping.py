"""What Shopify's messages say, in our words; pure.

Amounts are those of the currency the customer paid in. Units are those that are still wanted: what was refunded or
edited away is not sent. An order does not change here because it was sent: how much of it left is ours to say.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from colisage.connectors.shopify.amounts import reading_of
from colisage.connectors.shopify.graph import as_webhook, number
from colisage.connectors.shopify.lines import chosen
from colisage.connectors.shopify.purse import Purse
from colisage.connectors.values import items, moment, text
from colisage.intake.ports import (
    AskFor,
    DraftAddress,
    Nothing,
    OrderDraft,
    OrderTold,
    Payment,
    Unreadable,
)

_PAYMENTS: Final[Mapping[str, Payment]] = {
    "paid": "paid",
    "partially_refunded": "paid",
    "refunded": "refunded",
    "authorized": "authorized",
    "pending": "pending",
    "partially_paid": "pending",
    "expired": "pending",
    "voided": "pending",
}
_AT_THE_DOOR: Final = "cash on delivery"
_GIFT: Final = ("gift_message", "gift message", "gift-message", "gift_note", "gift note", "gift-note", "cadeau")
_NOTE: Final = 5_000


def told(body: Any, *, topic: str) -> OrderTold | AskFor | Nothing:
    """Read a message: an order in either spelling, or the hint that one changed. Raises `Unreadable`."""
    if not isinstance(body, Mapping):
        raise Unreadable("unreadable", "not an object")
    if isinstance(body.get("order"), Mapping):
        body = body["order"]
    if text(body, "id").startswith("gid://shopify/Order/") and "lineItems" in body:
        body = as_webhook(body)
    if "line_items" in body and "financial_status" in body:
        return _order(body)
    return _hint(body, topic=topic)


def _hint(body: Mapping[str, Any], *, topic: str) -> AskFor | Nothing:
    """Read what says only that an order changed: an edit, a refund, a fulfilment order."""
    edit, part = body.get("order_edit"), body.get("fulfillment_order")
    if isinstance(edit, Mapping) and text(edit, "order_id"):
        return AskFor(number(text(edit, "order_id")))
    if isinstance(part, Mapping):
        if text(part, "order_id"):
            return AskFor(number(text(part, "order_id")))
        if text(part, "id").startswith("gid://shopify/FulfillmentOrder/"):
            return AskFor(text(part, "id", longest=80))
    if "refund_line_items" in body and text(body, "order_id"):
        return AskFor(text(body, "order_id"))
    return Nothing("not_an_order", text(body, "id") if topic.startswith("orders/") else "")


def _order(body: Mapping[str, Any]) -> OrderTold | Nothing:
    ref = text(body, "id")
    if not ref:
        raise Unreadable("missing_order_ref", "id")
    if body.get("test") is True:
        return Nothing("test_order", ref)
    try:
        draft = _draft(body, ref)
        return OrderTold(
            draft=draft,
            version=moment(body, "updated_at"),
            cancelled=bool(body.get("cancelled_at")) or _nothing_left(body, draft),
            finished=text(body, "fulfillment_status") == "fulfilled",
        )
    except Unreadable as fault:
        fault.external_ref = ref
        raise


def _nothing_left(body: Mapping[str, Any], draft: OrderDraft) -> bool:
    """Say whether every unit was refunded or edited away: an order of nothing is a cancelled one."""
    return not draft.lines and bool(items(body, "line_items"))


def _draft(body: Mapping[str, Any], ref: str) -> OrderDraft:
    purse = Purse(body)
    money = reading_of(body, purse)
    billing, shipping = body.get("billing_address"), body.get("shipping_address")
    written = chosen(body.get("note_attributes"))
    gifts = [value for name, value in written if name.casefold().startswith(_GIFT)]
    others = [f"{name}: {value}" for name, value in written if not name.casefold().startswith(_GIFT)]
    return OrderDraft(
        external_ref=ref,
        number=text(body, "name", longest=100) or text(body, "order_number") or ref,
        placed_at=moment(body, "processed_at") or moment(body, "created_at") or datetime.now(UTC),
        currency=purse.currency,
        lines=money.lines,
        total_cents=money.total,
        ship_to=_address(shipping),
        bill_to=_address(billing),
        email=text(body, "email") or text(body, "contact_email"),
        phone=text(shipping, "phone") or text(body, "phone") or text(billing, "phone"),
        customer_name=_name(billing) or _name(shipping),
        language=text(body, "customer_locale", longest=2).lower(),
        shipping_cents=money.shipping,
        tax_cents=money.tax,
        discount_cents=money.discount,
        charges=money.charges,
        prices_include_tax=money.gross,
        payment=_payment(body),
        shipping_method="; ".join(
            text(one, "title") for one in items(body, "shipping_lines") if not one.get("is_removed")
        )[:300],
        purchase_reference=text(body, "po_number"),
        customer_note="\n".join(filter(None, (text(body, "note", longest=_NOTE), *others)))[:_NOTE],
        gift_note="\n".join(gifts)[:_NOTE],
        tags=tuple(filter(None, (tag.strip() for tag in text(body, "tags", longest=5_000).split(",")))),
    )


def _payment(body: Mapping[str, Any]) -> Payment:
    found = _PAYMENTS.get(text(body, "financial_status"), "unknown")
    gateways = body.get("payment_gateway_names")
    named = " ".join(str(one) for one in gateways).casefold() if isinstance(gateways, list) else ""
    return "authorized" if found == "pending" and _AT_THE_DOOR in named else found


def _name(address: Any) -> str:
    both = " ".join(filter(None, (text(address, "first_name"), text(address, "last_name"))))
    return both or text(address, "name")


def _address(address: Any) -> DraftAddress | None:
    """Read an address; none where the shop has none: what is fetched in the shop goes to no invoice address."""
    found = DraftAddress(
        name=_name(address),
        company=text(address, "company"),
        line1=text(address, "address1"),
        line2=text(address, "address2"),
        postcode=text(address, "zip"),
        city=text(address, "city"),
        region=text(address, "province_code") or text(address, "province"),
        country=text(address, "country_code").upper()[:2],
        phone=text(address, "phone"),
    )
    return found if any((found.line1, found.line2, found.city, found.postcode)) else None
