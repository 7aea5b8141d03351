"""What Shopify's messages say, in our words; pure.

Amounts are those of the currency the customer paid in. Units are those that are still wanted: what was refunded or
edited away is not sent. An order does not change here because it was sent: how much of it left is ours to say.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, Literal

from colisage.connectors.shopify.amounts import reading_of
from colisage.connectors.shopify.backs import units_of
from colisage.connectors.shopify.graph import as_webhook, number
from colisage.connectors.shopify.lines import chosen, is_ours
from colisage.connectors.shopify.parts import SENDER, away_of, hold_of, left_of
from colisage.connectors.shopify.purse import Purse
from colisage.connectors.values import items, moment, text
from colisage.connectors.values import units as units_told
from colisage.intake.ports import (
    AskFor,
    Deleted,
    DraftAddress,
    Nothing,
    OrderDraft,
    OrderTold,
    Payment,
    RefundTold,
    ReturnTold,
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
_STATES: Final[Mapping[str, Literal["requested", "open", "declined", "cancelled", "closed"]]] = {
    "REQUESTED": "requested",
    "OPEN": "open",
    "DECLINED": "declined",
    "CANCELED": "cancelled",
    "CLOSED": "closed",
}
_REASONS: Final[Mapping[str, str]] = {
    "SIZE_TOO_SMALL": "too_small",
    "SIZE_TOO_LARGE": "too_large",
    "NOT_AS_DESCRIBED": "not_as_described",
    "WRONG_ITEM": "wrong_item",
    "DEFECTIVE": "faulty",
    "STYLE": "changed_mind",
    "COLOR": "changed_mind",
    "UNWANTED": "changed_mind",
}
ASKED: Final = "?"  # ends a topic whose order is asked for before anything is done
_AT_THE_DOOR: Final = "cash on delivery"
_GIFT: Final = ("gift_message", "gift message", "gift-message", "gift_note", "gift note", "gift-note", "cadeau")
_NOTE: Final = 5_000


def told(body: Any, *, topic: str) -> OrderTold | AskFor | Deleted | Nothing:
    """Read a message: an order in either spelling, or the hint that one changed. Raises `Unreadable`."""
    if not isinstance(body, Mapping):
        raise Unreadable("unreadable", "not an object")
    if isinstance(body.get("order"), Mapping) and not topic.startswith("returns/"):
        body = body["order"]
    if text(body, "id").startswith("gid://shopify/Order/") and "lineItems" in body:
        body = as_webhook(body)
    if "line_items" in body and "financial_status" in body:
        if topic.endswith(ASKED) or any(is_ours(text(one, "fulfillment_service")) for one in _unread(body)):
            return AskFor(text(body, "id"))  # who sends what, only the shop itself says
        return _order(body)
    if topic.removesuffix(ASKED) == "orders/delete" and text(body, "id"):
        return Deleted(text(body, "id"))
    return _hint(body, topic=topic)


def _unread(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Give the lines of an order that was sent to us, not asked for."""
    return [] if "parts" in body or not text(body, "id") else items(body, "line_items")


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
    if topic.startswith("returns/") and isinstance(order := body.get("order"), Mapping) and text(order, "id"):
        return AskFor(number(text(order, "admin_graphql_api_id") or text(order, "id")))
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
        draft, refunds = _draft(body, ref)
        away = away_of(body)
        return OrderTold(
            draft=draft,
            sender=SENDER,
            sent=_sent(body) if away is None else left_of(body, ours=True),
            away=away,
            hold=hold_of(body),
            refunds=refunds,
            returns=tuple(_return(one) for one in items(body, "returns")),
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


def _sent(body: Mapping[str, Any]) -> dict[str, int]:
    goods = [one for one in items(body, "line_items") if one.get("requires_shipping", True)]
    return {text(one, "id"): left for one in goods if (left := units_of(one, body).left)}


def _return(one: Mapping[str, Any]) -> ReturnTold:
    lines: dict[str, tuple[int, str]] = {}
    for line in items(one, "lines"):
        if ref := text(line, "ref"):
            units = lines[ref][0] if ref in lines else 0
            lines[ref] = (
                units + units_told(text(line, "quantity"), ref),
                _REASONS.get(text(line, "reason"), "changed_mind"),
            )
    notes = [text(line, "note", longest=500) for line in items(one, "lines")]
    return ReturnTold(
        key=text(one, "id", longest=60),
        name=text(one, "name", longest=60),
        state=_STATES.get(text(one, "status"), "closed"),
        note="\n".join(dict.fromkeys(filter(None, (*notes, text(one, "declined")))))[:2_000],
        lines=tuple((ref, units, reason) for ref, (units, reason) in lines.items() if units),
    )


def _draft(body: Mapping[str, Any], ref: str) -> tuple[OrderDraft, tuple[RefundTold, ...]]:
    purse = Purse(body)
    money = reading_of(body, purse)
    billing, shipping = body.get("billing_address"), body.get("shipping_address")
    written = chosen(body.get("note_attributes"))
    gifts = [value for name, value in written if name.casefold().startswith(_GIFT)]
    others = [f"{name}: {value}" for name, value in written if not name.casefold().startswith(_GIFT)]
    draft = OrderDraft(
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
    return draft, money.refunds


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
