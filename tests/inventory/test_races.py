"""Several people at once, on real connections: nothing is promised, bound, picked or given back twice."""

import pytest

from colisage.inventory.actions.allocate import allocate
from colisage.inventory.actions.pick_units import Pick, pick_units
from colisage.inventory.actions.post_movements import NotEnoughThere, post_movements
from colisage.inventory.actions.release import release
from colisage.inventory.actions.reserve import Demand, reserve
from colisage.inventory.actions.serve_waiting import serve_waiting
from colisage.inventory.models import Allocation, Reservation
from colisage.kit.actors import SYSTEM
from colisage.network.queries import place_of
from tests.books import find, hold, lose, move, stand, virtual, where
from tests.cast import World
from tests.together import at_once, faults

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("balanced")]


def held(world: World) -> list[int]:
    return list(
        Reservation.objects.filter(sku=world.sku("MUG"), state="held").order_by("pk").values_list("pk", flat=True)
    )


def test_the_last_units_are_held_once(world: World) -> None:
    mug = world.sku("MUG")

    def sell(owner: int) -> int:
        return sum(hold(mug, 1, owners=[owner * 100 + n], may_wait=False) != [None] for n in range(10))

    sold = at_once(*(lambda owner=owner: sell(owner) for owner in range(1, 5)))
    assert not faults(sold)
    assert sum(sold) == 20
    assert stand(mug, world.lyon) == (20, 20)


def test_batches_over_the_same_skus_in_any_order_do_not_deadlock(world: World) -> None:
    codes = ["MUG", "CARTE", "TAPIS", "PLUME", "LAMPE"]

    def sell(turn: int) -> int:
        order = codes[turn:] + codes[:turn]
        for n in range(6):
            owners = range(turn * 1_000 + n * 10, turn * 1_000 + n * 10 + len(order))
            reserve(
                [
                    Demand(world.tilleul.pk, "order_line", ((owner, world.sku(code).pk, 1),))
                    for owner, code in zip(owners, order, strict=True)
                ]
            )
            release("order_line", owner_ids=list(owners))
        return 1

    assert at_once(*(lambda turn=turn: sell(turn) for turn in range(4))) == [1, 1, 1, 1]


def test_a_promise_given_back_by_two_at_once_is_given_back_once(world: World) -> None:
    hold(world.sku("MUG"), 5)
    given = at_once(*[lambda: release("order_line", owner_ids=[1])] * 4)
    assert sorted(given) == [0, 0, 0, 5]
    assert stand(world.sku("MUG"), world.lyon) == (20, 0)


def test_units_bound_by_two_at_once_are_bound_once(world: World) -> None:
    hold(world.sku("MUG"), *[2] * 6)
    ids = held(world)
    bound = at_once(*[lambda: sum(b.qty for b in allocate(ids))] * 4)
    assert not faults(bound)
    assert sum(bound) == 12
    assert sum(Allocation.objects.filter(open=True).values_list("qty", flat=True)) == 12


def test_a_pick_confirmed_by_two_at_once_takes_the_units_once(world: World) -> None:
    hold(world.sku("MUG"), 5)
    (bound,) = allocate(held(world))
    bench = place_of(world.lyon.pk, kind="bench").pk

    def pick(line: int) -> int:
        one = Pick(allocation_id=bound.allocation_id, qty=5, place_id=bench, doc_kind="pick", doc_id=1, doc_line=line)
        return pick_units([one], actor=SYSTEM)

    assert sorted(at_once(*(lambda line=line: pick(line) for line in range(4)))) == [0, 0, 0, 5]
    assert stand(world.sku("MUG"), world.lyon) == (15, 0)


def test_a_cancellation_and_a_pick_at_once_end_in_one_of_the_two(world: World) -> None:
    hold(world.sku("MUG"), 5)
    (bound,) = allocate(held(world))
    bench = place_of(world.lyon.pk, kind="bench").pk
    one = Pick(allocation_id=bound.allocation_id, qty=5, place_id=bench, doc_kind="pick", doc_id=1)
    picked, given = at_once(lambda: pick_units([one], actor=SYSTEM), lambda: release("order_line", owner_ids=[1]))
    assert {picked, given} == {0, 5}


def test_what_arrives_is_given_to_those_who_wait_once(world: World) -> None:
    mug = world.sku("MUG")
    hold(mug, 20, *[1] * 8)
    find(mug, 5, at=where(mug, world.lyon))
    served = at_once(*[lambda: serve_waiting([(mug.pk, world.lyon.pk)])] * 4)
    assert sorted(served) == [0, 0, 0, 5]


def test_losses_and_sales_at_once_never_oversell(world: World) -> None:
    mug, here = world.sku("MUG"), where(world.sku("MUG"), world.lyon)

    def shrink() -> int:
        for _ in range(12):
            lose(mug, 1, at=here)
        return 12

    def sell(owner: int) -> int:
        return sum(hold(mug, 2, owners=[owner * 100 + n], may_wait=False) != [None] for n in range(6))

    results = at_once(shrink, lambda: sell(1), lambda: sell(2))
    assert not faults(results)
    sellable, reserved = stand(mug, world.lyon)
    assert sellable == 8
    assert reserved <= sellable


def test_the_last_units_are_lost_once(world: World) -> None:
    mug, here = world.sku("MUG"), where(world.sku("MUG"), world.lyon)
    results = at_once(*[lambda: lose(mug, 15, at=here)] * 3)
    assert [type(fault) for fault in faults(results)] == [NotEnoughThere, NotEnoughThere]
    assert stand(mug, world.lyon) == (5, 0)


def test_the_same_loss_posted_by_several_at_once_demotes_by_one_loss(world: World) -> None:
    mug, here = world.sku("MUG"), where(world.sku("MUG"), world.lyon)
    for _ in range(4):
        hold(mug, *[1] * 15)
        loss = move(mug, 8, source=here, target=virtual("loss"))
        posted = at_once(*[lambda loss=loss: post_movements([loss], actor=SYSTEM)] * 3)
        assert sorted(posted) == [0, 0, 1]
        assert stand(mug, world.lyon) == (12, 12)
        release("order_line", owner_ids=range(1, 16))
        find(mug, 8, at=here)
