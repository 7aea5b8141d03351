"""What can go another way does; what cannot is held and says so."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from colisage.automation.actions.judge_and_source import judge_and_source
from colisage.carriers.models import Carrier, RateBreak, RateCard, RateZone, Service
from colisage.disruptions.actions.touch_orders import touch_orders
from colisage.disruptions.problem import NoOtherWay
from colisage.disruptions.tasks import turn
from colisage.kit.actors import SYSTEM, Actor
from colisage.kit.models import AuditEntry
from colisage.network.actions.end_disruptions import end_disruptions
from colisage.network.models import Disruption
from colisage.orders.actions.advance_stage import advance_stage
from colisage.orders.actions.instruct_orders import instruct_orders
from colisage.orders.actions.place_orders import place_orders
from colisage.orders.events import OrderAccepted
from colisage.orders.models import FulfillmentOrder
from colisage.orders.queries import parts
from colisage.picking.actions.release_wave import release_wave
from colisage.picking.models import PickTask
from colisage.shipping.actions.request_shipments import request_shipments
from colisage.sourcing.models import SourcingDecision
from tests.books import stand
from tests.cast import CAMILLE, World, day, fill
from tests.disruptions.conftest import CHEN, Declare, carry_out, holds
from tests.picking.conftest import Ready
from tests.shipping.conftest import Packed, shipment

pytestmark = pytest.mark.usefixtures("balanced")
MUG = (("MUG", 1),)
ISLAND = {**CAMILLE, "postcode": "20000"}


@pytest.fixture
def other(db: None) -> Carrier:
    """Give a second carrier, dearer than the first."""
    carrier = Carrier.objects.create(code="coursier", name="Coursier", country="FR")
    service = Service.objects.create(carrier=carrier, code="coursier-domicile", name="Domicile")
    card = RateCard.objects.create(
        service=service, from_country="FR", currency="EUR", valid_from=day(-9), source="a test"
    )
    zone = RateZone.objects.create(card=card, code="FR", countries=["FR"])
    RateBreak.objects.create(zone=zone, max_grams=30_000, cents=9_000, days_min=1, days_max=2)
    return carrier


def carrier_of(part: int) -> str:
    service = shipment(part).service
    assert service is not None
    return service.carrier.code


def test_another_carrier_takes_what_has_a_label_of_a_disrupted_one(
    labelled: Packed, other: Carrier, declare: Declare
) -> None:
    [part] = labelled(MUG)
    assert carrier_of(part) == "laposte"
    declare("carrier", "laposte", effect="reroute")
    carry_out()
    turn(0)
    assert (carrier_of(part), parts([part])[part].stage, holds()) == ("coursier", "labelling", [])
    deed = AuditEntry.objects.get(verb="order_rerouted")
    assert (deed.doc_id, deed.data) == (parts([part])[part].order_id, {"about": "La Poste Colissimo"})


def test_another_carrier_is_chosen_for_what_wants_a_label(packed: Packed, other: Carrier, declare: Declare) -> None:
    [part] = packed(MUG)
    disruption = declare("carrier", "laposte", effect="reroute")
    request_shipments([part])
    assert (carrier_of(part), holds()) == ("coursier", [])
    end_disruptions([disruption.pk], actor=CHEN)
    [later] = packed(MUG)
    request_shipments([later])
    assert carrier_of(later) == "laposte"


def test_what_no_other_carrier_takes_waits_for_the_end(
    world: World, labelled: Packed, packed: Packed, declare: Declare
) -> None:
    [has], [wants] = labelled(MUG), packed(MUG)
    disruption = declare("carrier", "laposte", effect="reroute")
    request_shipments([wants])
    found = parts([has, wants])
    assert holds() == [(found[pk].order_id, "carrier_disrupted") for pk in (has, wants)]
    assert {part.stage for part in found.values()} == {"packed"}
    end_disruptions([disruption.pk], actor=CHEN)
    carry_out()
    assert len(request_shipments([has, wants])) == 2


def test_what_no_carrier_takes_at_all_is_not_held_by_a_carrier_that_is_avoided(
    packed: Packed, other: Carrier, declare: Declare
) -> None:
    [part] = packed(MUG, ship_to={**CAMILLE, "country": "JP"})
    RateBreak.objects.exclude(zone__card__service__carrier=other).delete()  # La Poste goes nowhere, the other to France
    declare("carrier", "coursier", effect="reroute")
    declare("lane", "laposte", countries=["JP"], effect="reroute")
    request_shipments([part])
    assert (shipment(part).state, shipment(part).problem, holds()) == ("failed", "no_service", [])


def test_what_two_avoided_carriers_would_take_waits_for_both(packed: Packed, other: Carrier, declare: Declare) -> None:
    [part] = packed(MUG)
    for carrier in ("laposte", "coursier"):
        declare("carrier", carrier, effect="reroute")
    request_shipments([part])
    assert len(holds()) == 2


def test_only_where_a_carrier_does_not_go_another_goes(packed: Packed, other: Carrier, declare: Declare) -> None:
    [here], [island] = packed(MUG), packed(MUG, ship_to=ISLAND)
    declare("lane", "laposte", countries=["FR"], prefixes=["20"], effect="reroute")
    request_shipments([here, island])
    assert (carrier_of(here), carrier_of(island)) == ("laposte", "coursier")


def accepted(world: World, *wants: tuple[str, int], wish: str = "") -> FulfillmentOrder:
    """Accept an order, judge and source it; give its only part."""
    [answer] = place_orders([world.order(*wants)], actor=SYSTEM)
    order = answer.order_id or 0
    if wish:
        instruct_orders(world.tilleul.pk, order_ids=[order], kind="node", value=wish, actor=SYSTEM)
    judge_and_source([OrderAccepted(merchant_id=world.tilleul.pk, order_id=order)])
    return FulfillmentOrder.objects.get(order=order)


def test_a_new_order_goes_to_another_node_that_has_everything(world: World, declare: Declare) -> None:
    fill(world, world.montreal, {"MUG": world.sku("MUG")}, 5)
    declare(effect="reroute")
    for wish in ("", "LYON"):
        part = accepted(world, ("MUG", 2), wish=wish)
        assert (part.node_id, part.stage, part.held) == (world.montreal.pk, "ready", False)


def test_a_new_order_that_no_other_node_can_send_is_held(world: World, declare: Declare) -> None:
    disruption = declare(effect="reroute")
    part = accepted(world, ("MUG", 2))
    assert part.held
    assert holds() == [(part.order_id, "node_disrupted")]
    end_disruptions([disruption.pk], actor=CHEN)
    carry_out()
    assert holds() == []


def test_a_new_order_is_held_where_every_node_is_disrupted(world: World, declare: Declare) -> None:
    declare(effect="reroute")
    declare(what="MTL", effect="reroute")
    assert accepted(world, ("MUG", 1)).held


def test_an_order_that_a_disrupted_node_was_to_send_goes_to_another(world: World, declare: Declare) -> None:
    part = accepted(world, ("MUG", 2))
    assert (part.node_id, stand(world.sku("MUG"), world.lyon)) == (world.lyon.pk, (20, 2))
    fill(world, world.montreal, {"MUG": world.sku("MUG")}, 5)
    declare(effect="reroute")
    [now] = FulfillmentOrder.objects.filter(order=part.order_id)
    assert (now.node_id, now.stage, now.held) == (world.montreal.pk, "ready", False)
    assert (stand(world.sku("MUG"), world.lyon), stand(world.sku("MUG"), world.montreal)) == ((20, 0), (5, 2))
    assert SourcingDecision.objects.get().chosen["nodes"] == [world.montreal.pk]
    assert holds() == []
    deed = AuditEntry.objects.get(verb="order_rerouted")
    assert (deed.doc_id, deed.data) == (part.order_id, {"about": "Lyon"})
    carry_out()
    turn(0)
    assert AuditEntry.objects.filter(verb="order_rerouted").count() == 1
    assert FulfillmentOrder.objects.get(order=part.order_id).pk == now.pk


def test_an_order_that_no_other_node_can_send_whole_stays_and_is_held(world: World, declare: Declare) -> None:
    fill(world, world.montreal, {"MUG": world.sku("MUG")}, 1)
    part = accepted(world, ("MUG", 2), ("TAPIS", 1))
    declare(effect="reroute")
    part.refresh_from_db()
    assert (part.node_id, part.stage, part.held) == (world.lyon.pk, "ready", True)
    assert holds() == [(part.order_id, "node_disrupted")]
    assert not AuditEntry.objects.filter(verb="order_rerouted").exists()


@pytest.mark.parametrize("stage", ["released", "picking", "picked", "packed"])
def test_what_somebody_works_on_stays_and_is_held(world: World, declare: Declare, stage: str) -> None:
    part = accepted(world, ("MUG", 2))
    fill(world, world.montreal, {"MUG": world.sku("MUG")}, 5)
    FulfillmentOrder.objects.filter(pk=part.pk).update(stage=stage)
    declare(effect="reroute")
    part.refresh_from_db()
    assert (part.node_id, part.stage, part.held) == (world.lyon.pk, stage, True)


def test_what_came_back_from_the_floor_stays_and_is_held(
    world: World, ready: Ready, ada: Actor, declare: Declare
) -> None:
    [part] = ready((("MUG", 2),))
    FulfillmentOrder.objects.filter(pk=part).update(created_at=timezone.now() - timedelta(hours=1))
    FulfillmentOrder.objects.filter(pk=part).update(stage_at=F("created_at"))  # a test is one moment of the database
    fill(world, world.montreal, {"MUG": world.sku("MUG")}, 5)
    release_wave(world.nord.pk, node_id=world.lyon.pk, actor=ada)
    task = PickTask.objects.get()
    advance_stage([part], before=["released"], after="ready", actor=SYSTEM)
    declare(effect="reroute")
    row = FulfillmentOrder.objects.get(pk=part)
    assert (row.node_id, row.held, task.fulfillment_order_id) == (world.lyon.pk, True, part)


def test_what_shares_its_parcel_stays_and_is_held(world: World, declare: Declare) -> None:
    both = [accepted(world, ("MUG", 1)) for _ in range(2)]
    fill(world, world.montreal, {"MUG": world.sku("MUG")}, 5)
    FulfillmentOrder.objects.filter(pk__in=[part.pk for part in both]).update(together=both[0].pk)
    declare(effect="reroute")
    assert {part.node_id for part in FulfillmentOrder.objects.all()} == {world.lyon.pk}
    assert len(holds()) == 2


def test_many_orders_go_to_another_node_in_as_many_statements_as_one(world: World, declare: Declare) -> None:
    fill(world, world.montreal, {"MUG": world.sku("MUG")}, 20)
    counts = []
    for many in (1, 10):
        sourced = [accepted(world, ("MUG", 1)).order_id or 0 for _ in range(many)]
        disruption = declare(what="MTL", effect="reroute")  # nothing is there yet
        Disruption.objects.filter(pk=disruption.pk).update(node=world.lyon)
        disruption.refresh_from_db()
        with CaptureQueriesContext(connection) as seen:
            touch_orders(disruption, merchant_id=world.tilleul.pk)
        counts.append(len(seen))
        nodes = FulfillmentOrder.objects.filter(order__in=sourced).values_list("node_id", flat=True)
        assert list(nodes) == [world.montreal.pk] * many
        end_disruptions([disruption.pk], actor=CHEN)
        FulfillmentOrder.objects.filter(order__in=sourced).update(stage="handed_over")
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    "wrong", [{"kind": "lane", "what": "", "countries": ["CH"]}, {"kind": "supplier", "what": "X"}]
)
def test_what_nothing_replaces_is_not_sent_another_way(declare: Declare, wrong: dict[str, Any]) -> None:
    with pytest.raises((NoOtherWay,)):
        declare(effect="reroute", **wrong)
