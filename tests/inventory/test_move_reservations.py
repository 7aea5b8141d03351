from typing import Any

import pytest

from colisage.inventory.actions.allocate import allocate
from colisage.inventory.actions.move_reservations import Relocation, move_reservations
from colisage.inventory.models import Reservation
from tests.books import find, hold, promised, spot_of, stand, told
from tests.cast import World

pytestmark = pytest.mark.usefixtures("balanced")


@pytest.fixture
def two_nodes(world: World) -> World:
    """Give a world with 20 mugs in Lyon, 10 in Montréal, and 6 held for owner 1 in Lyon."""
    find(world.sku("MUG"), 10, at=spot_of(world.bins(world.montreal)[9]))
    hold(world.sku("MUG"), 6)
    return world


def first(world: World) -> Any:
    return Reservation.objects.filter(sku=world.sku("MUG")).order_by("pk")[0]


def test_a_whole_promise_moves_and_stays_itself(two_nodes: World) -> None:
    row, montreal = first(two_nodes), two_nodes.montreal.pk
    assert move_reservations([Relocation(row.pk, montreal, 6)]) == {(row.pk, montreal): row.pk}
    assert stand(two_nodes.sku("MUG"), two_nodes.lyon) == (20, 0)
    assert stand(two_nodes.sku("MUG"), two_nodes.montreal) == (10, 6)


def test_a_part_moves_as_a_promise_of_its_own(two_nodes: World) -> None:
    row, montreal = first(two_nodes), two_nodes.montreal.pk
    moved = move_reservations([Relocation(row.pk, montreal, 2)])
    assert moved[row.pk, montreal] != row.pk
    assert promised(two_nodes.sku("MUG")) == [(1, "held", 4), (1, "held", 2)]
    assert stand(two_nodes.sku("MUG"), two_nodes.montreal) == (10, 2)


def test_a_promise_may_be_split_over_several_nodes(two_nodes: World) -> None:
    row = first(two_nodes)
    moved = move_reservations([Relocation(row.pk, two_nodes.lyon.pk, 4), Relocation(row.pk, two_nodes.montreal.pk, 2)])
    assert len(set(moved.values())) == 2
    assert stand(two_nodes.sku("MUG"), two_nodes.lyon) == (20, 4)


def test_what_is_not_free_there_any_more_stays_where_it_was(two_nodes: World) -> None:
    hold(two_nodes.sku("MUG"), 7, owners=[2], nodes=(two_nodes.montreal.pk,))
    assert move_reservations([Relocation(first(two_nodes).pk, two_nodes.montreal.pk, 6)]) == {}
    assert stand(two_nodes.sku("MUG"), two_nodes.lyon) == (20, 6)


def test_what_is_owed_becomes_held_where_it_moves(two_nodes: World) -> None:
    mug = two_nodes.sku("MUG")
    hold(mug, 14, owners=[2])
    hold(mug, 5, owners=[3], nodes=(two_nodes.lyon.pk,))
    owed = Reservation.objects.get(sku=mug, state="waiting")
    assert move_reservations([Relocation(owed.pk, two_nodes.montreal.pk, 5)]) == {
        (owed.pk, two_nodes.montreal.pk): owed.pk
    }
    assert Reservation.objects.get(pk=owed.pk).state == "held"
    assert stand(mug, two_nodes.montreal) == (10, 5)


def test_what_is_bound_to_a_bin_stays(two_nodes: World) -> None:
    row = first(two_nodes)
    allocate([row.pk])
    assert move_reservations([Relocation(row.pk, two_nodes.montreal.pk, 6)]) == {}
    assert stand(two_nodes.sku("MUG"), two_nodes.lyon) == (20, 6)


def test_more_than_was_promised_is_not_moved(two_nodes: World) -> None:
    assert move_reservations([Relocation(first(two_nodes).pk, two_nodes.montreal.pk, 7)]) == {}


def test_a_promise_is_not_moved_twice_in_one_batch(two_nodes: World) -> None:
    row, montreal = first(two_nodes), two_nodes.montreal.pk
    move_reservations([Relocation(row.pk, montreal, 6), Relocation(row.pk, montreal, 4)])
    assert stand(two_nodes.sku("MUG"), two_nodes.montreal) == (10, 6)


def test_staying_is_no_news_and_leaving_is(two_nodes: World) -> None:
    row = first(two_nodes)
    before = len(told("SellableGrew"))
    assert move_reservations([Relocation(row.pk, two_nodes.lyon.pk, 6)]) == {(row.pk, two_nodes.lyon.pk): row.pk}
    assert len(told("SellableGrew")) == before
    move_reservations([Relocation(row.pk, two_nodes.montreal.pk, 6)])
    assert told("SellableGrew")[before:][0]["node_id"] == two_nodes.lyon.pk


def test_a_promise_that_is_over_is_not_moved(two_nodes: World) -> None:
    row = first(two_nodes)
    Reservation.objects.filter(pk=row.pk).update(state="waiting")
    hold_before = stand(two_nodes.sku("MUG"), two_nodes.lyon)
    Reservation.objects.filter(pk=row.pk).update(state="held")
    assert hold_before == (20, 6)
    assert move_reservations([Relocation(10**9, two_nodes.montreal.pk, 1)]) == {}
