"""What is owed is served first come, first served, whole, and nobody is overtaken."""

from datetime import timedelta

import pytest
from django.utils import timezone

from colisage.inventory.actions.serve_arrivals import serve_arrivals
from colisage.inventory.actions.serve_waiting import serve_waiting
from colisage.inventory.events import SellableGrew
from colisage.inventory.models import Availability, Reservation
from tests.books import find, hold, lose, promised, spot_of, stand, told, where
from tests.cast import World

pytestmark = pytest.mark.usefixtures("balanced")


def states(world: World) -> list[tuple[int, str, int]]:
    return [(owner, state, qty) for owner, state, qty in promised(world.sku("MUG")) if owner > 1]


@pytest.fixture
def owing(world: World) -> World:
    """Give a world in which owner 1 holds all 20 mugs and 2, 3 and 4 are owed 3, 5 and 1."""
    hold(world.sku("MUG"), 20, 3, 5, 1)
    return world


def arrive(world: World, units: int) -> int:
    mug = world.sku("MUG")
    find(mug, units, at=where(mug, world.lyon))
    return serve_waiting([(mug.pk, world.lyon.pk)])


def test_the_first_come_is_served_first(owing: World) -> None:
    assert arrive(owing, 3) == 1
    assert states(owing) == [(2, "held", 3), (3, "waiting", 5), (4, "waiting", 1)]


def test_nobody_overtakes_one_who_does_not_fit_yet(owing: World) -> None:
    arrive(owing, 4)
    assert states(owing) == [(2, "held", 3), (3, "waiting", 5), (4, "waiting", 1)]


def test_everyone_who_fits_is_served_in_one_go_and_told(owing: World) -> None:
    assert arrive(owing, 9) == 3
    assert stand(owing.sku("MUG"), owing.lyon) == (29, 29)
    assert [(e["owner_id"], e["qty"]) for e in told("WaitingServed")] == [(2, 3), (3, 5), (4, 1)]


def test_a_higher_priority_comes_first(owing: World) -> None:
    Reservation.objects.filter(owner_id=4).update(priority=5)
    arrive(owing, 1)
    assert states(owing)[-1] == (4, "held", 1)


def test_serving_again_serves_nobody_twice(owing: World) -> None:
    arrive(owing, 9)
    assert serve_waiting([(owing.sku("MUG").pk, owing.lyon.pk)]) == 0
    assert stand(owing.sku("MUG"), owing.lyon) == (29, 29)


def test_a_safety_stock_is_not_given_away(owing: World) -> None:
    Availability.objects.filter(sku_id=owing.sku("MUG").pk).update(safety=2)
    assert arrive(owing, 4) == 0
    assert arrive(owing, 1) == 1


def test_units_at_another_node_do_not_serve_what_is_owed_here(owing: World) -> None:
    mug = owing.sku("MUG")
    find(mug, 50, at=spot_of(owing.bins(owing.montreal)[9]))
    assert serve_waiting([(mug.pk, owing.montreal.pk)]) == 0


def test_what_is_owed_nowhere_in_particular_is_served_once(owing: World) -> None:
    """Units arrived at two nodes at once: the promise takes one of them, not both."""
    mug = owing.sku("MUG")
    Reservation.objects.filter(owner_id=2).update(node=None)
    find(mug, 3, at=where(mug, owing.lyon))
    find(mug, 3, at=spot_of(owing.bins(owing.montreal)[9]))
    assert serve_waiting([(mug.pk, owing.lyon.pk), (mug.pk, owing.montreal.pk)]) == 1
    assert stand(mug, owing.lyon)[1] + stand(mug, owing.montreal)[1] == 23


def test_nothing_to_serve_is_no_trouble(world: World) -> None:
    assert serve_waiting([]) == 0
    assert serve_waiting([(world.sku("MUG").pk, world.lyon.pk)]) == 0


def test_arrivals_serve_and_hearing_of_them_again_is_harmless(owing: World) -> None:
    mug = owing.sku("MUG")
    find(mug, 9, at=where(mug, owing.lyon))
    event = SellableGrew(merchant_id=mug.merchant_id, sku_id=mug.pk, node_id=owing.lyon.pk, qty=9)
    serve_arrivals([event, event])
    serve_arrivals([event])
    assert stand(mug, owing.lyon) == (29, 29)


def test_who_was_demoted_by_a_loss_is_served_when_the_units_are_found_again(world: World) -> None:
    mug, here = world.sku("MUG"), where(world.sku("MUG"), world.lyon)
    hold(mug, 20)
    lose(mug, 20, at=here)
    assert promised(mug) == [(1, "waiting", 20)]
    arrive(world, 20)
    assert promised(mug) == [(1, "held", 20)]


def test_who_was_demoted_comes_before_those_who_came_later(owing: World) -> None:
    mug = owing.sku("MUG")
    Reservation.objects.filter(owner_id=1).update(since=timezone.now() - timedelta(hours=1))
    lose(mug, 2, at=where(mug, owing.lyon))
    arrive(owing, 2)
    assert sorted(promised(mug))[:2] == [(1, "held", 2), (1, "held", 18)]
    assert states(owing) == [(2, "waiting", 3), (3, "waiting", 5), (4, "waiting", 1)]
