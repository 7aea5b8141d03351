"""Two orders in one parcel, from the wave to the door: packed, labelled and carried as one, told to each."""

from collections.abc import Callable
from functools import partial
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from colisage.carriers.models import Carrier
from colisage.connectors.actions.tell_shops import tell_shops
from colisage.connectors.models import Connection, Errand
from colisage.connectors.queries.shipments import shipment_told
from colisage.desk.queries.order import page_of
from colisage.inventory.checks import differences
from colisage.inventory.models import Reservation
from colisage.kit.actors import SYSTEM
from colisage.kit.models import Event
from colisage.network.models import Channel
from colisage.notices.queries import token_of
from colisage.orders.actions.cancel_orders import TooLateToCancel, cancel_orders
from colisage.orders.actions.merge_orders import CannotGoTogether, merge_orders
from colisage.orders.actions.release_hold import release_hold
from colisage.orders.actions.set_hold import set_hold
from colisage.orders.events import OrderFreed, OrderHeld, OrdersParted
from colisage.orders.models import FulfillmentOrder, Hold, Order
from colisage.orders.queries import parts, parts_of
from colisage.packing.actions.make_parcels import make_parcels
from colisage.packing.actions.plan_parcels import plan_parcels
from colisage.packing.actions.seal_all import seal_all
from colisage.packing.models import Parcel, ParcelLine
from colisage.packing.queries import slip_pdf, to_pack
from colisage.picking.actions.confirm_picks import Taken, confirm_picks
from colisage.picking.actions.pick_all import pick_all
from colisage.picking.actions.release_wave import NothingToRelease, release_wave
from colisage.picking.actions.short_picks import Short, short_picks
from colisage.picking.models import PickBatch, PickTask
from colisage.shipping.actions.buy_labels import buy_labels
from colisage.shipping.actions.hand_over import hand_over
from colisage.shipping.actions.request_labels import request_labels
from colisage.shipping.actions.request_shipments import request_shipments
from colisage.shipping.actions.void_stopped import void_stopped
from colisage.shipping.events import ShipmentHandedOver
from colisage.shipping.models import Label, Shipment
from colisage.shipping.queries import labels_of, to_label
from colisage.tracking.actions.apply_events import apply_events
from colisage.tracking.actions.start_tracking import start_tracking
from colisage.tracking.queries import progress_of
from colisage.tracking.queries.told import shipments_told
from tests.cast import World
from tests.together import at_once
from tests.tracking.conftest import numbers, told

Pair = Callable[..., tuple[int, int]]


@pytest.fixture
def pair(world: World, ready: Any, boxes: Any, laposte: Carrier) -> Pair:
    """Accept two orders of one customer and let them go together; the second comes by a channel of its own."""

    def make() -> tuple[int, int]:
        other = Channel.objects.create(merchant=world.tilleul, kind="api", code="wholesale", name="Wholesale")
        one = ready((("MUG", 1),), gift_note="Bravo")[0]
        two = ready((("CARTE", 2),), gift_note="Merci", channel_id=other.pk)[0]
        merge_orders(world.tilleul.pk, groups=[[order.pk for order in orders(one, two)]], actor=SYSTEM)
        return one, two

    return make


def orders(*part_ids: int) -> list[Order]:
    found = {part.pk: part.order for part in FulfillmentOrder.objects.filter(pk__in=part_ids).select_related("order")}
    return [order for pk in part_ids if (order := found[pk])]


def stages(*part_ids: int) -> list[str]:
    return [parts(part_ids)[pk].stage for pk in part_ids]


def pick(world: World, *part_ids: int) -> None:
    release_wave(world.nord.pk, node_id=world.lyon.pk, fulfillment_order_ids=part_ids, actor=SYSTEM)
    open_ = PickBatch.objects.exclude(state="done").values_list("pk", flat=True)
    pick_all(world.nord.pk, batch_ids=list(open_), actor=SYSTEM)


def pack(world: World, *part_ids: int) -> None:
    pick(world, *part_ids)
    seal_all([world.tilleul.pk], fulfillment_order_ids=part_ids, actor=SYSTEM)


