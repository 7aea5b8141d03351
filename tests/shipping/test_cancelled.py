"""An order cancelled when it has a label, or while that is bought: the label is given back, and nothing leaves."""

from functools import partial

import pytest
from django.db import transaction

from colisage.kit.actors import SYSTEM
from colisage.orders.actions.cancel_orders import cancel_orders
from colisage.orders.events import StageReached
from colisage.orders.queries import parts
from colisage.packing.actions.undo_parcels import undo_parcels
from colisage.packing.models import Parcel
from colisage.shipping.actions.buy_labels import buy_labels
from colisage.shipping.actions.give_back_labels import give_back_labels
from colisage.shipping.actions.request_shipments import request_shipments
from colisage.shipping.actions.void_stopped import void_stopped
from colisage.shipping.models import Label, Shipment
from tests.books import balanced, told
from tests.cast import World
from tests.shipping.conftest import Packed, shipment
from tests.shipping.fakes import FakeCarrier
from tests.together import at_once, faults

__all__ = ["balanced"]


def cancel(world: World, part: int) -> int:
    order = parts([part])[part].order_id or 0
    return cancel_orders(world.tilleul.pk, order_ids=[order], actor=SYSTEM, on_floor=True)


@transaction.atomic
def hear() -> None:
    heard = [StageReached(**e) for e in told("StageReached") if e["stage"] == "cancelled"]
    void_stopped(heard)
    undo_parcels(heard)


def test_the_label_of_a_cancelled_order_is_given_back(balanced: World, packed: Packed, carrier: FakeCarrier) -> None:
    [part] = packed((("MUG", 1),))
    buy_labels(request_shipments([part]))
    assert cancel(balanced, part) == 1
    hear()
    hear()
    give_back_labels([shipment(part).pk])
    assert (Label.objects.get().state, shipment(part).state, len(carrier.voided)) == ("void", "void", 1)
    assert (parts([part])[part].stage, Parcel.objects.get().state) == ("cancelled", "void")
    assert request_shipments([part]) == []


@pytest.mark.django_db(transaction=True)
def test_a_cancel_and_a_label_at_the_same_moment_end_cancelled_without_a_good_label(
    world: World, packed: Packed, carrier: FakeCarrier
) -> None:
    for _ in range(4):
        [part] = packed((("MUG", 1),))
        asked = request_shipments([part])
        cancelled, bought = at_once(partial(cancel, world, part), partial(buy_labels, asked))
        assert not faults([cancelled, bought])
        hear()
        give_back_labels(Shipment.objects.filter(state="voiding").values_list("pk", flat=True))
        assert cancelled == 1
        assert parts([part])[part].stage == "cancelled"
        assert not Label.objects.filter(shipment__fulfillment_order=part, state="good").exists()
        assert shipment(part).state == "void"
