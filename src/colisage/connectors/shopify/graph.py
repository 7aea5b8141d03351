"""An order as the GraphQL Admin API gives it, in the words of Shopify's webhooks; pure.

Both say the same in two spellings. One reading of them (`mapping`) makes sure that an order that was sent to us and one
that we asked for are the same draft to the last cent: a difference would look like a change.
"""

from collections.abc import Mapping
from typing import Any, Final

from colisage.connectors.values import count, items, text

_MONEY: Final[Mapping[str, str]] = {
    "total_price": "totalPriceSet",
    "total_tax": "totalTaxSet",
    "total_discounts": "totalDiscountsSet",
    "total_tip_received": "totalTipReceivedSet",
    "original_total_duties": "originalTotalDutiesSet",
    "original_total_additional_fees": "originalTotalAdditionalFeesSet",
    "current_total_price": "currentTotalPriceSet",
    "current_total_tax": "currentTotalTaxSet",
    "current_shipping_price": "currentShippingPriceSet",
    "current_total_duties": "currentTotalDutiesSet",
    "current_total_additional_fees": "currentTotalAdditionalFeesSet",
}
_SENT: Final[Mapping[str, str]] = {"FULFILLED": "fulfilled", "PARTIALLY_FULFILLED": "partial"}


def as_webhook(node: Mapping[str, Any]) -> dict[str, Any]:
    """Translate the document `Order`, with its refunds where they were asked for. Raises `Unreadable`."""
    told: dict[str, Any] = {
        "id": number(text(node, "id")),
        "name": node.get("name"),
        "created_at": node.get("createdAt"),
        "processed_at": node.get("processedAt"),
        "updated_at": node.get("updatedAt"),
        "cancelled_at": node.get("cancelledAt"),
        "test": node.get("test"),
        "email": node.get("email"),
        "phone": node.get("phone"),
        "note": node.get("note"),
        "po_number": node.get("poNumber"),
        "tags": ", ".join(map(str, tags)) if isinstance(tags := node.get("tags"), list) else None,
        "customer_locale": node.get("customerLocale"),
        "currency": node.get("currencyCode"),
        "presentment_currency": node.get("presentmentCurrencyCode"),
        "taxes_included": node.get("taxesIncluded"),
        "duties_included": node.get("dutiesIncluded"),
        "financial_status": text(node, "displayFinancialStatus").lower(),
        "fulfillment_status": _SENT.get(text(node, "displayFulfillmentStatus")),
        "payment_gateway_names": node.get("paymentGatewayNames"),
        "note_attributes": _pairs(node),
        "billing_address": _place(node.get("billingAddress")),
        "shipping_address": _place(node.get("shippingAddress")),
        "shipping_lines": [
            {
                "title": one.get("title"),
                "is_removed": one.get("isRemoved"),
                "discounted_price_set": _money(one, "discountedPriceSet"),
            }
            for one in items(node.get("shippingLines"), "nodes")
        ],
        "line_items": [_line(one) for one in items(node.get("lineItems"), "nodes")],
        "refunds": [_refund(one) for one in items(node, "refunds")],
        "parts": node.get("parts"),
        "returns": [_return(one) for one in items(node, "returns")],
    }
    for line in told["line_items"]:
        _left(line, told)
    told.update({f"{name}_set": _money(node, theirs) for name, theirs in _MONEY.items()})
    return told


def number(gid: str) -> str:
    """Give the number of `gid://shopify/Order/42`, which the webhooks use."""
    return gid.rpartition("/")[2].partition("?")[0]


