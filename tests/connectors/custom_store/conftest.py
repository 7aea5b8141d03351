from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from tests.books import balanced
from tests.cast import World
from tests.connectors.shops import connected
from tests.packing.conftest import boxes, picked
from tests.picking.conftest import ready
from tests.serving import served
from tests.shipping.conftest import labelled, laposte, packed
from tests.tracking.conftest import on_the_road

from colisage.connectors.custom_store.simulator import PATH, Store
from colisage.connectors.models import Connection

__all__ = ["balanced", "boxes", "labelled", "laposte", "on_the_road", "packed", "picked", "ready"]


@pytest.fixture
def store() -> Iterator[Store]:
    """Give a shop that exports its orders, on a loopback socket; its address is in `url`."""
    made = Store()
    with served(made.app()) as url:
        made.url = url + PATH
        yield made


@pytest.fixture
def connection(balanced: World, store: Store) -> Connection:
    """Give the world's channel, connected with the shop."""
    return connected(
        balanced, "custom_store", url=store.url, username=store.username, password=store.password, currency="EUR"
    )


def ago(minutes: float = 60) -> datetime:
    """Give a moment some minutes ago."""
    return datetime.now(UTC) - timedelta(minutes=minutes)


def store_order(
    number: str, *lines: tuple[str, str, str], when: datetime | None = None, **changes: str
) -> tuple[datetime, str]:
    """Write an order as a custom store does; lines are (SKU, units, price of one)."""
    when = when or ago()
    total = sum(Decimal(units) * Decimal(price) for _, units, price in lines if "x" not in units) + Decimal("4.90")
    facts = {
        "OrderID": f"id-{number}", "OrderNumber": number, "OrderDate": "11/20/2026 10:00", "OrderStatus": "paid",
        "LastModified": f"{when:%m/%d/%Y %H:%M}", "ShippingMethod": "Colissimo", "OrderTotal": str(total),
        "TaxAmount": "0.00", "ShippingAmount": "4.90", "CustomerNotes": "",
    } | changes  # fmt: skip
    told = "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in facts.items())
    address = (
        "<Name>Camille Rousseau</Name><Address1>8 rue Lepic</Address1><Address2/><City>Paris</City><State/>"
        "<PostalCode>75018</PostalCode><Country>FR</Country><Phone>+33612345678</Phone>"
    )
    items = "".join(
        f"<Item><LineItemID>{number}-{n}</LineItemID><SKU>{sku}</SKU><Name>{sku}</Name><Quantity>{units}</Quantity>"
        f"<UnitPrice>{price}</UnitPrice></Item>"
        for n, (sku, units, price) in enumerate(lines)
    )
    return when, (
        f"<Order>{told}<Customer><CustomerCode>c</CustomerCode><BillTo><Name>Camille Rousseau</Name>"
        f"<Email>c@example.com</Email></BillTo><ShipTo>{address}</ShipTo></Customer><Items>{items}</Items></Order>"
    )
