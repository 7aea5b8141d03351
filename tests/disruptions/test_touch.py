"""What a disruption touches is held, once, and freed when it is over."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from colisage.disruptions.actions.touch_orders import touch_orders
from colisage.disruptions.problem import disrupted
from colisage.disruptions.queries import reach_of
from colisage.disruptions.queries.foreseen import foresee
from colisage.disruptions.tasks import turn
from colisage.kit.actors import SYSTEM
from colisage.kit.models import AuditEntry
from colisage.network.actions.end_disruptions import end_disruptions
from colisage.network.queries.disruptions import Disruption
from colisage.orders.actions.advance_stage import advance_stage
from colisage.orders.actions.cancel_orders import cancel_orders
from colisage.orders.actions.release_hold import release_hold
from colisage.orders.actions.set_hold import set_hold
from colisage.orders.events import OrderFreed, OrderHeld
from colisage.orders.models import FulfillmentOrder, Hold, Order
from colisage.orders.queries import parts
from colisage.shipping.actions.request_labels import request_labels
from colisage.shipping.actions.request_shipments import request_shipments
from colisage.shipping.actions.void_stopped import void_stopped
from tests.books import told
from tests.cast import World, day
from tests.disruptions.conftest import CHEN, Declare, carry_out, holds
from tests.picking.conftest import Ready
from tests.shipping.conftest import Packed, shipment

pytestmark = pytest.mark.usefixtures("balanced")
MUG = (("MUG", 1),)


def order_of(part: int) -> int:
    return FulfillmentOrder.objects.get(pk=part).order_id or 0


def test_what_a_disrupted_node_has_to_send_is_held_and_goes_on_when_it_is_over(
    world: World, ready: Ready, declare: Declare
) -> None:
    [part] = ready(MUG)
    disruption = declare()
    assert holds() == [(order_of(part), "node_disrupted")]
    assert advance_stage([part], before=["ready"], after="released") == []
    end_disruptions([disruption.pk], actor=CHEN)
    carry_out()
    assert holds() == []
    assert [event["order_id"] for event in told("OrderFreed")] == [order_of(part)]
    assert advance_stage([part], before=["ready"], after="released") == [part]


def test_carrying_it_out_again_changes_nothing(ready: Ready, declare: Declare) -> None:
    ready(MUG, MUG)
    disruption = declare()
    carry_out()
    turn(0)
    assert Hold.objects.count() == len(told("OrderHeld")) == 2
    end_disruptions([disruption.pk], actor=CHEN)
    carry_out()
    carry_out()
    turn(0)
    assert holds() == []
    assert len(told("OrderFreed")) == Hold.objects.count() == 2


def test_an_order_touched_by_two_stays_held_by_the_other(world: World, labelled: Packed, declare: Declare) -> None:
    labelled(MUG)
    node, carrier = declare(), declare("carrier", "laposte")
    assert [reason for _order, reason in holds()] == ["node_disrupted", "carrier_disrupted"]
    end_disruptions([node.pk], actor=CHEN)
    carry_out()
    assert [reason for _order, reason in holds()] == ["carrier_disrupted"]
    assert (told("OrderFreed"), FulfillmentOrder.objects.get().held) == ([], True)
    end_disruptions([carrier.pk], actor=CHEN)
    carry_out()
    assert (len(told("OrderFreed")), FulfillmentOrder.objects.get().held) == (1, False)


def test_a_hold_for_another_reason_outlives_the_disruption(world: World, ready: Ready, declare: Declare) -> None:
    [part] = ready(MUG)
    set_hold(world.tilleul.pk, order_ids=[order_of(part)], kind="disruption", reason="by hand", actor=CHEN)
    end_disruptions([declare().pk], actor=CHEN)
    carry_out()
    assert holds() == [(order_of(part), "by hand")]
    assert FulfillmentOrder.objects.get().held


def test_who_releases_its_hold_by_hand_has_decided(world: World, packed: Packed, declare: Declare) -> None:
    [part] = packed(MUG)
    declare()
    release_hold(world.tilleul.pk, hold_ids=[Hold.objects.get().pk], actor=CHEN)
    carry_out()
    turn(0)
    assert holds() == []
    assert len(request_shipments([part])) == 1


def test_what_left_what_is_cancelled_and_history_are_not_touched(world: World, ready: Ready, declare: Declare) -> None:
    gone, cancelled, history, here = ready(MUG, MUG, MUG, MUG)
    FulfillmentOrder.objects.filter(pk=gone).update(stage="handed_over")
    Order.objects.filter(pk=order_of(history)).update(quiet=True)
    cancel_orders(world.tilleul.pk, order_ids=[order_of(cancelled)], actor=SYSTEM)
    declare()
    assert holds() == [(order_of(here), "node_disrupted")]


def test_labels_of_a_disrupted_carrier_become_void_and_are_wanted_again_afterwards(
    world: World, labelled: Packed, declare: Declare
) -> None:
    [part] = labelled(MUG)
    order = order_of(part)
    disruption = declare("carrier", "laposte")
    void_stopped([OrderHeld(merchant_id=world.tilleul.pk, order_id=order, kind="disruption")])
    assert parts([part])[part].stage == "packed"
    end_disruptions([disruption.pk], actor=CHEN)
    carry_out()
    request_labels([OrderFreed(merchant_id=world.tilleul.pk, order_id=order)])
    assert (parts([part])[part].stage, shipment(part).state) == ("labelling", "requested")


def test_an_order_is_held_when_a_disrupted_carrier_would_be_chosen(packed: Packed, declare: Declare) -> None:
    [part] = packed(MUG)
    declare("carrier", "laposte")
    assert holds() == []
    assert request_shipments([part]) == []
    assert holds() == [(order_of(part), "carrier_disrupted")]
    assert request_shipments([part]) == []
    assert Hold.objects.count() == 1


def test_an_order_that_slipped_by_gets_no_label_in_a_disrupted_node(packed: Packed, declare: Declare) -> None:
    declare()
    [part] = packed(MUG)
    assert request_shipments([part]) == []
    assert holds() == [(order_of(part), "node_disrupted")]


def test_an_operator_disrupts_what_its_nodes_send_for_every_merchant(
    world: World, ready: Ready, declare: Declare
) -> None:
    ours = ready(MUG)
    [theirs] = ready(
        MUG, merchant_id=world.northwind.pk, channel_id=world.northwind_channel.pk,
        lines=(world.order(("MUG", 1)).lines[0].__class__(world.northwind_skus["MUG"].pk, "MUG", "Mug", 1, 1800),),
    )  # fmt: skip
    declare(
        what="MTL", merchant_id=None, operator_id=world.boreal.pk, starts_on=day(-1)
    )  # where it is yesterday by night
    assert holds() == [(order_of(theirs), "node_disrupted")]
    declare(what="LYON", merchant_id=None, operator_id=world.nord.pk)
    assert [order for order, _reason in holds()] == [order_of(theirs), order_of(ours[0])]


def test_a_merchant_disrupts_its_own_orders_alone(world: World, ready: Ready, declare: Declare) -> None:
    ready(
        MUG, merchant_id=world.northwind.pk, channel_id=world.northwind_channel.pk,
        lines=(world.order(("MUG", 1)).lines[0].__class__(world.northwind_skus["MUG"].pk, "MUG", "Mug", 1, 1800),),
    )  # fmt: skip
    declare(what="MTL")
    assert holds() == []


def test_it_begins_on_its_first_day_and_ends_after_its_last(ready: Ready, declare: Declare, world: World) -> None:
    ready(MUG)
    disruption = declare(starts_on=day(1), ends_on=day(2))
    assert (disruption.state, holds()) == ("planned", [])
    Disruption.objects.update(starts_on=day(0))
    turn(0)
    carry_out()
    assert len(holds()) == 1
    Disruption.objects.update(starts_on=day(-2), ends_on=day(-1))
    turn(0)
    carry_out()
    disruption.refresh_from_db()
    assert (disruption.state, disruption.ended_by, holds()) == ("ended", "Colisage", [])


def test_one_that_never_began_frees_nothing_and_tells_nothing(ready: Ready, declare: Declare) -> None:
    ready(MUG)
    disruption = declare(starts_on=day(3))
    assert end_disruptions([disruption.pk], actor=CHEN) == 1
    assert end_disruptions([disruption.pk], actor=CHEN) == 0
    assert told("DisruptionBegan") == told("DisruptionEnded") == []


def test_the_timeline_says_by_what_an_order_was_held_and_freed(ready: Ready, declare: Declare) -> None:
    ready(MUG)
    disruption = declare()
    end_disruptions([disruption.pk], actor=CHEN)
    carry_out()
    deeds = AuditEntry.objects.filter(doc_kind="order", verb__in=["hold_set_disrupted", "hold_over"]).order_by("pk")
    assert [(deed.verb, deed.data["about"]) for deed in deeds] == [
        ("hold_set_disrupted", "Lyon"),
        ("hold_over", "Lyon"),
    ]


def test_what_is_foreseen_is_what_is_touched(world: World, labelled: Packed, ready: Ready, declare: Declare) -> None:
    labelled(MUG)
    ready(MUG, MUG)
    party = {"merchant_id": world.tilleul.pk, "operator_id": None}
    wanted = disrupted(
        kind="node", what="LYON", **party, starts_on=day(0), ends_on=None, effect="hold", cause={"fr": "Incendie"}
    )
    foreseen = foresee(wanted, **party)
    assert (foreseen.orders, foreseen.parts, foreseen.labels, Hold.objects.count()) == (3, 3, 1, 0)
    declare()
    assert [order for order, _reason in holds()] == [pk for pk, _number in foreseen.examples]
    assert reach_of(Disruption.objects.get(), merchant_id=world.tilleul.pk).orders == 0


def test_many_are_held_and_freed_in_as_many_statements_as_few(world: World, ready: Ready, declare: Declare) -> None:
    disruption = declare()

    def asked(orders: int) -> int:
        ready(*[(("CARTE", 1),)] * orders)
        with CaptureQueriesContext(connection) as seen:
            touch_orders(disruption, merchant_id=world.tilleul.pk)
        return len(seen)

    assert asked(1) == asked(12)
    assert len(holds()) == 13
