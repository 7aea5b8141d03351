from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from colisage.inventory.actions.consume import consume
from colisage.inventory.actions.release import release
from colisage.inventory.actions.reserve import Demand, reserve
from colisage.inventory.models import Availability, ChannelBuffer, Reservation
from colisage.inventory.queries import promises_of, stock_of
from colisage.network.models import Node
from tests.books import find, hold, promised, spot_of, stand, told
from tests.cast import World

pytestmark = pytest.mark.usefixtures("balanced")


def test_units_are_held_at_the_preferred_node(world: World) -> None:
    mug = world.sku("MUG")
    hold(mug, 3)
    assert promised(mug) == [(1, "held", 3)]
    assert stand(mug, world.lyon) == (20, 3)


def test_what_is_missing_is_owed(world: World) -> None:
    mug = world.sku("MUG")
    hold(mug, 15, 8)
    assert promised(mug) == [(1, "held", 15), (2, "held", 5), (2, "waiting", 3)]
    assert stand(mug, world.lyon) == (20, 20)


def test_a_demand_that_may_not_wait_is_refused_and_writes_nothing(world: World) -> None:
    mug = world.sku("MUG")
    assert hold(mug, 21, 2, may_wait=False)[0] is None
    assert promised(mug) == [(2, "held", 2)]


def test_another_node_serves_what_the_first_cannot_serve_whole(world: World) -> None:
    mug = world.sku("MUG")
    find(mug, 30, at=spot_of(world.bins(world.montreal)[8]))
    hold(mug, 25)
    assert stand(mug, world.montreal) == (30, 25)
    assert stand(mug, world.lyon) == (20, 0)


def test_a_demand_may_name_its_nodes(world: World) -> None:
    mug = world.sku("MUG")
    find(mug, 5, at=spot_of(world.bins(world.montreal)[8]))
    hold(mug, 2, nodes=(world.montreal.pk,))
    assert stand(mug, world.montreal) == (5, 2)


def test_units_kept_back_are_not_promised(world: World) -> None:
    mug = world.sku("MUG")
    Availability.objects.filter(sku_id=mug.pk).update(safety=4)
    hold(mug, 20)
    assert promised(mug) == [(1, "held", 16), (1, "waiting", 4)]


def test_what_is_not_counted_is_always_there(world: World) -> None:
    mug = world.sku("MUG")
    Availability.objects.filter(sku_id=mug.pk).update(source="unlimited")
    hold(mug, 1_000)
    assert promised(mug) == [(1, "held", 1_000)]
    assert stock_of(mug.merchant_id, sku_ids=[mug.pk])[0].free == 10**9


@pytest.mark.parametrize(
    ("kept", "held", "expected"),
    [
        (0, 19, (True, False)),
        (0, 20, (False, False)),
        (5, 15, (False, False)),
        (5, 16, (False, True)),
        (21, 0, (False, True)),
    ],
)
def test_lists_are_narrowed_by_what_a_node_gives_and_lacks(
    world: World, kept: int, held: int, expected: tuple[bool, bool]
) -> None:
    rows = Availability.objects.filter(sku=world.sku("MUG"), node=world.lyon)
    rows.update(reserved=held, safety=kept)
    assert rows.values_list("gives", "falls_short").get() == expected
    rows.update(source="unlimited")
    assert rows.values_list("gives", "falls_short").get() == (True, False), "what is not counted is never short"
    rows.update(source="ledger", reserved=0, safety=0)  # the books are proven afterwards


def test_a_node_that_is_closed_for_good_serves_nobody(world: World) -> None:
    mug = world.sku("MUG")
    Node.objects.filter(pk=world.lyon.pk).update(active=False)
    hold(mug, 1)
    assert promised(mug) == [(1, "waiting", 1)]


