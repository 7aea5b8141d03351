"""A change and the floor at the same moment, on real connections: one of both is first, and the other knows it."""

from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from colisage.carriers.actions.load_public_tariffs import load_public_tariffs
from colisage.kit.actors import SYSTEM
from colisage.orders.actions.change_order import TooLateToChange, Wish, change_order
from colisage.orders.models import FulfillmentLine, FulfillmentOrder, Order, OrderChange, OrderLine
from colisage.packing.models import Parcel
from colisage.picking.actions.release_wave import NothingToRelease, release_wave
from colisage.picking.models import PickTask
from colisage.shipping.actions.request_shipments import request_shipments
from colisage.shipping.models import Shipment
from tests.books import stand
from tests.cast import CAMILLE, World
from tests.orders.parts import part_of
from tests.together import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("balanced")]


def test_a_change_and_a_wave_agree_on_what_is_picked(world: World) -> None:
    for _ in range(6):
        part = part_of(world, ("MUG", 3))
        line = OrderLine.objects.get(order=part.order_id)
        wish = Wish(quantities={line.pk: 1})
        changed, wave = at_once(
            partial(change_order, world.tilleul.pk, order_id=part.order_id or 0, wish=wish, actor=SYSTEM),
            partial(release_wave, world.nord.pk, node_id=world.lyon.pk, fulfillment_order_ids=[part.pk], actor=SYSTEM),
        )
        part.refresh_from_db()
        line.refresh_from_db()
        picked = sum(PickTask.objects.filter(fulfillment_order=part).values_list("quantity", flat=True))
        sent = FulfillmentLine.objects.get(fulfillment_order=part).quantity
        if isinstance(changed, TooLateToChange):
            assert (part.stage, picked, sent, line.cancelled) == ("released", 3, 3, 0)
        else:
            assert not isinstance(changed, Exception), changed
            assert (sent, line.cancelled) == (1, 2)
            assert (part.stage, picked) == ("ready", 0) if isinstance(wave, NothingToRelease) else ("released", 1)
    wanted = sum(FulfillmentLine.objects.values_list("quantity", flat=True))
    assert stand(world.sku("MUG"), world.lyon) == (20, wanted)


def test_the_same_message_heard_by_four_at_once_changes_once(world: World) -> None:
    part = part_of(world, ("MUG", 5))
    line = OrderLine.objects.get(order=part.order_id)
    doing = partial(
        change_order, world.tilleul.pk, order_id=part.order_id or 0, wish=Wish(quantities={line.pk: 2}), actor=SYSTEM,
        key="message-1", source="channel",
    )  # fmt: skip
    done = at_once(doing, doing, doing, doing)
    assert len({answer.change_id for answer in done}) == 1
    assert OrderChange.objects.count() == 1
    assert stand(world.sku("MUG"), world.lyon) == (20, 2)
    assert FulfillmentOrder.objects.get().stage == "ready"


def packed(world: World, **changes: Any) -> FulfillmentOrder:
    """Give a part that stands packed, with its parcel."""
    part = part_of(world, ("MUG", 1), **changes)
    FulfillmentOrder.objects.filter(pk=part.pk).update(stage="packed")
    Parcel.objects.create(
        merchant=world.tilleul, fulfillment_order=part, number=1, expected_grams=400, grams=400, length_mm=200,
        width_mm=150, height_mm=150, state="sealed", sealed_at=timezone.now(),
    )  # fmt: skip
    return part


def cents_to(part: FulfillmentOrder) -> int:
    return Shipment.objects.get(fulfillment_order=part).quoted_cents


def test_an_address_and_a_label_at_the_same_moment_agree_on_where_it_goes(world: World) -> None:
    load_public_tariffs()
    away = {**CAMILLE, "postcode": "10115", "city": "Berlin", "country": "DE"}
    near, far = packed(world), packed(world, ship_to=away)
    request_shipments([near.pk, far.pk])
    assert 0 < cents_to(near) < cents_to(far)
    for _ in range(6):
        part = packed(world)
        wish = partial(change_order, world.tilleul.pk, order_id=part.order_id or 0, wish=Wish(ship_to=away))
        changed, _shipped = at_once(partial(wish, actor=SYSTEM), partial(request_shipments, [part.pk]))
        there = Order.objects.get(pk=part.order_id).ship_to
        if isinstance(changed, TooLateToChange):
            assert (cents_to(part), there) == (cents_to(near), CAMILLE)
        else:
            assert not isinstance(changed, Exception), changed
            assert (cents_to(part), there) == (cents_to(far), away)
