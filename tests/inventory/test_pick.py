from itertools import count
from typing import Any

import pytest

from colisage.inventory.actions.allocate import Bound, allocate
from colisage.inventory.actions.consume import consume
from colisage.inventory.actions.pick_units import Pick, pick_units
from colisage.inventory.actions.release import release
from colisage.inventory.models import Allocation, Reservation, StockCell
from colisage.kit.actors import SYSTEM
from colisage.network.queries import place_of
from tests.books import hold, promised, stand
from tests.cast import World

pytestmark = pytest.mark.usefixtures("balanced")
_lines = count(1)


def bind(world: World, *units: int) -> list[Bound]:
    hold(world.sku("MUG"), *units)
    ids = Reservation.objects.filter(sku=world.sku("MUG"), state="held").order_by("pk")
    return allocate(list(ids.values_list("pk", flat=True)))


def pick(world: World, bound: Bound, qty: int) -> Pick:
    bench = place_of(world.lyon.pk, kind="bench").pk
    return Pick(
        allocation_id=bound.allocation_id,
        qty=qty,
        place_id=bench,
        doc_kind="pick",
        doc_id=1,
        doc_line=next(_lines),
    )


def on_the_bench(world: World) -> int:
    return sum(StockCell.objects.filter(place__kind="bench").values_list("qty", flat=True))


def test_a_whole_promise_is_picked_and_everything_falls_together(world: World) -> None:
    (bound,) = bind(world, 4)
    assert pick_units([pick(world, bound, 4)], actor=SYSTEM) == 4
    assert promised(world.sku("MUG")) == [(1, "picked", 4)]
    assert stand(world.sku("MUG"), world.lyon) == (16, 0)
    assert on_the_bench(world) == 4
    assert not Allocation.objects.filter(open=True).exists()


def test_of_a_part_the_rest_stays_held_and_unbound(world: World) -> None:
    (bound,) = bind(world, 4)
    assert pick_units([pick(world, bound, 3)], actor=SYSTEM) == 3
    assert promised(world.sku("MUG")) == [(1, "held", 1), (1, "picked", 3)]
    assert stand(world.sku("MUG"), world.lyon) == (17, 1)


def test_taking_none_unbinds_the_units(world: World) -> None:
    (bound,) = bind(world, 4)
    assert pick_units([pick(world, bound, 0)], actor=SYSTEM) == 0
    assert promised(world.sku("MUG")) == [(1, "held", 4)]
    assert not Allocation.objects.filter(open=True).exists()


def test_picking_twice_is_harmless(world: World) -> None:
    (bound,) = bind(world, 4)
    once = pick(world, bound, 4)
    pick_units([once], actor=SYSTEM)
    assert pick_units([once], actor=SYSTEM) == 0
    assert pick_units([pick(world, bound, 4)], actor=SYSTEM) == 0
    assert stand(world.sku("MUG"), world.lyon) == (16, 0)


def test_the_same_pick_twice_in_a_batch_is_one(world: World) -> None:
    first, _ = bind(world, 4, 4)
    assert pick_units([pick(world, first, 4), pick(world, first, 4)], actor=SYSTEM) == 4
    assert stand(world.sku("MUG"), world.lyon) == (16, 4)


def test_more_than_was_bound_is_not_taken(world: World) -> None:
    (bound,) = bind(world, 4)
    assert pick_units([pick(world, bound, 5)], actor=SYSTEM) == 0
    assert promised(world.sku("MUG")) == [(1, "held", 4)]


def test_many_picks_take_as_many_statements_as_one(world: World, django_assert_max_num_queries: Any) -> None:
    picks = [pick(world, bound, 1) for bound in bind(world, *[1] * 12)]
    with django_assert_max_num_queries(16):
        assert pick_units(picks, actor=SYSTEM) == 12


def test_what_was_picked_is_not_given_back_by_a_release_and_consumed_once(world: World) -> None:
    (bound,) = bind(world, 4)
    pick_units([pick(world, bound, 3)], actor=SYSTEM)
    assert release("order_line", owner_ids=[1]) == 1
    assert consume("order_line", owner_ids=[1], node_id=world.montreal.pk) == 0
    assert consume("order_line", owner_ids=[1], node_id=world.lyon.pk) == 1
    assert consume("order_line", owner_ids=[1], node_id=world.lyon.pk) == 0
    assert promised(world.sku("MUG")) == [(1, "released", 1), (1, "consumed", 3)]


def test_a_release_ends_the_binding(world: World) -> None:
    (bound,) = bind(world, 4)
    release("order_line", owner_ids=[1])
    assert StockCell.objects.get(sku=world.sku("MUG"), sellable=True).allocated == 0
    assert pick_units([pick(world, bound, 4)], actor=SYSTEM) == 0
