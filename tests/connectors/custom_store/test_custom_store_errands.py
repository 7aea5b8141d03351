from datetime import timedelta
from xml.etree.ElementTree import fromstring

import pytest
from django.utils import timezone
from tests.cast import World
from tests.connectors.custom_store.conftest import store_order
from tests.connectors.shops import sent_off
from tests.tracking.conftest import OnTheRoad

from colisage.connectors.actions.run_errands import run_errands
from colisage.connectors.actions.tell_shops import tell_shops
from colisage.connectors.custom_store.simulator import Store
from colisage.connectors.models import Connection, Errand
from colisage.inventory.events import PublishedChanged


def left(world: World, store: Store, on_the_road: OnTheRoad) -> str:
    """Send an order and tell it; give its tracking number."""
    store.orders["J1"] = store_order("J1", ("MUG", "1", "18.00"))
    return sent_off(world, on_the_road, ref="J1", lines={"MUG": "sku:MUG", "COFFRET": "91"})


def test_a_parcel_that_left_is_told_with_its_number_and_what_is_in_it(
    balanced: World, store: Store, connection: Connection, on_the_road: OnTheRoad
) -> None:
    number = left(balanced, store, on_the_road)
    assert run_errands(connection.pk) == 1
    assert [(one["order_number"], one["tracking_number"]) for one in store.told] == [("J1", number)]
    notice = fromstring(store.parcels["J1", number])
    assert (notice.findtext("OrderNumber"), notice.findtext("TrackingNumber")) == ("J1", number)
    items = [tuple(item.findtext(name) for name in ("SKU", "LineItemID", "Quantity")) for item in notice.iter("Item")]
    assert sorted(items, key=str) == [("MUG", None, "1"), (None, "91", "2")]


@pytest.mark.parametrize("way", ["error_after_effect", "drop"])
def test_an_answer_that_is_lost_is_told_again_and_the_shop_has_one_parcel(
    balanced: World, store: Store, connection: Connection, on_the_road: OnTheRoad, way: str
) -> None:
    number = left(balanced, store, on_the_road)
    store.behaviour.ways = frozenset({way})
    assert run_errands(connection.pk) == 0
    assert Errand.objects.get().state == "unknown"
    store.behaviour.ways = frozenset()
    Errand.objects.update(next_try_at=timezone.now() - timedelta(seconds=1))
    assert run_errands(connection.pk) == 1
    assert list(store.parcels) == [("J1", number)]


def test_an_order_the_shop_does_not_know_waits_for_a_person(
    balanced: World, store: Store, connection: Connection, on_the_road: OnTheRoad
) -> None:
    left(balanced, store, on_the_road)
    store.orders.clear()
    assert run_errands(connection.pk) == 0
    assert Errand.objects.get().state == "refused"


def test_stock_is_not_in_the_protocol_and_nobody_is_called(
    balanced: World, store: Store, connection: Connection
) -> None:
    tell_shops([PublishedChanged(merchant_id=balanced.tilleul.pk, sku_ids=(balanced.sku("MUG").pk,))])
    assert run_errands(connection.pk) == 1
    assert store.behaviour.calls == []
