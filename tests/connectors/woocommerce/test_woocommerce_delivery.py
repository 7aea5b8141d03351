"""Orders of which nothing is sent: virtual products, and what the customer collects."""

import json
from typing import Any

import pytest
from django.db.models import F
from tests.books import balanced
from tests.cast import World
from tests.connectors.shops import ask, fates, order_of, read
from tests.connectors.woocommerce.conftest import connection, shop, woo_order

from colisage.connectors.actions.run_errands import run_errands
from colisage.connectors.actions.tell_shops import tell_shops
from colisage.connectors.models import Connection
from colisage.connectors.woocommerce.mapping import told
from colisage.connectors.woocommerce.simulator import WooShop
from colisage.intake.actions.keep_messages import keep_messages
from colisage.intake.events import OrderAskedFor
from colisage.intake.ports import Arrived, AskFor, OrderTold
from colisage.orders.models import FulfillmentOrder, Hold, OrderLine
from colisage.orders.queries import hold_reason
from colisage.sourcing.actions.source_orders import source_orders

__all__ = ["balanced", "connection", "shop"]
NOWHERE = dict.fromkeys(("first_name", "last_name", "address_1", "address_2", "city", "postcode", "country"), "")


def without_delivery(number: int, *lines: tuple[str, int, str], **changes: Any) -> dict[str, Any]:
    """Write an order for which the checkout asked for no delivery."""
    return woo_order(number, *lines, **{"shipping_lines": [], "shipping": NOWHERE, **changes})


def needing(order: Any) -> list[bool]:
    return list(OrderLine.objects.filter(order=order).order_by("pk").values_list("requires_shipping", flat=True))


def holds(order: Any) -> list[tuple[str, str]]:
    return list(Hold.objects.filter(order=order, released_at=None).values_list("kind", "reason"))


def test_virtual_products_need_no_parcel_and_others_of_a_shop_without_delivery_do(
    balanced: World, shop: WooShop, connection: Connection
) -> None:
    shop.products = {
        100: {"id": 100, "virtual": True}, 101: {"id": 101, "virtual": False},
        7: {"id": 7, "parent_id": 102, "virtual": True},
    }  # fmt: skip
    shop.orders[8] = without_delivery(8, ("PATRON-PDF", 1, "9.00"))
    shop.orders[9] = without_delivery(9, ("", 1, "9.00"), ("MUG", 1, "18.00"), ("COURS", 1, "5.00"))
    shop.orders[9]["line_items"][2]["variation_id"] = 7
    ask(connection)
    assert needing(order_of(balanced, 8)) == [False]
    assert holds(order_of(balanced, 8)) == []  # not in the catalogue, and no address: nothing is to be sent
    assert needing(order_of(balanced, 9)) == [False, True, False]
    assert order_of(balanced, 9).ship_to["line1"] == "8 rue Lepic"


def test_a_message_of_an_order_without_delivery_has_its_products_asked_for(
    balanced: World, shop: WooShop, connection: Connection
) -> None:
    shop.products = {100: {"id": 100, "virtual": True}}
    shop.orders[8] = without_delivery(8, ("PATRON-PDF", 1, "9.00"))
    sent = json.dumps(shop.orders[8]).encode()
    keep_messages(
        balanced.tilleul.pk, channel_id=connection.channel_id, connector="woocommerce", via="hook",
        arrived=[Arrived(key="d:1", body=sent, topic="order.created")],
    )  # fmt: skip
    assert fates(read(connection)) == [("ignored", "asked_for")]
    tell_shops([OrderAskedFor(merchant_id=balanced.tilleul.pk, channel_id=connection.channel_id, ref="8")])
    run_errands(connection.pk)
    assert ("done", "accepted") in fates(read(connection))
    assert needing(order_of(balanced, 8)) == [False]


@pytest.mark.parametrize("status", ["completed", "cancelled", "refunded"])
def test_products_of_orders_that_are_over_are_not_asked_for(status: str) -> None:
    assert isinstance(told(without_delivery(8, ("MUG", 1, "9.00"))), AskFor)
    assert isinstance(told(without_delivery(8, ("MUG", 1, "9.00"), status=status)), OrderTold)
    assert isinstance(told(without_delivery(8, ("MUG", 1, "9.00"), line_items=[])), OrderTold)


@pytest.mark.parametrize("way", ["local_pickup", "local_pickup:3", "pickup_location"])
def test_what_the_customer_collects_is_held_until_the_shop_completes_it(
    balanced: World, shop: WooShop, connection: Connection, way: str
) -> None:
    shop.orders[8] = woo_order(8, ("MUG", 2, "36.00"), shipping=NOWHERE)
    shop.orders[8]["shipping_lines"][0].update(method_id=way, method_title="Retrait en boutique")
    assert fates(ask(connection)) == [("done", "accepted")]
    order = order_of(balanced, 8)
    assert holds(order) == [("channel", "collected")]
    assert "vient la chercher" in str(hold_reason("collected"))
    source_orders([order.pk])
    shop.touch(8, status="completed")
    assert fates(ask(connection))[-1][0] == "done"
    order.refresh_from_db()
    assert holds(order) == []
    assert set(FulfillmentOrder.objects.filter(order=order).values_list("stage", flat=True)) <= {"cancelled"}
    lines = OrderLine.objects.filter(order=order, cancelled__lt=F("quantity"))
    assert list(lines.values_list("served_by", "quantity")) == [("WooCommerce", 2)]


def test_an_order_that_is_carried_is_not_held(balanced: World, shop: WooShop, connection: Connection) -> None:
    shop.orders[8] = woo_order(8, ("MUG", 1, "18.00"))
    shop.orders[8]["shipping_lines"][0]["method_id"] = "flat_rate"
    ask(connection)
    assert holds(order_of(balanced, 8)) == []
