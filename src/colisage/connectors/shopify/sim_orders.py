"""Orders of the simulated Shopify: kept as its webhooks tell them, given as GraphQL asks for them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from colisage.connectors.shopify.sim_answers import Connection

_MONEY = {
    "totalPriceSet": "total_price", "totalTaxSet": "total_tax", "totalDiscountsSet": "total_discounts",
    "totalTipReceivedSet": "total_tip_received", "currentTotalPriceSet": "current_total_price",
    "currentTotalTaxSet": "current_total_tax",
}  # fmt: skip
_MAYBE = {
    "originalTotalDutiesSet": "original_total_duties",
    "originalTotalAdditionalFeesSet": "original_total_additional_fees",
    "currentTotalDutiesSet": "current_total_duties",
    "currentTotalAdditionalFeesSet": "current_total_additional_fees",
}
_PLAIN = {
    "name": "name", "createdAt": "created_at", "processedAt": "processed_at", "updatedAt": "updated_at",
    "cancelledAt": "cancelled_at", "test": "test", "email": "email", "phone": "phone", "note": "note",
    "poNumber": "po_number",
    "customerLocale": "customer_locale", "currencyCode": "currency", "taxesIncluded": "taxes_included",
    "paymentGatewayNames": "payment_gateway_names",
}  # fmt: skip
_SENT = {"fulfilled": "FULFILLED", "partial": "PARTIALLY_FULFILLED"}


def order_node(order: Mapping[str, Any]) -> dict[str, Any]:
    """Give an order as GraphQL does."""
    currency = str(order.get("presentment_currency") or order["currency"])
    refunds = order.get("refunds") or []
    node: dict[str, Any] = {name: order.get(theirs) for name, theirs in _PLAIN.items()}
    node |= {name: money(order, theirs, currency) for name, theirs in _MONEY.items()}
    node |= {
        name: money(order, theirs, currency) if order.get(f"{theirs}_set") else None for name, theirs in _MAYBE.items()
    }
    carriage = sum(_written(one, "discounted_price", currency) for one in order["shipping_lines"])
    node |= {
        "id": gid("Order", order["id"]),
        "tags": [tag.strip() for tag in str(order.get("tags") or "").split(",") if tag.strip()],
        "presentmentCurrencyCode": currency,
        "dutiesIncluded": bool(order.get("duties_included")),
        "displayFinancialStatus": str(order["financial_status"]).upper(),
        "displayFulfillmentStatus": _SENT.get(str(order.get("fulfillment_status")), "UNFULFILLED"),
        "returnStatus": "RETURN_REQUESTED" if order.get("returns") else "NO_RETURN",
        "returns": Connection(
            {
                "id": gid("Return", one["id"]),
                "name": f"{order['name']}-R{n}",
                "status": one["status"],
                "decline": {"note": one["declined"]} if one.get("declined") else None,
            }
            for n, one in enumerate(order.get("returns") or (), 1)
        ),
        "fulfillmentOrders": Connection(),
        "customAttributes": _attributes(order.get("note_attributes")),
        "billingAddress": _place(order.get("billing_address")),
        "shippingAddress": _place(order.get("shipping_address")),
        "currentShippingPriceSet": _amount(str(carriage), currency),
        "totalRefundedSet": _amount("1.00" if refunds else "0.00", currency),
        "shippingLines": Connection(
            {
                "title": one.get("title"),
                "isRemoved": bool(one.get("is_removed")),
                "discountedPriceSet": money(one, "discounted_price", currency),
            }
            for one in order["shipping_lines"]
        ),
        "lineItems": Connection(_line(one, currency) for one in order["line_items"]),
        "refunds": lambda **_asked: [_refund(one, currency) for one in refunds],
    }
    return node


def refund_node(refund: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """Give the lines of a refund as GraphQL does."""
    return {
        "refundLineItems": Connection(
            {
                "lineItem": {"id": gid("LineItem", one["line_item_id"])},
                "quantity": one["quantity"],
                "restockType": str(one.get("restock_type") or "no_restock").upper(),
                "subtotalSet": money(one, "subtotal", currency),
                "totalTaxSet": money(one, "total_tax", currency),
            }
            for one in refund["refund_line_items"]
        )
    }


def return_node(told: Mapping[str, Any]) -> dict[str, Any]:
    """Give the lines of a return as GraphQL does."""
    return {
        "returnLineItems": Connection(
            {
                "quantity": units, "returnReason": told.get("reason", "UNWANTED"), "customerNote": told.get("note", ""),
                "fulfillmentLineItem": {"lineItem": {"id": gid("LineItem", line)}},
            }
            for line, units in told["lines"].items()
        )
    }  # fmt: skip


def gid(kind: str, number: Any) -> str:
    """Give the global name of a number."""
    return f"gid://shopify/{kind}/{number}"


def money(item: Mapping[str, Any], name: str, currency: str) -> dict[str, Any]:
    """Give an amount in the customer's currency."""
    both = item.get(f"{name}_set")
    if both:
        shown = both["presentment_money"]
        return _amount(shown["amount"], shown["currency_code"])
    return _amount(str(item.get(name) or "0.00"), currency)


