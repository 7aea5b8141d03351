"""Counts and everybody else at the same moment, on real connections."""

from typing import Any

import pytest

from colisage.inventory.actions.allocate import allocate
from colisage.inventory.actions.count_bins import NothingToCount, count_bins
from colisage.inventory.actions.decide_count import decide_count
from colisage.inventory.actions.finish_count import finish_count
from colisage.inventory.actions.note_units import note_units
from colisage.inventory.actions.pick_units import Pick, pick_units
from colisage.inventory.actions.post_movements import BinIsCounted
from colisage.inventory.actions.start_count import SomebodyCounts, start_count
from colisage.inventory.models import CountLine, CountRound, CountRule, CountTask, Reservation, StockMovement
from colisage.kit.actors import SYSTEM, Actor
from colisage.network.queries import place_of
from tests.books import find, hold, spot_of, stand, where
from tests.cast import World
from tests.together import at_once, faults

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("balanced")]


def asked(world: World) -> CountTask:
    place = where(world.sku("MUG"), world.lyon).place_id
    CountRule.objects.create(operator=world.nord, node=world.lyon, tolerance=50, limit_units=500, limit_cents=10**8)
    count = count_bins(world.nord.pk, node_id=world.lyon.pk, bins=[(place, "hand")], actor=SYSTEM)
    return CountTask.objects.get(count=count)


def person(user: Any) -> Actor:
    return Actor(kind="person", id=user.pk, name=user.name)


def begun(world: World, task: CountTask, units: int) -> int:
    pk = start_count(world.nord.pk, task_id=task.pk, actor=person(world.ada))
    note_units(
        world.nord.pk, round_id=pk, merchant_ids=[world.tilleul.pk], sku_id=world.sku("MUG").pk, units=units,
        actor=person(world.ada),
    )  # fmt: skip
    return pk


def test_a_count_finished_by_many_at_once_is_posted_once(world: World) -> None:
    task = asked(world)
    pk = begun(world, task, 13)
    done = at_once(*[lambda: finish_count(world.nord.pk, round_id=pk, actor=person(world.ada))] * 4)
    assert done == ["approved"] * 4
    assert StockMovement.objects.filter(reason="count").count() == 1
    assert stand(world.sku("MUG"), world.lyon) == (13, 0)


def test_a_count_approved_by_many_at_once_is_posted_once(world: World) -> None:
    task = asked(world)
    CountRule.objects.update(limit_units=1)
    finish_count(world.nord.pk, round_id=begun(world, task, 13), actor=person(world.ada))
    chen = person(world.chen)
    done = at_once(*[lambda: decide_count(world.nord.pk, task_id=task.pk, decision="approve", actor=chen)] * 4)
    assert done == ["approved"] * 4
    assert StockMovement.objects.filter(reason="count").count() == 1


def test_two_who_begin_the_same_count_are_one(world: World) -> None:
    task = asked(world)
    both = [person(world.ada), person(world.chen)]
    done = at_once(*(lambda who=who: start_count(world.nord.pk, task_id=task.pk, actor=who) for who in both * 2))
    assert CountRound.objects.count() == 1
    assert sum(isinstance(one, SomebodyCounts) for one in done) == 2


def test_a_bin_asked_for_by_two_at_once_is_counted_once(world: World) -> None:
    place = world.bins()[0].pk
    done = at_once(*[lambda: count_bins(world.nord.pk, node_id=world.lyon.pk, bins=[(place, "")], actor=SYSTEM)] * 3)
    assert [type(fault) for fault in faults(done)] == [NothingToCount] * 2
    assert CountTask.objects.count() == 1


def test_a_pick_and_a_count_of_the_same_bin_go_one_after_the_other(world: World) -> None:
    task, mug = asked(world), world.sku("MUG")
    hold(mug, *[1] * 8)
    bound = allocate(Reservation.objects.order_by("pk").values_list("pk", flat=True))
    bench = place_of(world.lyon.pk, kind="bench").pk

    def pick(n: int) -> int:
        one = Pick(allocation_id=bound[n].allocation_id, qty=1, place_id=bench, doc_kind="pick", doc_id=n + 1)
        return pick_units([one], actor=SYSTEM)

    done = at_once(
        *(lambda n=n: pick(n) for n in range(8)),
        lambda: start_count(world.nord.pk, task_id=task.pk, actor=person(world.ada)),
    )
    picks, start = done[:-1], done[-1]
    assert isinstance(start, int)
    assert {type(fault) for fault in faults(picks)} <= {BinIsCounted}
    taken = sum(one == 1 for one in picks)
    assert stand(mug, world.lyon) == (20 - taken, 8 - taken)
    late = StockMovement.objects.filter(reason="pick", recorded_at__gt=CountRound.objects.get().started_at)
    assert not late.exists() or taken < 8


def test_sales_bindings_and_a_count_that_finds_less_do_not_wait_for_one_another(world: World) -> None:
    task, mug = asked(world), world.sku("MUG")
    find(mug, 20, at=spot_of(world.bins()[9]))
    hold(mug, *[2] * 6)
    pk = begun(world, task, 3)

    def sell(owner: int) -> int:
        hold(mug, 2, owners=[owner])
        return len(allocate(Reservation.objects.filter(owner_id=owner, state="held").values_list("pk", flat=True)))

    done = at_once(
        *(lambda n=n: sell(100 + n) for n in range(4)),
        lambda: allocate(Reservation.objects.filter(owner_id__lt=100).order_by("pk").values_list("pk", flat=True)),
        lambda: finish_count(world.nord.pk, round_id=pk, actor=person(world.ada)),
    )
    assert not faults(done)
    sellable, reserved = stand(mug, world.lyon)
    assert (sellable, reserved) == (23, 20)


def test_scans_of_one_counter_at_once_are_all_noted(world: World) -> None:
    task = asked(world)
    pk = begun(world, task, 1)
    facts = {"merchant_ids": [world.tilleul.pk], "sku_id": world.sku("MUG").pk, "units": 1}
    done = at_once(
        *[lambda: note_units(world.nord.pk, round_id=pk, actor=person(world.ada), **facts)] * 6  # type: ignore[arg-type]
    )
    assert sorted(done) == [2, 3, 4, 5, 6, 7]
    assert CountLine.objects.get().qty == 7
