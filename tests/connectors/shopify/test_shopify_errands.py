from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from tests.cast import World
from tests.connectors.shopify.conftest import shopify_order
from tests.connectors.shopify.sdl import input_faults
from tests.connectors.shops import due_now, sent_off
from tests.tracking.conftest import OnTheRoad

from colisage.connectors.actions.run_errands import run_errands
from colisage.connectors.actions.tell_shops import tell_shops
from colisage.connectors.models import Connection, Errand
from colisage.connectors.ports import ShipmentTold, ShopRefused, StockTold
from colisage.connectors.queries import access_of
from colisage.connectors.shopify.channel import Shopify
from colisage.connectors.shopify.parcels import parcels_of
from colisage.connectors.shopify.sim_orders import gid
from colisage.connectors.shopify.simulator import LOCATION, Part, ShopifyShop
from colisage.inventory.events import PublishedChanged
from colisage.inventory.queries.channels import published_of
from colisage.network.queries import channel_facts

PART = gid("FulfillmentOrder", 77)


def left(world: World, shop: ShopifyShop, on_the_road: OnTheRoad, **part: Any) -> str:
    """Send an order and tell it; give its tracking number."""
    shop.place(shopify_order(77, ("MUG", 1, "18.00"), ("COFFRET", 2, "20.00")), **part)
    return sent_off(world, on_the_road, ref="77", lines={"MUG": "770", "COFFRET": "771"})


def sent_with(shop: ShopifyShop) -> list[tuple[list[str], dict[str, int], bool]]:
    """Give what the shop knows to have left: numbers, units by line, whether the customer was written to."""
    return [
        (one.numbers, {line.rpartition("/")[2]: units for line, units in one.lines}, one.mailed)
        for one in shop.left.values()
    ]


def test_a_parcel_that_left_is_told_once_with_its_number(
    balanced: World, shop: ShopifyShop, connection: Connection, on_the_road: OnTheRoad
) -> None:
    number = left(balanced, shop, on_the_road)
    assert run_errands(connection.pk) == 1
    assert sent_with(shop) == [([number], {"770": 1, "771": 2}, True)]
    assert (shop.orders[77]["fulfillment_status"], shop.parts[PART].status) == ("fulfilled", "CLOSED")
    due_now()
    assert run_errands(connection.pk) == 0
    assert len(shop.left) == 1


@pytest.mark.parametrize("way", ["error_after_effect", "drop"])
def test_an_answer_that_is_lost_after_the_effect_does_not_tell_the_customer_twice(
    balanced: World, shop: ShopifyShop, connection: Connection, on_the_road: OnTheRoad, way: str
) -> None:
    number = left(balanced, shop, on_the_road)
    shop.faults = {"SendParcel": way}
    assert run_errands(connection.pk) == 0
    assert Errand.objects.get().state == "unknown"
    assert len(shop.left) == 1
    shop.faults = {}
    due_now()
    assert run_errands(connection.pk) == 1
    assert sent_with(shop) == [([number], {"770": 1, "771": 2}, True)]
    assert Errand.objects.get().state == "done"


def test_a_request_that_waits_is_accepted_before_its_parcel_is_told(
    balanced: World, shop: ShopifyShop, connection: Connection, on_the_road: OnTheRoad
) -> None:
    left(balanced, shop, on_the_road, request="SUBMITTED")
    assert run_errands(connection.pk) == 1
    assert (shop.parts[PART].request, shop.parts[PART].status, len(shop.left)) == ("ACCEPTED", "CLOSED", 1)


def test_what_the_shop_holds_or_does_not_know_waits_for_a_person(
    balanced: World, shop: ShopifyShop, connection: Connection, on_the_road: OnTheRoad
) -> None:
    left(balanced, shop, on_the_road, status="ON_HOLD")
    assert run_errands(connection.pk) == 0
    errand = Errand.objects.get()
    assert (errand.state, errand.detail) == ("refused", "said_no: fulfillment orders: ON_HOLD")
    shop.orders.clear()
    Errand.objects.update(state="unknown")
    due_now()
    assert run_errands(connection.pk) == 0
    errand.refresh_from_db()
    assert (errand.state, errand.detail) == ("refused", "unknown_to_shop: 77")


def told_of(*lines: tuple[str, int], tracking: tuple[str, ...] = ("N1",)) -> ShipmentTold:
    """Make a shipment."""
    return ShipmentTold(
        key="shipment-1", external_ref="77", lines=lines, carrier="La Poste", tracking=[(one, "") for one in tracking],
        shipped_at=timezone.now(), last=True,
    )  # fmt: skip


def test_a_parcel_of_two_locations_is_told_to_each_and_only_to_the_one_that_is_missing(
    shop: ShopifyShop, connection: Connection
) -> None:
    shop.place(shopify_order(77, ("MUG", 3, "18.00"), ("COFFRET", 2, "20.00")))
    shop.parts[PART].lines = {"a": [gid("LineItem", 770), 2, 2]}
    other = gid("FulfillmentOrder", 78)
    lines = {"b": [gid("LineItem", 770), 1], "c": [gid("LineItem", 771), 2]}
    shop.parts[other] = Part(other, 77, lines, location=gid("Location", 2))
    told, access = told_of(("770", 3), ("771", 1)), access_of(connection)
    before = shop._send

    def only_one(**asked: Any) -> dict[str, Any]:
        shop._send = before  # type: ignore[method-assign]
        answer = before(**asked)
        shop.parts[other].status = "SCHEDULED"
        return answer

    shop._send = only_one  # type: ignore[method-assign]
    with pytest.raises(ShopRefused):
        Shopify().tell_shipment(access, told=told, again=False)
    assert sent_with(shop) == [(["N1"], {"770": 2}, True)]
    shop.parts[other].status = "OPEN"
    Shopify().tell_shipment(access, told=told, again=True)
    assert sent_with(shop)[1:] == [(["N1"], {"770": 1, "771": 1}, True)]
    Shopify().tell_shipment(access, told=told, again=True)
    assert len(shop.left) == 2


