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
from colisage.connectors.woocommerce.simulator import WooShop

__all__ = ["balanced", "boxes", "labelled", "laposte", "on_the_road", "packed", "picked", "ready"]


@pytest.fixture
def shop() -> Iterator[WooShop]:
    """Give a WooCommerce shop on a loopback socket; its address is in `url`."""
    made = WooShop()
    with served(made.app()) as url:
        made.url = url
        yield made


@pytest.fixture
def connection(balanced: World, shop: WooShop) -> Connection:
    """Give the world's channel, connected with the shop."""
    return connected(
        balanced, "woocommerce", url=shop.url, key=shop.key, secret=shop.secret, webhook_secret=shop.webhook_secret
    )


def woo_order(number: int, *lines: tuple[str, int, str], **changes: Any) -> dict[str, Any]:
    """Write an order as WooCommerce does; lines are (SKU, units, total of the line)."""
    items = [
        {
            "id": number * 10 + n, "name": sku, "product_id": 100 + n, "variation_id": 0, "quantity": units, "sku": sku,
            "subtotal": total, "subtotal_tax": "0.00", "total": total, "total_tax": "0.00", "meta_data": [],
        }
        for n, (sku, units, total) in enumerate(lines)
    ]  # fmt: skip
    address = {
        "first_name": "Camille", "last_name": "Rousseau", "company": "", "address_1": "8 rue Lepic", "address_2": "",
        "city": "Paris", "state": "", "postcode": "75018", "country": "FR", "phone": "+33612345678",
    }  # fmt: skip
    order: dict[str, Any] = {
        "id": number, "number": str(number), "status": "processing", "currency": "EUR", "prices_include_tax": True,
        "date_created_gmt": "2026-11-20T10:00:00", "date_modified_gmt": "2026-11-20T10:00:05",
        "date_paid_gmt": "2026-11-20T10:00:05", "shipping_total": "4.90", "shipping_tax": "0.00", "total_tax": "0.00",
        "total": str(sum(Decimal(total) for _, _, total in lines) + Decimal("4.90")),
        "billing": {**address, "email": "c@example.com"},
        "shipping": address, "shipping_lines": [{"method_title": "Colissimo", "total": "4.90", "total_tax": "0.00"}],
        "fee_lines": [], "line_items": items, "meta_data": [], "refunds": [], "customer_note": "",
        "payment_method": "stripe",
    }  # fmt: skip
    return {**order, **changes}
