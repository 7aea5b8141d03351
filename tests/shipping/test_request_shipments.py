from datetime import UTC, datetime, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from colisage.carriers.models import RateZone
from colisage.kit.actors import SYSTEM
from colisage.kit.models import AuditEntry, Event
from colisage.orders.actions.release_hold import release_hold
from colisage.orders.actions.set_hold import set_hold
from colisage.orders.events import OrderFreed, StageReached
from colisage.orders.models import Hold, Order
from colisage.orders.queries import parts
from colisage.shipping.actions.request_labels import request_labels
from colisage.shipping.actions.request_shipments import request_shipments
from colisage.shipping.models import Shipment
from colisage.shipping.queries import whys_of
from tests.cast import CAMILLE, World
from tests.shipping.conftest import Packed, shipment


def test_the_service_is_chosen_with_its_reason(world: World, packed: Packed) -> None:
    [part] = packed((("MUG", 1),))
    assert len(request_shipments([part])) == 1
    made = shipment(part)
    assert (made.state, parts([part])[part].stage) == ("requested", "labelling")
    assert made.service is not None
    assert made.service.code == "colissimo-domicile"
    [why] = whys_of(world.tilleul.pk, order_id=made.order_id)
    assert [c["chosen"] for c in why["candidates"]] == [True, False]
    assert why["candidates"][0]["cents"] == made.quoted_cents > 0


def test_asking_twice_wants_one_label(packed: Packed) -> None:
    [part] = packed((("MUG", 1),))
    assert len(request_shipments([part])) == 1
    assert request_shipments([part]) == []
    assert Shipment.objects.count() == 1


def test_a_part_hears_that_it_is_packed(packed: Packed) -> None:
    [part] = packed((("MUG", 1),))
    told = Event.objects.filter(kind="StageReached", payload__stage="packed").get()
    request_labels([StageReached.read(told.payload)])
    assert parts([part])[part].stage == "labelling"


def test_no_label_is_wanted_for_what_is_held_until_it_is_freed(world: World, packed: Packed) -> None:
    [part] = packed((("MUG", 1),))
    order = parts([part])[part].order_id or 0
    set_hold(world.tilleul.pk, order_ids=[order], kind="manual", reason="wait", actor=SYSTEM)
    assert request_shipments([part]) == []
    release_hold(world.tilleul.pk, hold_ids=[Hold.objects.get().pk], actor=SYSTEM)
    request_labels([OrderFreed(merchant_id=world.tilleul.pk, order_id=order)])
    assert shipment(part).state == "requested"


def test_where_nobody_carries_the_shipment_has_failed_and_the_part_stays(packed: Packed) -> None:
    [part] = packed((("MUG", 1),), ship_to={**CAMILLE, "country": "FR", "postcode": "98735"})
    RateZone.objects.all().delete()
    assert request_shipments([part]) == []
    assert (shipment(part).state, shipment(part).problem) == ("failed", "no_service")
    assert parts([part])[part].stage == "packed"
    assert AuditEntry.objects.filter(verb="no_service").count() == 1
    assert Event.objects.filter(kind="ShipmentFailed").count() == 1


def test_history_gets_no_label(packed: Packed) -> None:
    [part] = packed((("MUG", 1),))
    Order.objects.update(quiet=True)
    assert request_shipments([part]) == []


def test_a_promise_that_no_service_keeps_is_said(packed: Packed) -> None:
    yesterday = timezone.now().astimezone(UTC).date() - timedelta(days=1)
    [part] = packed((("MUG", 1),))
    Order.objects.update(promised_on=yesterday)
    request_shipments([part])
    assert shipment(part).why["reason"] == "soonest"


def test_many_are_wanted_in_as_many_statements_as_few(packed: Packed) -> None:
    counts = []
    for many in (2, 14):
        ids = packed(*[(("CARTE", 1),)] * many)
        with CaptureQueriesContext(connection) as queries:
            assert len(request_shipments(ids)) == many
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_it_leaves_on_a_working_day_of_the_node(packed: Packed) -> None:
    [part] = packed((("MUG", 1),))
    request_shipments([part])
    leaves = datetime.fromisoformat(shipment(part).why["leaves_on"]).date()
    assert leaves >= timezone.now().date() - timedelta(days=1)
    assert leaves.isoweekday() <= 5
