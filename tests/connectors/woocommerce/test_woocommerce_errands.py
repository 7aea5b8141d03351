import json

import pytest
from tests.cast import World
from tests.connectors.shops import due_now, fates, read, sent_off
from tests.connectors.woocommerce.conftest import woo_order
from tests.tracking.conftest import OnTheRoad

from colisage.connectors.actions.hear_shop import hear_shop
from colisage.connectors.actions.run_errands import run_errands
from colisage.connectors.actions.tell_shops import tell_shops
from colisage.connectors.models import Connection, Errand
from colisage.connectors.woocommerce.simulator import WooShop
from colisage.intake.events import OrderAskedFor
from colisage.inventory.events import PublishedChanged
from colisage.inventory.queries.channels import published_of
from colisage.kit.models import Event
from colisage.network.queries import channel_facts


def left(world: World, shop: WooShop, on_the_road: OnTheRoad) -> tuple[int, str]:
    """Send an order and tell it; give its reference and its tracking number."""
    shop.orders[77] = woo_order(77, ("MUG", 1, "18.00"))
    return "77", sent_off(world, on_the_road, ref="77")


def test_a_parcel_that_left_is_told_once_with_its_number(
    balanced: World,
    shop: WooShop,
    connection: Connection,
    on_the_road: OnTheRoad,
) -> None:
    _ref, number = left(balanced, shop, on_the_road)
    assert run_errands(connection.pk) == 1
    assert [number in note["note"] and note["customer_note"] for note in shop.notes[77]] == [True]
    assert shop.orders[77]["status"] == "completed"
    due_now()
    assert run_errands(connection.pk) == 0
    assert len(shop.notes[77]) == 1


@pytest.mark.parametrize("way", ["error_after_effect", "drop"])
def test_an_answer_that_is_lost_after_the_effect_does_not_tell_the_customer_twice(
    balanced: World,
    shop: WooShop,
    connection: Connection,
    on_the_road: OnTheRoad,
    way: str,
) -> None:
    left(balanced, shop, on_the_road)
    shop.behaviour.ways = frozenset({way})
    assert run_errands(connection.pk) == 0
    assert Errand.objects.get().state == "unknown"
    assert len(shop.notes[77]) == 1
    shop.behaviour.ways = frozenset()
    assert run_errands(connection.pk) == 0  # not before its time
    due_now()
    assert run_errands(connection.pk) == 1
    assert len(shop.notes[77]) == 1
    assert (Errand.objects.get().state, shop.orders[77]["status"]) == ("done", "completed")


def test_a_shop_that_does_not_know_the_order_is_not_asked_again_and_a_person_sees_it(
    balanced: World,
    shop: WooShop,
    connection: Connection,
    on_the_road: OnTheRoad,
) -> None:
    left(balanced, shop, on_the_road)
    shop.orders.clear()
    assert run_errands(connection.pk) == 0
    errand = Errand.objects.get()
    assert (errand.state, errand.detail.startswith("unknown_to_shop")) == ("refused", True)
    connection.refresh_from_db()
    assert connection.problems == {}


def test_what_may_be_sold_is_told_when_it_changes_and_only_then(
    balanced: World, shop: WooShop, connection: Connection
) -> None:
    mug, card, box = (balanced.sku(code).pk for code in ("MUG", "CARTE", "COFFRET"))
    shop.products = {
        1: {"id": 1, "parent_id": 0, "sku": "MUG", "stock_quantity": None},
        2: {"id": 2, "parent_id": 9, "sku": "COFFRET", "stock_quantity": 3},
    }
    tell_shops([PublishedChanged(merchant_id=balanced.tilleul.pk, sku_ids=(mug, card, box))])
    assert run_errands(connection.pk) == 2
    units = published_of(channel_facts([connection.channel_id])[connection.channel_id], sku_ids=[mug, box])
    assert (shop.products[1]["stock_quantity"], shop.products[2]["stock_quantity"]) == (
        units[mug].units,
        units[box].units,
    )
    assert dict(Errand.objects.values_list("key", "state")) == {
        str(mug): "done", str(card): "dropped", str(box): "done",
    }  # fmt: skip
    calls = len(shop.behaviour.calls)
    tell_shops([PublishedChanged(merchant_id=balanced.tilleul.pk, sku_ids=(mug, box))])
    assert run_errands(connection.pk) == 2
    assert len(shop.behaviour.calls) == calls


def test_an_order_the_shop_only_hinted_at_is_asked_for(balanced: World, shop: WooShop, connection: Connection) -> None:
    shop.orders[8] = woo_order(8, ("MUG", 3, "54.00"), refunds=[{"id": 1, "total": "-18.00"}])
    taken = {
        "quantity": -1,
        "total": "-18.00",
        "total_tax": "0",
        "meta_data": [{"key": "_refunded_item_id", "value": "80"}],
    }
    shop.refunds[8] = [{"id": 1, "amount": "18.00", "line_items": [taken]}]
    body = json.dumps(shop.orders[8]).encode()
    hear_shop(balanced.tilleul.pk, channel_id=connection.channel_id, headers=shop.signed(body), body=body)
    assert fates(read(connection)) == [("ignored", "asked_for")]
    [event] = Event.objects.filter(kind="OrderAskedFor")
    tell_shops([OrderAskedFor.read(event.payload)])
    assert Errand.objects.filter(kind="order").count() == 1
    assert run_errands(connection.pk) == 1
    assert fates(read(connection)) == [("ignored", "asked_for"), ("done", "accepted")]
