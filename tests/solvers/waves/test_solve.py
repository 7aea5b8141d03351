"""Pick batches: groupings known by hand, and any orders against the witness."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from colisage.solvers.waves.check import faults
from colisage.solvers.waves.problem import Cart, Order, Plan, Problem, Reason, Unbatched, Visit
from colisage.solvers.waves.solve import solve

CART = Cart(totes=2, tote_mm3=1000, max_grams=5000)


def order(name: str, *aisles: int, priority: int = 0, due: int = 0, group: str = "", mm3: int = 500) -> Order:
    visits = tuple(Visit(aisle, 100) for aisle in aisles)
    return Order(name, visits, mm3, 800, group, priority, due)


def batched(*orders: Order, cart: Cart = CART) -> Plan:
    problem = Problem(orders, cart)
    plan = solve(problem)
    assert list(faults(problem, plan)) == []
    return plan


def names(plan: Plan) -> list[tuple[str, ...]]:
    return [batch.order_ids for batch in plan.batches]


def test_nothing_to_pick_is_no_batch() -> None:
    assert batched() == Plan((), ())


def test_orders_of_the_same_aisles_share_a_cart() -> None:
    plan = batched(order("a", 1), order("b", 9), order("c", 1), order("d", 9))
    assert names(plan) == [("a", "c"), ("b", "d")]


def test_each_order_has_its_own_totes() -> None:
    (batch,) = batched(order("a", 1), order("b", 1)).batches
    assert [load.totes for load in batch.loads] == [(0,), (1,)]


def test_a_large_order_takes_several_totes() -> None:
    plan = batched(order("a", 1, mm3=1001), order("b", 1))
    assert names(plan) == [("a",), ("b",)]
    assert plan.batches[0].loads[0].totes == (0, 1)


def test_urgent_orders_go_first_however_far_apart() -> None:
    plan = batched(order("a", 1), order("b", 9, priority=1), order("c", 1), order("d", 5, priority=1))
    assert names(plan) == [("b", "d"), ("a", "c")]


def test_an_earlier_cut_off_goes_first() -> None:
    plan = batched(order("a", 1, due=900), order("b", 9, due=600), order("c", 1, due=900))
    assert names(plan) == [("b", "a"), ("c",)]


def test_groups_never_share_a_cart() -> None:
    plan = batched(order("a", 1, group="Colissimo"), order("b", 1, group="Chronopost"))
    assert len(plan.batches) == 2


def test_weight_closes_a_cart() -> None:
    heavy = [replace(order(name, 1), grams=3000) for name in "ab"]
    assert names(batched(*heavy)) == [("a",), ("b",)]


def test_what_fits_no_cart_is_named() -> None:
    plan = batched(order("wide", 1, mm3=2001), replace(order("anvil", 1), grams=5001), order("a", 1))
    assert plan.unbatched == (
        Unbatched("wide", Reason.TOO_LARGE),
        Unbatched("anvil", Reason.TOO_HEAVY),
    )
    assert names(plan) == [("a",)]


def test_malformed_problems_are_refused() -> None:
    with pytest.raises(ValueError, match="share an id"):
        Problem((order("a", 1), order("a", 2)), CART)
    with pytest.raises(ValueError, match="totes"):
        Cart(0, 1000, 1000)


orders = st.lists(
    st.builds(
        Order,
        id=st.just("?"),
        visits=st.lists(st.builds(Visit, st.integers(0, 5), st.integers(0, 900)), max_size=4).map(tuple),
        mm3=st.integers(0, 3500),
        grams=st.integers(0, 6000),
        group=st.sampled_from(["", "cold"]),
        priority=st.integers(0, 1),
        due_minute=st.sampled_from([600, 900]),
    ),
    max_size=15,
).map(lambda many: tuple(replace(each, id=str(n)) for n, each in enumerate(many)))


@given(orders=orders, totes=st.integers(1, 5))
@settings(max_examples=150, deadline=None)
def test_any_orders_are_batched_without_fault(orders: tuple[Order, ...], totes: int) -> None:
    problem = Problem(orders, Cart(totes, 1000, 5000))
    plan = solve(problem)
    assert list(faults(problem, plan)) == []
    assert plan == solve(problem)