def test_what_is_sent_with_mutations_is_of_shopifys_schema(shared: Path) -> None:
    sdl = shared / "fixtures/shopify/graphql/2026-01.schema.graphql"
    line = {"id": "l", "remainingQuantity": 2, "lineItem": {"id": gid("LineItem", 7)}}
    order = {"parts": [{"id": "p", "status": "OPEN", "lineItems": [line]}], "left": []}
    [parcel] = parcels_of(order, told_of(("7", 1)), again=False)
    assert input_faults(parcel.fulfillment, "FulfillmentInput!", sdl) == []


def test_what_may_be_sold_is_told_when_it_changes_and_only_then(
    balanced: World, shop: ShopifyShop, connection: Connection
) -> None:
    mug, card, box = (balanced.sku(code).pk for code in ("MUG", "CARTE", "COFFRET"))
    items = [shop.stock("MUG", 0), shop.stock("COFFRET", 3), shop.stock("CARTE", 1, tracked=False)]
    tell_shops([PublishedChanged(merchant_id=balanced.tilleul.pk, sku_ids=(mug, card, box))])
    assert run_errands(connection.pk) == 2
    units = published_of(channel_facts([connection.channel_id])[connection.channel_id], sku_ids=[mug, box])
    assert [item.available[LOCATION] for item in items] == [units[mug].units, units[box].units, 1]
    assert dict(Errand.objects.values_list("key", "state")) == {
        str(mug): "done", str(card): "refused", str(box): "done",
    }  # fmt: skip
    assert Errand.objects.get(state="refused").detail == "not_counted_there"
    calls = len(shop.asked)
    tell_shops([PublishedChanged(merchant_id=balanced.tilleul.pk, sku_ids=(mug, box))])
    assert run_errands(connection.pk) == 2
    assert len(shop.asked) == calls


def told(*pairs: tuple[str, int]) -> list[StockTold]:
    """Make what may be sold."""
    return [StockTold(sku, units, None, key=f"{sku}-0") for sku, units in pairs]


def sold(shop: ShopifyShop, pk: str) -> Callable[[], None]:
    """Have one sold at the shop in the meantime."""

    def deed() -> None:
        shop.items[pk].available[LOCATION] -= 1

    return deed


def test_a_sale_in_between_is_not_overwritten_unseen_and_two_are_left_to_later(
    shop: ShopifyShop, connection: Connection
) -> None:
    mug, access = shop.stock("MUG", 9), access_of(connection)
    shop.meanwhile = [sold(shop, mug.id)]
    assert Shopify().tell_stock(access, stock=told(("MUG", 5))) == {}
    assert mug.available == {LOCATION: 5}
    assert shop.asked == ["Locations", "InventoryItems", "SetStock", "InventoryItems", "SetStock"]
    shop.meanwhile = [sold(shop, mug.id)] * 2
    with pytest.raises(ShopRefused) as refused:
        Shopify().tell_stock(access, stock=told(("MUG", 7)))
    assert (refused.value.code, mug.available) == ("changed_meanwhile", {LOCATION: 3})


@pytest.mark.parametrize("way", ["error_after_effect", "drop"])
def test_stock_whose_answer_was_lost_is_told_again_without_harm(
    shop: ShopifyShop, connection: Connection, way: str
) -> None:
    mug, access = shop.stock("MUG", 9), access_of(connection)
    shop.faults = {"SetStock": way}
    with pytest.raises(ShopRefused):
        Shopify().tell_stock(access, stock=told(("MUG", 5)))
    shop.faults = {}
    sold(shop, mug.id)()
    assert Shopify().tell_stock(access, stock=told(("MUG", 5))) == {}
    assert (mug.available, len(shop.keys)) == ({LOCATION: 5}, 2)


def test_the_location_is_the_only_one_or_the_one_that_was_named(shop: ShopifyShop, connection: Connection) -> None:
    mug, access = shop.stock("MUG", 9), access_of(connection)
    other = gid("Location", 2)
    shop.locations[other] = "Boutique Lyon"
    mug.available[other] = 1
    with pytest.raises(ShopRefused) as refused:
        Shopify().tell_stock(access, stock=told(("MUG", 5)))
    assert refused.value.code == "location_unclear"
    named = type(access)({**access.options, "location": "boutique lyon"}, access.secrets)
    assert Shopify().tell_stock(named, stock=told(("MUG", 5), ("mug", 1), ('"; DROP', 2))) == {
        "mug": "unknown_to_shop", '"; DROP': "unknown_to_shop",
    }  # fmt: skip
    assert mug.available == {LOCATION: 9, other: 5}