def test_one_parcel_is_packed_for_both_and_its_slip_names_both(world: World, pair: Pair) -> None:
    one, two = pair()
    pick(world, two)
    assert stages(one, two) == ["picked", "picked"]
    seal_all([world.tilleul.pk], fulfillment_order_ids=[two], actor=SYSTEM)
    parcel = Parcel.objects.get()
    assert (parcel.fulfillment_order_id, parcel.state) == (one, "sealed")
    assert sorted(ParcelLine.objects.values_list("quantity", flat=True)) == [1, 2]
    assert stages(one, two) == ["packed", "packed"]
    text = PdfReader(BytesIO(slip_pdf([world.tilleul.pk], parcel_ids=[parcel.pk]))).pages[0].extract_text()
    for said in (*(order.number for order in orders(one, two)), "Bravo", "Merci"):
        assert said in text
    assert differences() == []


def test_the_list_to_pack_names_both(world: World, pair: Pair) -> None:
    one, two = pair()
    pick(world, one)
    assert to_pack([world.tilleul.pk]) == []
    make_parcels([two])
    [row] = to_pack([world.tilleul.pk])
    assert row.order == " + ".join(order.number for order in orders(one, two))


def test_one_label_is_bought_and_each_order_follows_the_parcel_to_the_door(
    world: World, pair: Pair, laposte: Carrier
) -> None:
    one, two = pair()
    pack(world, one)
    assert to_label([world.tilleul.pk], operator_ids=[world.nord.pk]) == [one]
    buy_labels(request_shipments([one, two]))
    assert (Shipment.objects.count(), Label.objects.count()) == (1, 1)
    assert stages(one, two) == ["labelled", "labelled"]
    hand_over(world.nord.pk, node_id=world.lyon.pk, carrier_id=laposte.pk, actor=SYSTEM)
    assert stages(one, two) == ["handed_over", "handed_over"]
    assert set(Reservation.objects.values_list("state", flat=True)) == {"consumed"}
    events = [
        ShipmentHandedOver.read(e.payload) for e in Event.objects.filter(kind="ShipmentHandedOver").order_by("pk")
    ]
    assert [e.order_id for e in events] == [order.pk for order in orders(one, two)]
    start_tracking(events)
    apply_events([told(numbers(one)[0], "delivered", hours=9)])
    assert stages(one, two) == ["delivered", "delivered"]
    for order in orders(one, two):
        (label,) = labels_of(world.tilleul.pk, order_id=order.pk)
        (progress,) = progress_of(world.tilleul.pk, order_id=order.pk)
        assert (label.tracking_number, progress["status"]) == (numbers(one)[0], "delivered")
        (shipment,) = shipments_told(world.tilleul.pk, order_ids=[order.pk])[order.pk]
        assert shipment.parcels[0].tracking_number == label.tracking_number
        assert len(page_of(order)["parcels"]) == 1
        page = Client().get(reverse("portal-order", args=[token_of(world.tilleul.pk, order_id=order.pk)]))
        assert label.tracking_number in page.content.decode().replace("\xa0", "").replace(" ", "")
    assert differences() == []


def test_each_shop_hears_of_its_own_lines_with_the_same_number(world: World, pair: Pair, laposte: Carrier) -> None:
    one, two = pair()
    for order in orders(one, two):
        Connection.objects.create(
            merchant=world.tilleul,
            channel_id=order.channel_id,
            connector="woocommerce",
            active=True,
            hook=f"hook{order.pk}",
        )
    pack(world, one)
    buy_labels(request_shipments([one]))
    hand_over(world.nord.pk, node_id=world.lyon.pk, carrier_id=laposte.pk, actor=SYSTEM)
    events = [
        ShipmentHandedOver.read(e.payload) for e in Event.objects.filter(kind="ShipmentHandedOver").order_by("pk")
    ]
    tell_shops(events)
    tell_shops(events)
    errands = list(Errand.objects.order_by("pk"))
    assert [errand.order_id for errand in errands] == [order.pk for order in orders(one, two)]
    said = [shipment_told(errand.key, order_id=errand.order_id or 0) for errand in errands]
    assert [[units for _line, units in each.lines] for each in said] == [[1], [2]]
    assert {each.tracking[0][0] for each in said} == set(numbers(one))
    assert [each.external_ref for each in said] == [order.external_ref for order in orders(one, two)]
    assert all(each.last for each in said)
    assert len({each.key for each in said}) == 2