def test_what_is_there_for_everybody_is_held_in_one_statement(world: World) -> None:
    demands = [
        Demand(world.tilleul.pk, "order_line", ((n, world.sku(code).pk, 1),), channel_id=world.channel.pk)
        for n, code in enumerate(["MUG", "CARTE", "TAPIS"] * 5)
    ]
    with CaptureQueriesContext(connection) as asked:
        held = reserve(demands)
    assert len(asked) == 1
    assert {(piece.node_id, piece.state) for pieces in held for piece in pieces or ()} == {(world.lyon.pk, "held")}
    assert stand(world.sku("MUG"), world.lyon) == (20, 5)


def test_who_may_take_from_no_node_waits_also_beside_others_of_the_merchant(world: World) -> None:
    mug = world.sku("MUG")
    lines = [((1, mug.pk, 1),), ((2, mug.pk, 1),)]
    reserve([Demand(mug.merchant_id, "order_line", line, nodes=at) for line, at in zip(lines, (None, ()), strict=True)])
    assert promised(mug) == [(1, "held", 1), (2, "waiting", 1)]


def test_one_that_lacks_something_does_not_stop_those_before_and_after(world: World) -> None:
    mug = world.sku("MUG")
    hold(mug, 8, 30, 12, may_wait=False)
    assert promised(mug) == [(1, "held", 8), (3, "held", 12)]


@pytest.mark.parametrize("kept", [14, 15])
def test_a_buffer_of_one_sku_holds_instead_of_that_of_the_channel(world: World, kept: int) -> None:
    mug = world.sku("MUG")
    ChannelBuffer.objects.create(merchant=world.tilleul, channel=world.channel, sku=mug, units=kept)
    (placed,) = hold(mug, 6, may_wait=False, channel_id=world.channel.pk, buffer=20)
    assert (placed is not None) == (kept == 14)
    assert set(Reservation.objects.values_list("buffer", flat=True)) == ({14} if placed else set())


def test_many_demands_take_as_many_statements_as_one(world: World, django_assert_max_num_queries: Any) -> None:
    demands = [
        Demand(world.tilleul.pk, "order_line", ((n, world.sku(code).pk, 1),))
        for n, code in enumerate(["MUG", "CARTE", "TAPIS"] * 5)
    ]
    with django_assert_max_num_queries(7):
        assert len(reserve(demands)) == 15


def test_no_demand_is_no_promise(world: World) -> None:
    assert reserve([]) == []


def test_a_promise_is_given_back_exactly_once(world: World) -> None:
    mug = world.sku("MUG")
    hold(mug, 3, 4)
    assert release("order_line", owner_ids=[1]) == 3
    assert release("order_line", owner_ids=[1]) == 0
    assert release("order_line", owner_ids=[1, 1, 2, 2]) == 4
    assert stand(mug, world.lyon) == (20, 0)


def test_what_is_owed_is_given_up_without_giving_anything_back(world: World) -> None:
    mug = world.sku("MUG")
    hold(mug, 25)
    assert release("order_line", owner_ids=[1]) == 20
    assert promised(mug) == [(1, "released", 20), (1, "released", 5)]


def test_what_was_given_back_is_told_once_for_each_sku_and_node(world: World) -> None:
    mug = world.sku("MUG")
    hold(mug, 3, 4)
    before = len(told("SellableGrew"))
    release("order_line", owner_ids=[1, 2])
    assert [event["qty"] for event in told("SellableGrew")[before:]] == [7]


def test_owners_of_another_kind_are_left_alone(world: World) -> None:
    mug = world.sku("MUG")
    hold(mug, 3)
    assert release("transfer_line", owner_ids=[1]) == 0
    assert promised(mug) == [(1, "held", 3)]


def test_only_what_was_picked_is_consumed(world: World) -> None:
    hold(world.sku("MUG"), 3)
    assert consume("order_line", owner_ids=[1], node_id=world.lyon.pk) == 0
    assert promised(world.sku("MUG")) == [(1, "held", 3)]


def test_promises_are_asked_for_by_merchant(world: World) -> None:
    hold(world.sku("MUG"), 3)
    assert [p.qty for p in promises_of(world.tilleul.pk, owner_kind="order_line", owner_ids=[1])] == [3]
    assert promises_of(world.northwind.pk, owner_kind="order_line", owner_ids=[1]) == []
