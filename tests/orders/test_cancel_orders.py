import pytest
from django.utils import translation

from colisage.kit.actors import Actor
from colisage.kit.models import AuditEntry
from colisage.orders.actions.cancel_orders import TooLateToCancel, cancel_orders
from colisage.orders.models import FulfillmentOrder, Order
from colisage.orders.rules import CANCELLABLE, MOVES
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


def test_another_merchant_cancels_nothing(world: World) -> None:
    part = part_of(world, ("MUG", 1))
    assert cancel_orders(world.northwind.pk, order_ids=[part.order_id or 0], actor=CHEN) == 0
    assert Order.objects.get().state == "open"


def test_when_a_part_left_earlier_was_cancelled_the_rest_may_be(world: World) -> None:
    part = part_of(world, ("MUG", 1))
    FulfillmentOrder.objects.update(stage="cancelled")
    assert cancel_orders(world.tilleul.pk, order_ids=[part.order_id or 0], actor=CHEN) == 1
