"""Goods that people wait for go first: from the dock to the bins near the bench, and from there to the parcel."""

import pytest
from django.urls import reverse

from colisage.inbound.actions.put_away import BinFrozen, put_away
from colisage.inbound.queries import on_the_dock
from colisage.inbound.queries.putaway import suggestions
from colisage.inventory.actions.allocate import allocate
from colisage.inventory.actions.pick_units import Pick, pick_units
from colisage.inventory.actions.serve_arrivals import serve_arrivals
from colisage.inventory.events import SellableGrew
from colisage.inventory.models import Count, CountTask, Reservation
from colisage.kit.actors import SYSTEM
from colisage.network.actions.equip_node import equip_node
from colisage.network.models import Place
from colisage.orders.actions.place_orders import place_orders
from tests.books import promised, stand, told
from tests.cast import World
from tests.inbound.dock import at_the_dock, take_in


@pytest.fixture
def ready(balanced: World) -> World:
    """Give the world with a bin for what goes first, and an order that waits for five mugs more than there are."""
    equip_node(balanced.nord.pk, node_id=balanced.lyon.pk, zones={}, cross_dock=["B-04-1"], actor=SYSTEM)
    place_orders([balanced.order(("MUG", 20)), balanced.order(("MUG", 5), number="#77")], actor=SYSTEM)
    return balanced


def test_a_backorder_is_served_by_the_receipt_and_picked_near_the_bench(ready: World) -> None:
    mug = ready.sku("MUG")
    assert [(state, units) for _owner, state, units in promised(mug)] == [("held", 20), ("waiting", 5)]
    receipt = take_in(ready, good=12)
    (suggested,) = suggestions(on_the_dock([ready.tilleul.pk]))
    assert suggested.best is not None
    assert (suggested.best.bin.code, suggested.goods.owed) == ("B-04-1", 5)
    put_away(ready.tilleul.pk, receipt_id=receipt, bin_code="B-04-1", qty=5, actor=SYSTEM)
    grown = told("SellableGrew")[-1]
    serve_arrivals([SellableGrew(merchant_id=mug.merchant_id, **{k: grown[k] for k in ("sku_id", "node_id", "qty")})])
    waiting = Reservation.objects.get(sku=mug, qty=5)
    assert waiting.state == "held"
    (bound,) = allocate([waiting.pk])
    first = Place.objects.get(node=ready.lyon, code="B-04-1")
    assert (bound.place_id, bound.qty) == (first.pk, 5)
    bench = Place.objects.get(node=ready.lyon, kind="bench").pk
    pick_units(
        [Pick(allocation_id=bound.allocation_id, qty=5, place_id=bench, doc_kind="pick", doc_id=1)], actor=SYSTEM
    )
    assert stand(mug, ready.lyon) == (20, 20)
    (rest,) = suggestions(on_the_dock([ready.tilleul.pk]))
    assert rest.best is not None
    assert (rest.best.bin.code, rest.goods.owed) == ("A-01-1", 0)  # nobody waits any more: where the SKU lies


def test_the_phone_says_for_whom(ready: World) -> None:
    receipt = take_in(ready, good=12)
    phone = at_the_dock(ready)
    text = phone.get(reverse("put-away-one", args=[receipt])).content.decode()
    for word in ("5 units are waited for", "#77", 'name="qty" inputmode="numeric" value="5"'):
        assert word in text
    assert "5 units are waited for" in phone.get(reverse("put-away")).content.decode()


def test_nothing_goes_into_a_bin_that_is_being_counted(ready: World) -> None:
    first = Place.objects.get(node=ready.lyon, code="B-04-1")
    count = Count.objects.create(operator=ready.nord, node=ready.lyon, made_by="Chen", method="hand")
    CountTask.objects.create(operator=ready.nord, node=ready.lyon, count=count, place=first, state="counting")
    receipt = take_in(ready)
    with pytest.raises(BinFrozen):
        put_away(ready.tilleul.pk, receipt_id=receipt, bin_code="B-04-1", qty=5, actor=SYSTEM, override=True)
    (suggested,) = suggestions(on_the_dock([ready.tilleul.pk]))
    assert suggested.best is not None
    assert suggested.best.bin.code != "B-04-1"
