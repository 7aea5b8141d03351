"""Disruptions at the same moment as orders, labels and their own end, on real connections."""

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from colisage.disruptions.actions.touch_orders import touch_orders
from colisage.disruptions.tasks import free, turn
from colisage.kit.actors import SYSTEM
from colisage.kit.outbox import drain
from colisage.network.actions.declare_disruption import DisruptedAlready
from colisage.network.actions.end_disruptions import end_disruptions
from colisage.network.queries.disruptions import Disruption
from colisage.orders.actions.place_orders import place_orders
from colisage.orders.models import FulfillmentOrder, Hold
from colisage.shipping.actions.buy_labels import buy_labels
from colisage.shipping.actions.request_shipments import request_shipments
from colisage.shipping.models import Shipment
from tests.cast import World
from tests.disruptions.conftest import CHEN, Declare, carry_out, holds
from tests.picking.conftest import Ready
from tests.shipping.conftest import Packed
from tests.together import at_once, faults

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("balanced")]
MUG = (("MUG", 1),)


def test_ending_while_it_still_holds_leaves_nothing_held(world: World, ready: Ready, declare: Declare) -> None:
    for _ in range(4):
        disruption = declare()
        ready(*[(("CARTE", 1),)] * 4)
        found = at_once(
            lambda one=disruption: touch_orders(one, merchant_id=world.tilleul.pk),
            lambda one=disruption: end_disruptions([one.pk], actor=CHEN),
        )
        assert not faults(found)
        free(disruption.pk, world.tilleul.pk)
        assert holds() == []
        assert not FulfillmentOrder.objects.filter(held=True).exists()


def test_two_who_go_through_the_orders_hold_each_once(world: World, ready: Ready, declare: Declare) -> None:
    disruption = declare()
    ready(*[(("CARTE", 1),)] * 6)
    found = at_once(*[lambda: touch_orders(disruption, merchant_id=world.tilleul.pk)] * 3)
    assert not faults(found)
    assert Hold.objects.count() == 6


def test_of_two_who_declare_the_same_one_is_refused(world: World, declare: Declare) -> None:
    found = at_once(declare, declare, declare)
    assert [type(one) for one in faults(found)] == [DisruptedAlready] * 2
    assert Disruption.objects.count() == 1


def test_a_new_order_does_not_slip_through(world: World, declare: Declare) -> None:
    declare()
    place_orders([world.order(("MUG", 1)) for _ in range(3)], actor=SYSTEM)
    drain()
    assert len(holds()) == 3
    assert FulfillmentOrder.objects.filter(held=True, node=world.lyon).count() == 3


def test_an_order_that_was_sourced_while_it_was_being_declared_is_found(
    world: World, ready: Ready, declare: Declare
) -> None:
    declare()
    ready(MUG)  # its part was not there to be seen
    assert holds() == []
    turn(0)
    assert len(holds()) == 1


def test_a_label_in_flight_ends_in_one_known_state(world: World, packed: Packed, declare: Declare) -> None:
    [part] = packed(MUG)
    wanted = request_shipments([part])
    found = at_once(lambda: buy_labels(wanted), lambda: declare("carrier", "laposte"))
    assert not faults(found)
    turn(0)
    drain()
    row = FulfillmentOrder.objects.get(pk=part)
    assert (row.stage, row.held) == ("packed", True)
    assert set(Shipment.objects.values_list("state", flat=True)) <= {"void", "voiding"}


def test_the_news_reach_the_workers(world: World, ready: Ready, declare: Declare) -> None:
    disruption = declare()
    end_disruptions([disruption.pk], actor=CHEN)
    drain()
    jobs = ProcrastinateJob.objects.filter(task_name__startswith="disruptions").order_by("pk")
    args = {"disruption_id": disruption.pk, "merchant_id": world.tilleul.pk}
    assert [(job.task_name, job.args) for job in jobs] == [("disruptions.touch", args), ("disruptions.free", args)]
    carry_out()
