"""The stage of a fulfilment order: one row on which everybody meets, moved by compare-and-set."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colisage.kit.actors import SYSTEM, Actor
from colisage.kit.models import AuditEntry
from colisage.orders.actions.advance_stage import advance_stage
from colisage.orders.actions.close_orders import close_orders
from colisage.orders.actions.create_fulfillment_orders import create_fulfillment_orders
from colisage.orders.actions.follow_deliveries import follow_deliveries
from colisage.orders.actions.place_orders import place_orders
from colisage.orders.events import StageReached
from colisage.orders.models import FulfillmentOrder, Order, Stage
from colisage.orders.queries import stage_counts
from colisage.orders.rules import CANCELLABLE, MOVES, may_move
from tests.books import told
from tests.cast import World
from tests.orders.parts import part_of, sourced

ADA = Actor("person", 1, "Ada")
WAY = ("ready", "released", "picking", "picked", "packed", "labelling", "labelled", "handed_over", "delivered")


def test_every_stage_has_its_moves() -> None:
    assert set(MOVES) == set(Stage.values)
    assert set().union(*MOVES.values()) <= set(Stage.values)


def test_there_is_a_way_from_accepted_to_delivered() -> None:
    assert all(may_move(before, after) for before, after in pairwise(WAY))


def test_what_has_left_the_house_is_never_cancelled_by_the_house() -> None:
    assert not may_move("handed_over", "cancelled")
    assert not MOVES["delivered"]
    assert not MOVES["cancelled"]


def test_what_may_be_cancelled_without_asking_the_floor_has_a_move_to_cancelled() -> None:
    assert all("cancelled" in MOVES[stage] for stage in CANCELLABLE)


@given(st.lists(st.sampled_from(Stage.values), min_size=1, max_size=12))
def test_no_walk_leads_out_of_the_end(stages: list[str]) -> None:
    here = "ready"
    for wish in stages:
        if may_move(here, wish):
            assert here not in {"delivered", "cancelled"}
            here = wish


@pytest.mark.usefixtures("balanced")
class TestAdvancing:
    def test_a_part_goes_all_the_way_and_each_step_is_told_once(self, world: World) -> None:
        part = part_of(world, ("MUG", 1))
        for before, after in pairwise(WAY):
            assert advance_stage([part.pk], before=[before], after=after, actor=ADA) == [part.pk]
        assert [event["stage"] for event in told("StageReached")] == list(WAY[1:])
        assert AuditEntry.objects.filter(verb="stage_packed", actor_name="Ada").count() == 1

    def test_what_falls_back_from_the_label_is_not_said_to_be_packed_again(self, world: World) -> None:
        part = part_of(world, ("MUG", 1))
        for stage in ("labelling", "labelled"):
            FulfillmentOrder.objects.filter(pk=part.pk).update(stage=stage)
            assert advance_stage([part.pk], before=[stage], after="packed") == [part.pk]
        assert set(AuditEntry.objects.filter(verb__startswith="stage_").values_list("verb", flat=True)) == {
            "stage_unlabelled"
        }

    def test_who_comes_second_moves_nothing(self, world: World) -> None:
        part = part_of(world, ("MUG", 1))
        assert advance_stage([part.pk], before=["ready"], after="released") == [part.pk]
        assert advance_stage([part.pk], before=["ready"], after="released") == []
        assert len(told("StageReached")) == 1

    def test_of_many_those_that_stand_elsewhere_stay(self, world: World) -> None:
        one, two = part_of(world, ("MUG", 1)), part_of(world, ("MUG", 1))
        advance_stage([one.pk], before=["ready"], after="released")
        assert advance_stage([one.pk, two.pk], before=["ready"], after="released") == [two.pk]

    def test_a_move_that_does_not_exist_is_a_mistake(self, world: World) -> None:
        part = part_of(world, ("MUG", 1))
        with pytest.raises(ValueError, match="no fulfilment order goes from"):
            advance_stage([part.pk], before=["ready"], after="delivered")
        assert FulfillmentOrder.objects.get().stage == "ready"

    @pytest.mark.parametrize(("stage", "after"), [("ready", "released"), ("packed", "labelling")])
    def test_a_held_part_moves_no_further_to_the_door_unless_told_to(
        self, world: World, stage: str, after: str
    ) -> None:
        part = part_of(world, ("MUG", 1))
        FulfillmentOrder.objects.update(held=True, stage=stage)
        assert advance_stage([part.pk], before=[stage], after=after) == []
        assert advance_stage([part.pk], before=[stage], after=after, even_if_held=True) == [part.pk]

    def test_a_held_part_that_is_being_picked_may_be_finished(self, world: World) -> None:
        part = part_of(world, ("MUG", 1))
        FulfillmentOrder.objects.update(held=True, stage="picking")
        assert advance_stage([part.pk], before=["picking"], after="picked") == [part.pk]

    def test_no_parts_are_no_trouble(self, world: World) -> None:
        assert advance_stage([], before=["ready"], after="released") == []

    def test_an_order_gets_no_second_set_of_parts(self, world: World) -> None:
        part = part_of(world, ("MUG", 1))
        assert create_fulfillment_orders([sourced(world, part.order_id or 0)]) == [0]
        assert FulfillmentOrder.objects.count() == 1

    def test_an_order_closes_with_its_last_part(self, world: World) -> None:
        part = part_of(world, ("MUG", 1))
        assert close_orders([part.order_id or 0]) == 0
        FulfillmentOrder.objects.update(stage="delivered")
        heard = StageReached(
            merchant_id=part.merchant_id,
            order_id=part.order_id or 0,
            fulfillment_order_id=part.pk,
            node_id=part.node_id,
            stage="delivered",
            before="handed_over",
        )
        follow_deliveries([heard, heard])
        follow_deliveries([heard])
        assert Order.objects.get().state == "closed"
        assert AuditEntry.objects.filter(verb="order_closed").count() == 1

    def test_an_order_without_parts_is_not_closed(self, world: World) -> None:
        part = part_of(world, ("MUG", 1))
        FulfillmentOrder.objects.update(order=None)
        assert close_orders([part.order_id or 0]) == 0


def test_what_is_counted_as_open_leaves_out_quiet_orders_and_work_of_no_order(world: World) -> None:
    orders = [world.order(("CARTE", 1), external_ref=f"c-{n}") for n in range(3)]
    ids = [answer.order_id for answer in place_orders(orders, actor=SYSTEM)]
    Order.objects.filter(pk=ids[0]).update(quiet=True)
    FulfillmentOrder.objects.all().delete()
    for pk, held in zip((*ids, None), (False, False, True, False), strict=True):
        FulfillmentOrder.objects.create(
            merchant=world.tilleul,
            node=world.lyon,
            order_id=pk,
            kind="sale" if pk else "transfer",
            stage="ready",
            held=held,
        )
    counted = {stage: one.count for stage, one in stage_counts([world.tilleul.pk]).items()}
    assert counted == {"ready": 1, "held": 1}
    assert stage_counts([world.tilleul.pk], node_id=world.montreal.pk) == {}
    assert stage_counts([world.tilleul.pk], stages=["picking", "picked"]) == {}
    assert set(stage_counts([world.tilleul.pk], stages=["ready"])) == {"ready", "held"}
