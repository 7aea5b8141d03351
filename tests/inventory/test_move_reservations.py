from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from colisage.inventory.actions.allocate import allocate
from colisage.inventory.actions.move_reservations import Relocation, move_reservations
from colisage.inventory.actions.reserve import Demand, reserve
from colisage.inventory.models import Reservation
from colisage.network.models import Node, Place, Zone
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


@pytest.fixture
def bundled(world: World) -> World:
    """Give a world with two gift sets (a mug and two cards each) held for owner 5 in Lyon, and room in Montréal."""
    for code, units, n in (("MUG", 10, 9), ("CARTE", 20, 10)):
        find(world.sku(code), units, at=spot_of(world.bins(world.montreal)[n]))
    sets(world, 5, 2)
    return world


def sets(world: World, owner: int, many: int) -> None:
    lines = ((owner, world.sku("MUG").pk, many), (owner, world.sku("CARTE").pk, 2 * many))
    reserve([Demand(world.tilleul.pk, "order_line", lines, bundles={owner: many})])


def asked(world: World, *wants: tuple[int, str, int]) -> list[Relocation]:
    """Ask for units of owners' components in Montréal."""
    return [
        Relocation(
            Reservation.objects.filter(owner_id=owner, sku=world.sku(code)).order_by("pk")[0].pk, world.montreal.pk, qty
        )
        for owner, code, qty in wants
    ]


def in_montreal(world: World) -> tuple[int, int]:
    return tuple(stand(world.sku(code), world.montreal)[1] for code in ("MUG", "CARTE"))  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("wants", "there"),
    [
        ([(5, "MUG", 2), (5, "CARTE", 4)], (2, 4)),
        ([(5, "MUG", 1), (5, "CARTE", 2)], (1, 2)),
        ([(5, "MUG", 2)], (0, 0)),
        ([(5, "CARTE", 4)], (0, 0)),
        ([(5, "MUG", 1), (5, "CARTE", 1)], (0, 0)),
        ([(5, "MUG", 2), (5, "CARTE", 2)], (0, 0)),
        ([(5, "MUG", 1), (5, "CARTE", 2), (5, "MUG", 1)], (0, 0)),
    ],
)
def test_of_a_bundle_whole_sets_move_or_nothing(
    bundled: World, wants: list[tuple[int, str, int]], there: tuple[int, int]
) -> None:
    moved = move_reservations(asked(bundled, *wants), bundles={5: 2})
    assert bool(moved) == any(there)
    assert in_montreal(bundled) == there


def test_a_bundle_nobody_says_the_sets_of_moves_as_a_whole(bundled: World) -> None:
    assert move_reservations(asked(bundled, (5, "MUG", 1), (5, "CARTE", 2))) == {}
    assert len(move_reservations(asked(bundled, (5, "MUG", 2), (5, "CARTE", 4)))) == 2
    assert in_montreal(bundled) == (2, 4)


def test_a_bundle_stays_when_one_component_is_not_free_there(bundled: World) -> None:
    hold(bundled.sku("CARTE"), 17, owners=[9], nodes=(bundled.montreal.pk,))
    assert move_reservations(asked(bundled, (5, "MUG", 2), (5, "CARTE", 4)), bundles={5: 2}) == {}
    assert in_montreal(bundled) == (0, 17)
    assert len(move_reservations(asked(bundled, (5, "MUG", 1), (5, "CARTE", 2)), bundles={5: 2})) == 2


def test_a_bundle_stays_when_one_component_is_bound_to_a_bin(bundled: World) -> None:
    allocate([Reservation.objects.get(owner_id=5, sku=bundled.sku("CARTE")).pk])
    assert move_reservations(asked(bundled, (5, "MUG", 2), (5, "CARTE", 4)), bundles={5: 2}) == {}


def test_two_lines_that_share_a_component_get_what_is_free_in_turn(bundled: World) -> None:
    sets(bundled, 6, 3)
    hold(bundled.sku("CARTE"), 12, owners=[9], nodes=(bundled.montreal.pk,))  # 8 cards are free: for one of the two
    wants = asked(bundled, (5, "MUG", 2), (6, "MUG", 3), (5, "CARTE", 4), (6, "CARTE", 6))
    moved = move_reservations(wants, bundles={5: 2, 6: 3})
    assert {pk for pk, _node in moved} == {wants[0].reservation_id, wants[2].reservation_id}
    assert in_montreal(bundled) == (2, 16)
    hold(bundled.sku("CARTE"), 2, owners=[8], nodes=(bundled.lyon.pk,))
    alone = asked(bundled, (6, "MUG", 2), (6, "CARTE", 4), (8, "CARTE", 2))
    assert len(move_reservations(alone, bundles={6: 3})) == 2, "a plain line takes nothing that a set was given"


def test_moving_many_takes_as_many_statements_as_moving_one(bundled: World) -> None:
    def statements(owners: range) -> int:
        for owner in owners:
            sets(bundled, owner, 1)
        wants = asked(bundled, *[(o, code, n) for o in owners for code, n in (("MUG", 1), ("CARTE", 2))])
        with CaptureQueriesContext(connection) as seen:
            assert len(move_reservations(wants)) == 2 * len(owners)
        return len(seen)

    assert statements(range(10, 11)) == statements(range(20, 25))


def test_parts_of_one_promise_for_two_nodes_are_written_at_once(two_nodes: World) -> None:
    row = first(two_nodes)
    other = Node.objects.create(operator=two_nodes.nord, code="NICE", name="Nice")
    zone = Zone.objects.create(node=other, code="A", kind="storage")
    place = Place.objects.create(node=other, zone=zone, kind="bin", code="A-01-1")
    find(two_nodes.sku("MUG"), 5, at=spot_of(place))
    moved = move_reservations([Relocation(row.pk, other.pk, 1), Relocation(row.pk, two_nodes.montreal.pk, 2)])
    assert len(set(moved.values()) - {row.pk}) == 2
    rows = Reservation.objects.filter(owner_id=1).order_by("qty").values_list("node__code", "qty")
    assert list(rows) == [("NICE", 1), ("MTL", 2), ("LYON", 3)]