def _written(item: Mapping[str, Any], name: str, currency: str) -> Decimal:
    return Decimal(money(item, name, currency)["presentmentMoney"]["amount"])


def _amount(amount: str, currency: str) -> dict[str, Any]:
    return {"presentmentMoney": {"amount": amount, "currencyCode": currency}}


def _line(item: Mapping[str, Any], currency: str) -> dict[str, Any]:
    variant = item.get("variant_id")
    return {
        "id": gid("LineItem", item["id"]),
        "name": item.get("name"),
        "sku": item.get("sku"),
        "quantity": item["quantity"],
        "currentQuantity": item.get("current_quantity", item["quantity"]),
        "unfulfilledQuantity": item.get("fulfillable_quantity", item.get("current_quantity", item["quantity"])),
        "requiresShipping": bool(item.get("requires_shipping", True)),
        "isGiftCard": bool(item.get("gift_card")),
        "variant": {"id": gid("ProductVariant", variant)} if variant else None,
        "fulfillmentService": {"handle": item.get("fulfillment_service") or "manual"},
        "customAttributes": _attributes(item.get("properties")),
        "originalUnitPriceSet": money(item, "price", currency),
        "discountAllocations": [
            {"allocatedAmountSet": money(one, "amount", currency)} for one in item.get("discount_allocations") or ()
        ],
        "taxLines": [{"priceSet": money(one, "price", currency)} for one in item.get("tax_lines") or ()],
    }


def _refund(refund: Mapping[str, Any], currency: str) -> dict[str, Any]:
    paid = sum(Decimal(one["amount"]) for one in refund.get("transactions") or ())
    return {
        "id": gid("Refund", refund["id"]),
        "createdAt": refund.get("created_at"),
        "totalRefundedSet": _amount(str(paid), currency),
        "orderAdjustments": Connection(
            {"amountSet": money(one, "amount", currency), "taxAmountSet": money(one, "tax_amount", currency)}
            for one in refund.get("order_adjustments") or ()
        ),
        "refundShippingLines": Connection(
            {
                "subtotalAmountSet": money(one, "subtotal_amount", currency),
                "taxAmountSet": money(one, "tax_amount", currency),
            }
            for one in refund.get("refund_shipping_lines") or ()
        ),
    }


def _attributes(pairs: Any) -> list[dict[str, Any]]:
    return [{"key": one["name"], "value": one["value"]} for one in pairs or ()]


def _place(address: Any) -> dict[str, Any] | None:
    if not address:
        return None
    names = {
        "firstName": "first_name", "lastName": "last_name", "name": "name", "company": "company",
        "address1": "address1", "address2": "address2", "zip": "zip", "city": "city", "phone": "phone",
        "province": "province", "provinceCode": "province_code", "countryCodeV2": "country_code",
    }  # fmt: skip
    return {name: address.get(theirs) for name, theirs in names.items()}