def test_a_hold_on_one_keeps_the_parcel_and_stops_its_label(world: World, pair: Pair, laposte: Carrier) -> None:
    one, two = pair()
    pack(world, one)
    buy_labels(request_shipments([one]))
    order = orders(two)[0].pk
    set_hold(world.tilleul.pk, order_ids=[order], kind="manual", reason="wait", actor=SYSTEM)
    void_stopped([OrderHeld(merchant_id=world.tilleul.pk, order_id=order, kind="manual")])
    assert stages(one, two) == ["packed", "packed"]
    assert Label.objects.get().state == "void"
    assert request_shipments([one]) == []
    assert to_label([world.tilleul.pk], operator_ids=[world.nord.pk]) == []
    release_hold(world.tilleul.pk, hold_ids=list(Hold.objects.values_list("pk", flat=True)), actor=SYSTEM)
    request_labels([OrderFreed(merchant_id=world.tilleul.pk, order_id=order)])
    assert stages(one, two) == ["labelling", "labelling"]


def test_what_is_short_leaves_and_the_rest_is_packed(world: World, pair: Pair) -> None:
    one, two = pair()
    release_wave(world.nord.pk, node_id=world.lyon.pk, fulfillment_order_ids=[one, two], actor=SYSTEM)
    confirm_picks(world.nord.pk, picks=[Taken(PickTask.objects.get(fulfillment_order=one).pk)], actor=SYSTEM)
    task = PickTask.objects.get(fulfillment_order=two)
    short_picks(world.nord.pk, shorts=[Short(task.pk, 0, "empty")], actor=SYSTEM)
    assert stages(one, two) == ["picked", "waiting"]
    plan_parcels([OrdersParted.read(e.payload) for e in Event.objects.filter(kind="OrdersParted")])
    assert Parcel.objects.get().fulfillment_order_id == one
    assert sum(ParcelLine.objects.values_list("quantity", flat=True)) == 1


@pytest.mark.django_db(transaction=True)
def test_a_merge_at_the_same_moment_as_a_wave_a_cancel_or_a_hold_ends_in_one_known_state(
    world: World, ready: Any
) -> None:
    for other in ("wave", "cancel", "hold", "wave", "cancel", "hold"):
        one, two = ready((("MUG", 1),), (("CARTE", 1),))
        first, second = (order.pk for order in orders(one, two))
        doing = {
            "wave": partial(
                release_wave, world.nord.pk, node_id=world.lyon.pk, fulfillment_order_ids=[two], actor=SYSTEM
            ),
            "cancel": partial(cancel_orders, world.tilleul.pk, order_ids=[second], actor=SYSTEM),
            "hold": partial(set_hold, world.tilleul.pk, order_ids=[second], kind="manual", reason="wait", actor=SYSTEM),
        }[other]
        merged, done = at_once(partial(merge_orders, world.tilleul.pk, groups=[[first, second]], actor=SYSTEM), doing)
        assert other == "wave" or not isinstance(done, Exception), done
        together = [part.together for part in parts([one, two]).values()]
        assert not isinstance(merged, Exception), merged
        if isinstance(merged[0], CannotGoTogether):
            assert together == [None, None]
        elif other == "wave":  # it was merged first: the wave took both, or looks again
            assert isinstance(done, NothingToRelease) or stages(one, two) == ["released", "released"]
            assert len(set(stages(one, two))) == 1
        if other != "wave":
            assert parts([two])[two].together is None
            assert stages(one)[0] == "ready"


@pytest.mark.django_db(transaction=True)
def test_a_label_a_hold_and_a_cancel_at_the_same_moment_move_both_orders_or_none(world: World, pair: Pair) -> None:
    one, two = pair()
    pack(world, one)
    order = orders(two)[0].pk
    bought, held, cancelled = at_once(
        partial(request_shipments, [one]),
        partial(set_hold, world.tilleul.pk, order_ids=[order], kind="manual", reason="wait", actor=SYSTEM),
        partial(cancel_orders, world.tilleul.pk, order_ids=[order], actor=SYSTEM),
    )
    assert isinstance(cancelled, TooLateToCancel)
    assert held == 1
    assert len(set(stages(one, two))) == 1
    assert stages(one)[0] == ("labelling" if bought else "packed")
    assert len(parts_of([order])[order]) == 1
