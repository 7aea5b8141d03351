from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
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

from colisage.connectors.amazon.simulator import Seller
from colisage.connectors.models import Connection

__all__ = ["balanced", "boxes", "labelled", "laposte", "on_the_road", "packed", "picked", "ready"]


@pytest.fixture
def seller() -> Iterator[Seller]:
    """Give an Amazon on a loopback socket; its address is in `url`."""
    made = Seller()
    with served(made.app()) as url:
        made.url = url
        yield made


@pytest.fixture
def connection(balanced: World, seller: Seller) -> Connection:
    """Give the world's channel, connected with the seller account."""
    return connected(
        balanced, "amazon", seller=seller.seller, marketplaces="A13V1IB3VIYZZH", client=seller.client, url=seller.url,
        client_secret=seller.client_secret, refresh_token=seller.refresh_token, log_in=f"{seller.url}/auth/o2/token",
        notice_key="n" * 32,
    )  # fmt: skip


def euros(amount: Any) -> dict[str, str]:
    return {"amount": f"{Decimal(amount):.2f}", "currencyCode": "EUR"}


def put_order(seller: Seller, number: int, *lines: tuple[str, int, str], **changes: Any) -> dict[str, Any]:
    """Put an order into the account; lines are (SKU, units, price of one, tax within)."""
    ref = f"406-{number:07d}-1234567"
    lately = datetime.now(UTC) - timedelta(days=1)  # the first asking looks back a month
    goods = sum((Decimal(price) * units for _, units, price in lines), Decimal(0))
    seller.orders[ref] = {
        "orderId": ref,
        "createdTime": "2026-11-20T10:00:00Z",
        "lastUpdatedTime": f"{lately:%Y-%m-%dT%H:%M:%SZ}",
        "programs": ["PRIME"],
        "salesChannel": {"channelName": "AMAZON", "marketplaceId": "A13V1IB3VIYZZH", "marketplaceName": "Amazon.fr"},
        "buyer": {"buyerName": "Camille Rousseau", "buyerEmail": "x1@marketplace.amazon.fr"},
        "recipient": {
            "deliveryAddress": {
                "name": "Camille Rousseau", "addressLine1": "8 rue Lepic", "addressLine2": "", "addressLine3": "",
                "city": "Paris", "stateOrRegion": "", "postalCode": "75018", "countryCode": "FR",
                "phone": "+33612345678",
            },
        },
        "proceeds": {"grandTotal": euros(goods)},
        "fulfillment": {
            "fulfillmentStatus": "UNSHIPPED", "fulfilledBy": "MERCHANT", "fulfillmentServiceLevel": "STANDARD",
        },
        "orderItems": [put_line(n, *line) for n, line in enumerate(lines)],
    } | changes  # fmt: skip
    return seller.orders[ref]


def put_line(n: int, sku: str, units: int, price: str) -> dict[str, Any]:
    """Give a line as Amazon tells it."""
    amount = euros(Decimal(price) * units)
    return {
        "orderItemId": f"{70 + n}",
        "quantityOrdered": units,
        "product": {"asin": f"B0{n}", "title": sku, "sellerSku": sku, "price": {"unitPrice": euros(price)}},
        "proceeds": {"proceedsTotal": amount, "breakdowns": [{"type": "ITEM", "subtotal": amount}]},
        "fulfillment": {"quantityFulfilled": 0, "quantityUnfulfilled": units},
    }
