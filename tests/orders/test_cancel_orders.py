from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from colisage.kit.actors import Actor
from colisage.kit.models import AuditEntry
from colisage.orders.actions.cancel_orders import GoneAlready, SharesParcel, TooLateToCancel, cancel_orders
from colisage.orders.actions.change_order import Wish, change_order
from colisage.orders.models import FulfillmentOrder, Order, OrderChange, OrderLine
from colisage.orders.rules import CANCELLABLE, MOVES, ON_FLOOR
from tests.books import promised, stand, told
from tests.cast import World
from tests.orders.parts import part_of

pytestmark = pytest.mark.usefixtures("balanced")
CHEN = Actor("person", 3, "Chen")


def test_what_was_held_is_given_back_once(world: World) -> None:
    part = part_of(world, ("COFFRET", 2), ("MUG", 1))
    assert cancel_orders(world.tilleul.pk, order_ids=[part.order_id or 0], actor=CHEN) == 1
    assert cancel_orders(world.tilleul.pk, order_ids=[part.order_id or 0], actor=CHEN) == 0
    assert stand(world.sku("MUG"), world.lyon) == (20, 0)
    assert stand(world.sku("CARTE"), world.lyon) == (20, 0)
    assert Order.objects.get().state == "cancelled"
    assert FulfillmentOrder.objects.get().stage == "cancelled"
    assert [event["order_id"] for event in told("OrderCancelled")] == [part.order_id]
    assert AuditEntry.objects.filter(verb="order_cancelled", actor_name="Chen").count() == 1


def test_each_cancellation_has_its_document_with_what_it_comes_to(world: World) -> None:
    first, second = part_of(world, ("MUG", 22), ("CARTE", 1)), part_of(world, ("CARTE", 2), shipping_cents=490)
    change = {line.pk: 20 for line in OrderLine.objects.filter(order=first.order_id, sku_code="MUG")}
    change_order(world.tilleul.pk, order_id=first.order_id or 0, wish=Wish(quantities=change), actor=CHEN)
    totals = {order.pk: order.total_cents for order in Order.objects.all()}
    orders = [first.order_id or 0, second.order_id or 0]
    assert cancel_orders(world.tilleul.pk, order_ids=orders, actor=Actor("customer", name="Camille")) == 2
    one, other = OrderChange.objects.filter(kind="cancel", source="customer").order_by("order")
    assert [(line["sku"], line["units"]) for line in one.before["lines"]] == [("MUG", 20), ("CARTE", 1)]
    assert {line["units"] for line in (*one.after["lines"], *other.after["lines"])} == {0}
    assert (one.number, one.given_back, other.number, other.given_back) == (2, 21, 1, 2)
    paid_back = OrderChange.objects.get(order=first.order_id, number=1).price_cents + one.price_cents
    assert (-paid_back, -other.price_cents) == (totals[one.order_id], totals[other.order_id])
    assert [event["order_id"] for event in told("OrderChanged")] == [first.order_id]  # the first, which was one
    assert AuditEntry.objects.filter(verb="order_cancelled", data__change=one.pk).count() == 1


def test_many_are_cancelled_in_as_many_statements_as_few(
    world: World, django_assert_max_num_queries: Callable[[int], AbstractContextManager[None]]
) -> None:
    orders = [part_of(world, ("CARTE", 1)).order_id or 0 for _ in range(12)]
    with CaptureQueriesContext(connection) as few:
        cancel_orders(world.tilleul.pk, order_ids=orders[:2], actor=CHEN)
    with django_assert_max_num_queries(len(few)):
        assert cancel_orders(world.tilleul.pk, order_ids=orders[2:], actor=CHEN) == 10


def test_what_was_owed_is_owed_no_more(world: World) -> None:
    part = part_of(world, ("MUG", 25))
    cancel_orders(world.tilleul.pk, order_ids=[part.order_id or 0], actor=CHEN)
    assert {state for _, state, _ in promised(world.sku("MUG"))} == {"released"}


