"""What can go another way does; what cannot is held and says so."""

from typing import Any

import pytest

from colisage.automation.actions.judge_and_source import judge_and_source
from colisage.carriers.models import Carrier, RateBreak, RateCard, RateZone, Service
from colisage.disruptions.problem import NoOtherWay
from colisage.disruptions.tasks import turn
from colisage.kit.actors import SYSTEM
from colisage.kit.models import AuditEntry
from colisage.network.actions.end_disruptions import end_disruptions
from colisage.orders.actions.instruct_orders import instruct_orders
from colisage.orders.actions.place_orders import place_orders
from colisage.orders.events import OrderAccepted
from colisage.orders.models import FulfillmentOrder
from colisage.orders.queries import parts
from colisage.shipping.actions.request_shipments import request_shipments
from tests.cast import CAMILLE, World, fill
from tests.disruptions.conftest import CHEN, Declare, carry_out, day, holds
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


@pytest.mark.parametrize(
    "wrong", [{"kind": "lane", "what": "", "countries": ["CH"]}, {"kind": "supplier", "what": "X"}]
)
def test_what_nothing_replaces_is_not_sent_another_way(declare: Declare, wrong: dict[str, Any]) -> None:
    with pytest.raises((NoOtherWay,)):
        declare(effect="reroute", **wrong)
