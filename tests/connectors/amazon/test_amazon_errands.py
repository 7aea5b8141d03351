import pytest
from django.utils import timezone
from tests.cast import World
from tests.connectors.amazon.conftest import put_order
from tests.connectors.shops import ask, due_now, fates, sent_off
from tests.tracking.conftest import OnTheRoad

from colisage.connectors.actions.run_errands import run_errands
from colisage.connectors.actions.tell_shops import tell_shops
from colisage.connectors.amazon.simulator import Seller
from colisage.connectors.models import Connection, Errand
from colisage.inventory.events import PublishedChanged
from colisage.inventory.queries.channels import published_of
from colisage.network.queries import channel_facts

REF = "406-0000077-1234567"
CONFIRM = ("POST", f"/orders/v0/orders/{REF}/shipmentConfirmation")


def left(world: World, seller: Seller, on_the_road: OnTheRoad) -> str:
    """Send an order and tell it; give its tracking number."""
    put_order(seller, 77, ("MUG", 1, "18.00"), ("COFFRET", 2, "20.00"))
    return sent_off(world, on_the_road, ref=REF, lines={"MUG": "70", "COFFRET": "71"})


def test_a_parcel_that_left_is_confirmed_once_with_its_number_and_lines(
    balanced: World, seller: Seller, connection: Connection, on_the_road: OnTheRoad
) -> None:
    number = left(balanced, seller, on_the_road)
    assert run_errands(connection.pk) == 1
    [package] = seller.orders[REF]["packages"]
    assert package["trackingNumber"] == number
    assert {(one["orderItemId"], one["quantity"]) for one in package["orderItems"]} == {("70", 1), ("71", 2)}
    assert seller.orders[REF]["fulfillment"]["fulfillmentStatus"] == "SHIPPED"
    assert int(package["packageReferenceId"]) > 0
    assert package["carrierCode"] != "Other" or package["carrierName"]


@pytest.mark.parametrize("way", ["error_after_effect", "drop"])
def test_an_answer_that_is_lost_after_the_effect_confirms_no_second_package(
    balanced: World, seller: Seller, connection: Connection, on_the_road: OnTheRoad, way: str
) -> None:
    left(balanced, seller, on_the_road)
    seller.behaviour.only, seller.behaviour.ways = frozenset({CONFIRM}), frozenset({way})
    assert run_errands(connection.pk) == 0
    assert Errand.objects.get().state == "unknown"
    seller.behaviour.ways = frozenset()
    due_now()
    assert run_errands(connection.pk) == 1
    assert (len(seller.orders[REF]["packages"]), seller.behaviour.calls.count(CONFIRM)) == (1, 1)


def test_a_confirmation_that_did_not_arrive_is_sent_again(
    balanced: World, seller: Seller, connection: Connection, on_the_road: OnTheRoad
) -> None:
    left(balanced, seller, on_the_road)
    seller.behaviour.only, seller.behaviour.ways = frozenset({CONFIRM}), frozenset({"error_before_effect"})
    assert run_errands(connection.pk) == 0
    seller.behaviour.ways = frozenset()
    due_now()
    assert run_errands(connection.pk) == 1
    assert len(seller.orders[REF]["packages"]) == 1


def test_an_order_amazon_does_not_know_waits_for_a_person(
    balanced: World, seller: Seller, connection: Connection, on_the_road: OnTheRoad
) -> None:
    left(balanced, seller, on_the_road)
    seller.orders.clear()
    assert run_errands(connection.pk) == 0
    assert Errand.objects.get().state == "refused"


def test_what_may_be_sold_is_told_and_what_amazon_has_against_it_is_kept(
    balanced: World, seller: Seller, connection: Connection
) -> None:
    mug, card, box = (balanced.sku(code).pk for code in ("MUG", "CARTE", "COFFRET"))
    seller.listings = {"MUG": 1, "COFFRET": 1}
    seller.refused_listings = {"COFFRET"}
    tell_shops([PublishedChanged(merchant_id=balanced.tilleul.pk, sku_ids=(mug, card, box))])
    assert run_errands(connection.pk) == 1
    units = published_of(channel_facts([connection.channel_id])[connection.channel_id], sku_ids=[mug])
    assert seller.listings == {"MUG": units[mug].units, "COFFRET": 1}
    assert dict(Errand.objects.values_list("key", "state")) == {
        str(mug): "done", str(card): "dropped", str(box): "refused",
    }  # fmt: skip
    assert Errand.objects.get(key=str(box)).detail == "said_no: brand"


def test_what_we_told_amazon_comes_back_as_nothing_new(balanced: World, seller: Seller, connection: Connection) -> None:
    order = put_order(seller, 6, ("MUG", 1, "18.00"))
    ask(connection)
    order["fulfillment"]["fulfillmentStatus"] = "SHIPPED"
    order["orderItems"][0]["fulfillment"] = {"quantityFulfilled": 1, "quantityUnfulfilled": 0}
    order["lastUpdatedTime"] = f"{timezone.now():%Y-%m-%dT%H:%M:%SZ}"
    connection.refresh_from_db()
    assert fates(ask(connection)) == [("done", "accepted"), ("ignored", "nothing_new")]