@pytest.mark.parametrize("stage", sorted(set(MOVES) - CANCELLABLE - {"cancelled"}))
def test_once_work_has_begun_a_person_on_the_floor_decides(world: World, stage: str) -> None:
    part, other = part_of(world, ("MUG", 1)), part_of(world, ("MUG", 1))
    FulfillmentOrder.objects.filter(pk=part.pk).update(stage=stage)
    with pytest.raises(TooLateToCancel) as refused:
        cancel_orders(world.tilleul.pk, order_ids=[other.order_id or 0, part.order_id or 0], actor=CHEN)
    assert refused.value.code == "too_late_to_cancel"
    with translation.override("en"):
        assert Order.objects.get(pk=part.order_id or 0).number in str(refused.value)
    assert Order.objects.filter(state="open").count() == 2
    assert stand(world.sku("MUG"), world.lyon) == (20, 2)
    assert told("OrderCancelled") == []


@pytest.mark.parametrize("stage", sorted(ON_FLOOR))
def test_a_person_cancels_what_is_being_prepared_and_later_steps_hear_of_it(world: World, stage: str) -> None:
    part = part_of(world, ("MUG", 1))
    FulfillmentOrder.objects.filter(pk=part.pk).update(stage=stage)
    order = part.order_id or 0
    assert cancel_orders(world.tilleul.pk, order_ids=[order], actor=CHEN, on_floor=True) == 1
    assert cancel_orders(world.tilleul.pk, order_ids=[order], actor=CHEN, on_floor=True) == 0
    assert (Order.objects.get().state, FulfillmentOrder.objects.get().stage) == ("cancelled", "cancelled")
    [heard] = told("StageReached")
    assert (heard["fulfillment_order_id"], heard["stage"], heard["before"]) == (part.pk, "cancelled", stage)
    assert stand(world.sku("MUG"), world.lyon) == (20, 0)


@pytest.mark.parametrize("stage", ["handed_over", "delivered", "problem"])
def test_what_has_left_is_not_cancelled_by_anybody(world: World, stage: str) -> None:
    part = part_of(world, ("MUG", 1))
    FulfillmentOrder.objects.filter(pk=part.pk).update(stage=stage)
    with pytest.raises(GoneAlready):
        cancel_orders(world.tilleul.pk, order_ids=[part.order_id or 0], actor=CHEN, on_floor=True)
    assert Order.objects.get().state == "open"
    assert told("OrderCancelled") == []


@pytest.mark.parametrize("stage", ["picked", "packed"])
def test_what_lies_among_the_units_of_another_order_is_not_cancelled_alone(world: World, stage: str) -> None:
    part, other = part_of(world, ("MUG", 1)), part_of(world, ("MUG", 1))
    FulfillmentOrder.objects.filter(pk__in=[part.pk, other.pk]).update(stage=stage, together=part.pk)
    with pytest.raises(SharesParcel):
        cancel_orders(world.tilleul.pk, order_ids=[part.order_id or 0], actor=CHEN, on_floor=True)
    assert Order.objects.filter(state="open").count() == 2


def test_before_all_is_picked_it_leaves_the_parcel_and_the_other_goes_on(world: World) -> None:
    part, other = part_of(world, ("MUG", 1)), part_of(world, ("MUG", 1))
    FulfillmentOrder.objects.filter(pk__in=[part.pk, other.pk]).update(stage="picking", together=part.pk)
    assert cancel_orders(world.tilleul.pk, order_ids=[part.order_id or 0], actor=CHEN, on_floor=True) == 1
    assert FulfillmentOrder.objects.get(pk=part.pk).together is None
    assert FulfillmentOrder.objects.get(pk=other.pk).stage == "picking"


def test_another_merchant_cancels_nothing(world: World) -> None:
    part = part_of(world, ("MUG", 1))
    assert cancel_orders(world.northwind.pk, order_ids=[part.order_id or 0], actor=CHEN) == 0
    assert Order.objects.get().state == "open"


def test_when_a_part_left_earlier_was_cancelled_the_rest_may_be(world: World) -> None:
    part = part_of(world, ("MUG", 1))
    FulfillmentOrder.objects.update(stage="cancelled")
    assert cancel_orders(world.tilleul.pk, order_ids=[part.order_id or 0], actor=CHEN) == 1
