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
from colisage.connectors.prestashop.simulator import Presta

__all__ = ["balanced", "boxes", "labelled", "laposte", "on_the_road", "packed", "picked", "ready"]


@pytest.fixture
def presta() -> Iterator[Presta]:
    """Give a PrestaShop on a loopback socket, with its first customer and statuses; its address is in `url`."""
    made = Presta()
    stocked_presta(made)
    with served(made.app()) as url:
        made.url = url
        yield made


@pytest.fixture
def connection(balanced: World, presta: Presta) -> Connection:
    """Give the world's channel, connected with the shop."""
    return connected(balanced, "prestashop", url=presta.url, key=presta.key)


def stocked_presta(presta: Presta) -> None:
    """Put the first customer and the statuses into a shop."""
    presta.tables |= {
        "order_states": {
            "1": {"id": "1", "paid": "0", "shipped": "0"}, "2": {"id": "2", "paid": "1", "shipped": "0"},
            "4": {"id": "4", "paid": "1", "shipped": "1"}, "6": {"id": "6", "paid": "0", "shipped": "0"},
        },
        "currencies": {"1": {"id": "1", "iso_code": "EUR"}},
        "languages": {"1": {"id": "1", "iso_code": "fr"}, "2": {"id": "2", "iso_code": "en"}},
        "carriers": {"7": {"id": "7", "name": "Colissimo"}},
        "countries": {"8": {"id": "8", "iso_code": "FR"}},
        "customers": {"3": {"id": "3", "firstname": "Camille", "lastname": "Rousseau", "email": "c@example.com"}},
        "addresses": {
            "5": {
                "id": "5", "firstname": "Camille", "lastname": "Rousseau", "company": "", "address1": "8 rue Lepic",
                "address2": "", "other": "", "postcode": "75018", "city": "Paris", "id_country": "8", "id_state": "0",
                "phone": "", "phone_mobile": "+33612345678",
            },
        },
    }  # fmt: skip


def put_order(presta: Presta, number: int, *lines: tuple[str, int, str], **changes: str) -> dict[str, Any]:
    """Put an order into the shop; lines are (SKU, units, price of one with 20 % of tax)."""
    for n, (sku, units, price) in enumerate(lines):
        gross = Decimal(price) * units
        pk = str(number * 10 + n)
        presta.tables["order_details"][pk] = {
            "id": pk, "id_order": str(number), "product_id": str(100 + n), "product_attribute_id": "0",
            "id_customization": "0", "product_name": sku, "product_reference": sku, "product_quantity": str(units),
            "product_quantity_refunded": "0", "total_price_tax_incl": f"{gross:.6f}",
            "total_price_tax_excl": f"{gross / Decimal('1.2'):.6f}",
        }  # fmt: skip
    total = sum((Decimal(price) * units for _, units, price in lines), Decimal("4.90"))
    presta.tables["orders"][str(number)] = {
        "id": str(number), "id_address_delivery": "5", "id_address_invoice": "5", "id_currency": "1", "id_lang": "1",
        "id_customer": "3", "id_carrier": "7", "current_state": "2", "module": "ps_wirepayment",
        "date_add": "2026-11-20 11:00:00", "date_upd": "2026-11-20 11:00:05", "reference": f"REF{number}",
        "gift": "0", "gift_message": "", "total_discounts_tax_incl": "0.000000", "total_paid_tax_incl": f"{total:.6f}",
        "total_paid_tax_excl": f"{total / Decimal('1.2'):.6f}", "total_shipping_tax_incl": "4.900000",
        "total_wrapping_tax_incl": "0.000000",
    } | changes  # fmt: skip
    presta.tables["order_carriers"][str(number)] = {
        "id": str(number), "id_order": str(number), "id_carrier": "7", "weight": "0.4", "tracking_number": "",
    }  # fmt: skip
    return presta.tables["orders"][str(number)]
