from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from tests.books import balanced
from tests.cast import World
from tests.connectors.shops import connected
from tests.packing.conftest import boxes, picked
from tests.picking.conftest import ready
from tests.serving import served
from tests.shipping.conftest import labelled, laposte, packed
from tests.tracking.conftest import on_the_road

from colisage.connectors.models import Connection
from colisage.connectors.shopify.simulator import ShopifyShop

__all__ = ["balanced", "boxes", "labelled", "laposte", "on_the_road", "packed", "picked", "ready"]


@pytest.fixture
def shop() -> Iterator[ShopifyShop]:
    """Give a Shopify shop on a loopback socket; its address is in `url`."""
    made = ShopifyShop()
    with served(made.app()) as url:
        made.url = url
        yield made


@pytest.fixture
def connection(balanced: World, shop: ShopifyShop) -> Connection:
    """Give the world's channel, connected with the shop."""
    return connected(balanced, "shopify", url=shop.url, token=shop.token, webhook_secret=shop.secret)


def shopify_order(number: int, *lines: tuple[str, int, str], **changes: Any) -> dict[str, Any]:
    """Write an order as Shopify's webhooks do; lines are (SKU, units, price of one)."""
    items = [
        {
            "id": number * 10 + n, "name": sku, "title": sku, "sku": sku, "quantity": units, "current_quantity": units,
            "fulfillable_quantity": units, "price": price, "variant_id": 100 + n, "product_id": 10 + n,
            "requires_shipping": True, "gift_card": False, "fulfillment_service": "manual", "fulfillment_status": None,
            "properties": [], "tax_lines": [], "discount_allocations": [], "total_discount": "0.00",
        }
        for n, (sku, units, price) in enumerate(lines)
    ]  # fmt: skip
    address = {
        "first_name": "Camille", "last_name": "Rousseau", "name": "Camille Rousseau", "company": None,
        "address1": "8 rue Lepic", "address2": None, "zip": "75018", "city": "Paris", "province_code": None,
        "country_code": "FR", "phone": "+33612345678",
    }  # fmt: skip
    total = str(sum(units * Decimal(price) for _sku, units, price in lines) + Decimal("4.90"))
    order: dict[str, Any] = {
        "id": number, "admin_graphql_api_id": f"gid://shopify/Order/{number}", "name": f"#{1000 + number}",
        "test": False, "created_at": "2026-11-20T10:00:00Z", "processed_at": "2026-11-20T10:00:00Z",
        "cancelled_at": None, "updated_at": "2026-11-20T10:00:05Z", "currency": "EUR", "presentment_currency": "EUR",
        "taxes_included": True, "financial_status": "paid", "fulfillment_status": None, "email": "c@example.com",
        "phone": None, "note": None,
        "total_price": total, "current_total_price": total, "total_tax": "0.00", "current_total_tax": "0.00",
        "total_discounts": "0.00", "total_tip_received": "0.00", "tags": "", "customer_locale": "fr-FR",
        "payment_gateway_names": ["shopify_payments"], "note_attributes": [], "refunds": [], "line_items": items,
        "billing_address": address, "shipping_address": address,
        "shipping_lines": [{"id": 1, "title": "Colissimo", "discounted_price": "4.90", "price": "4.90"}],
    }  # fmt: skip
    return {**order, **changes}