def _left(line: dict[str, Any], order: Mapping[str, Any]) -> None:
    """Say of a line what left, as the webhooks do: they count it, GraphQL counts what did not."""
    now, still = line["current_quantity"], line["fulfillable_quantity"]
    if any(isinstance(one, Mapping) and isinstance(one.get("lines"), list) for one in items(order, "parts")):
        left = [
            max(count(one, "total") - count(one, "remaining"), 0)
            for part in items(order, "parts")
            if text(part, "status") != "CANCELLED"
            for one in items(part, "lines")
            if text(one, "ref") == line["id"]
        ]
        line["fulfilled_quantity"] = sum(left)
    if isinstance(now, int) and isinstance(still, int) and still < now:
        line["fulfillment_status"] = "partial" if still > 0 else "fulfilled"


def _return(node: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": number(text(node, "id")),
        "name": node.get("name"),
        "status": node.get("status"),
        "declined": text(node.get("decline"), "note"),
        "lines": [
            {
                "ref": number(text((one.get("fulfillmentLineItem") or {}).get("lineItem"), "id")),
                "quantity": one.get("quantity"),
                "reason": one.get("returnReason"),
                "note": one.get("customerNote"),
            }
            for one in items(node.get("returnLineItems"), "nodes")
        ],
    }


def _line(node: Mapping[str, Any]) -> dict[str, Any]:
    variant, service = node.get("variant"), node.get("fulfillmentService")
    return {
        "id": number(text(node, "id")),
        "name": node.get("name"),
        "sku": node.get("sku"),
        "quantity": node.get("quantity"),
        "current_quantity": node.get("currentQuantity"),
        "fulfillable_quantity": node.get("unfulfilledQuantity"),
        "requires_shipping": node.get("requiresShipping"),
        "gift_card": node.get("isGiftCard"),
        "variant_id": number(text(variant, "id")) or None,
        "fulfillment_service": text(service, "handle"),
        "properties": _pairs(node),
        "price_set": _money(node, "originalUnitPriceSet"),
        "discount_allocations": [
            {"amount_set": _money(one, "allocatedAmountSet")} for one in items(node, "discountAllocations")
        ],
        "tax_lines": [{"price_set": _money(one, "priceSet")} for one in items(node, "taxLines")],
    }


def _refund(node: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": number(text(node, "id")),
        "created_at": node.get("createdAt"),
        "total_refunded_set": _money(node, "totalRefundedSet"),
        "order_adjustments": [
            {"amount_set": _money(one, "amountSet"), "tax_amount_set": _money(one, "taxAmountSet")}
            for one in items(node.get("orderAdjustments"), "nodes")
        ],
        "refund_line_items": [
            {
                "line_item_id": number(text(one.get("lineItem"), "id")),
                "quantity": one.get("quantity"),
                "restock_type": text(one, "restockType").lower(),
                "subtotal_set": _money(one, "subtotalSet"),
                "total_tax_set": _money(one, "totalTaxSet"),
            }
            for one in items(node.get("refundLineItems"), "nodes")
        ],
        "refund_shipping_lines": [
            {
                "subtotal_amount_set": _money(one, "subtotalAmountSet"),
                "tax_amount_set": _money(one, "taxAmountSet"),
            }
            for one in items(node.get("refundShippingLines"), "nodes")
        ],
    }


def _pairs(node: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"name": one.get("key"), "value": one.get("value")} for one in items(node, "customAttributes")]


def _place(node: Any) -> dict[str, Any] | None:
    if not isinstance(node, Mapping):
        return None
    names = {
        "first_name": "firstName", "last_name": "lastName", "name": "name", "company": "company",
        "address1": "address1", "address2": "address2", "zip": "zip", "city": "city", "phone": "phone",
        "province": "province", "province_code": "provinceCode", "country_code": "countryCodeV2",
    }  # fmt: skip
    return {ours: node.get(theirs) for ours, theirs in names.items()}


def _money(node: Mapping[str, Any], name: str) -> dict[str, Any] | None:
    both = node.get(name)
    money = both.get("presentmentMoney") if isinstance(both, Mapping) else None
    if not isinstance(money, Mapping):
        return None
    return {"presentment_money": {"amount": money.get("amount"), "currency_code": money.get("currencyCode")}}
