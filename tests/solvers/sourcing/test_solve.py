"""Sourcing: decisions known by hand, the best by enumeration, any problem against the witness."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from colisage.solvers.sourcing.check import faults
from colisage.solvers.sourcing.problem import (
    Allocation,
    Cost,
    Decision,
    Flaw,
    Lane,
    Line,
    Node,
    Order,
    Plan,
    Problem,
    Shortage,
)
from colisage.solvers.sourcing.solve import MOST_NODES_COMBINED, solve

LYON = Node("Lyon", {"MUG": 5, "TAPIS": 1})
MONTREAL = Node("Montréal", {"MUG": 5, "LAMPE": 2}, ships_in_days=1)
LANES = (
    Lane("Lyon", "FR", 600, cents_per_kg=100, days_min=1, days_max=2),
    Lane("Montréal", "FR", 2500, cents_per_kg=400, days_min=4, days_max=8),
    Lane("Montréal", "CA", 900, cents_per_kg=150, days_min=1, days_max=3),
)
MUGS = Order("1", "FR", (Line("MUG", 2, 350),))
MIXED = Order("2", "FR", (Line("MUG", 1, 350), Line("LAMPE", 1, 2000)))


def decided(*orders: Order, nodes: tuple[Node, ...] = (LYON, MONTREAL), carbon: int = 0) -> Plan:
    problem = Problem(orders, nodes, LANES, carbon_cents_per_kg=carbon)
    plan = solve(problem)
    assert list(faults(problem, plan)) == []
    return plan


def only(plan: Plan) -> Decision:
    (decision,) = plan.decisions
    return decision


def sent(decision: Decision) -> set[tuple[str, str, int]]:
    allocations = decision.chosen.allocations if decision.chosen else ()
    return {(each.node_id, each.sku_id, each.quantity) for each in allocations}


def test_the_cheapest_node_that_has_everything_sends_it() -> None:
    decision = only(decided(MUGS))
    assert sent(decision) == {("Lyon", "MUG", 2)}
    assert decision.chosen is not None
    assert decision.chosen.cost == Cost(parcels=600, weight=70)
    assert decision.saved_cents == (2500 + 280) - 670


def test_the_other_candidates_say_what_they_would_cost_and_why_not() -> None:
    decision = only(decided(replace(MUGS, latest_day=5)))
    lyon, montreal = decision.candidates
    assert lyon.flaws == ()
    assert montreal.flaws == (Flaw.LATE,)
    assert montreal.cost.total == 2780
    assert (montreal.days_min, montreal.days_max) == (5, 9)
    assert decision.saved_cents is None


def test_one_node_is_preferred_to_a_cheaper_split() -> None:
    decision = only(decided(MIXED))
    assert sent(decision) == {("Montréal", "MUG", 1), ("Montréal", "LAMPE", 1)}


def test_an_order_no_node_has_whole_is_split() -> None:
    order = Order("3", "FR", (Line("TAPIS", 1, 3000), Line("LAMPE", 1, 2000)))
    assert sent(only(decided(order))) == {("Lyon", "TAPIS", 1), ("Montréal", "LAMPE", 1)}


def test_an_order_that_may_not_be_split_waits_whole() -> None:
    order = Order("3", "FR", (Line("TAPIS", 1, 3000), Line("LAMPE", 1, 2000)), can_split=False)
    decision = only(decided(order))
    assert decision.chosen is None
    assert decision.missing == (Shortage("TAPIS", 1), Shortage("LAMPE", 1))
    assert {flaw for each in decision.candidates for flaw in each.flaws} == {Flaw.INCOMPLETE}


def test_what_there_is_goes_and_the_rest_waits() -> None:
    decision = only(decided(Order("4", "FR", (Line("TAPIS", 3, 3000),))))
    assert sent(decision) == {("Lyon", "TAPIS", 1)}
    assert decision.missing == (Shortage("TAPIS", 2),)


def test_a_line_is_shared_between_nodes_when_it_must_be() -> None:
    decision = only(decided(Order("5", "FR", (Line("MUG", 8, 350),))))
    assert sent(decision) == {("Lyon", "MUG", 5), ("Montréal", "MUG", 3)}


def test_earlier_orders_take_the_stock_first() -> None:
    rugs = [Order(str(n), "FR", (Line("TAPIS", 1, 3000),)) for n in range(2)]
    first, second = decided(*rugs).decisions
    assert sent(first) == {("Lyon", "TAPIS", 1)}
    assert second.chosen is None
    assert {each.flaws for each in second.candidates} == {(Flaw.NO_STOCK,)}


def test_a_waiting_order_takes_nothing_from_the_next() -> None:
    waiting = Order("1", "FR", (Line("TAPIS", 1), Line("PLUME", 1)), can_split=False)
    assert sent(decided(waiting, Order("2", "FR", (Line("TAPIS", 1),))).decisions[1]) == {("Lyon", "TAPIS", 1)}


def test_a_zone_without_a_lane_is_served_by_those_that_have_one() -> None:
    decision = only(decided(replace(MUGS, zone="CA")))
    assert sent(decision) == {("Montréal", "MUG", 2)}
    assert [each.flaws for each in decision.candidates] == [(), (Flaw.NO_LANE,)]


def test_a_node_at_its_capacity_sends_nothing_more() -> None:
    busy = replace(LYON, capacity=1)
    first, second = decided(MUGS, replace(MUGS, id="2"), nodes=(busy, MONTREAL)).decisions
    assert sent(first) == {("Lyon", "MUG", 2)}
    assert sent(second) == {("Montréal", "MUG", 2)}
    assert Flaw.NO_CAPACITY in second.candidates[-1].flaws


def test_late_but_whole_comes_before_in_time_but_short() -> None:
    decision = only(decided(replace(MIXED, latest_day=5)))
    assert decision.chosen is not None
    assert decision.chosen.flaws == (Flaw.LATE,)
    assert decision.missing == ()


def test_in_time_in_two_parcels_comes_before_late_in_one() -> None:
    fast = Node("Rouen", {"LAMPE": 1})
    lanes = (*LANES, Lane("Rouen", "FR", 600, days_max=2))
    problem = Problem((replace(MIXED, latest_day=5),), (LYON, MONTREAL, fast), lanes)
    decision = only(solve(problem))
    assert sent(decision) == {("Lyon", "MUG", 1), ("Rouen", "LAMPE", 1)}


def test_dropshipped_goods_cost_their_purchase_price() -> None:
    supplier = Node("Supplier", {"MUG": None}, unit_cents={"MUG": 400}, handling_cents=50, handling_cents_per_unit=5)
    lanes = (*LANES, Lane("Supplier", "FR", 100))
    problem = Problem((MUGS,), (LYON, supplier), lanes)
    dear = only(solve(problem)).candidates[1]
    assert dear.cost == Cost(parcels=100, handling=60, goods=800)
    assert sent(only(solve(replace(problem, orders=(replace(MUGS, lines=(Line("MUG", 900),)),)))))


def test_carbon_counts_as_much_as_the_merchant_says() -> None:
    lanes = (
        Lane("Lyon", "FR", 600, carbon_grams=1000, carbon_grams_per_kg=2000),
        Lane("Montréal", "FR", 650),
    )
    order = Order("1", "FR", (Line("MUG", 1, 500),))
    careless = Problem((order,), (LYON, MONTREAL), lanes)
    assert sent(only(solve(careless))) == {("Lyon", "MUG", 1)}
    careful = replace(careless, carbon_cents_per_kg=30)
    assert sent(only(solve(careful))) == {("Montréal", "MUG", 1)}
    assert only(solve(careful)).candidates[1].cost == Cost(parcels=600, carbon=60)


def test_equal_costs_are_settled_by_preference() -> None:
    twin = replace(LYON, id="Arles", preference=2)
    lanes = (*LANES, replace(LANES[0], node_id="Arles"))
    plan = solve(Problem((MUGS,), (twin, replace(LYON, preference=1)), lanes))
    assert sent(only(plan)) == {("Lyon", "MUG", 2)}


def test_many_nodes_are_narrowed_to_those_that_cover_the_order() -> None:
    crowd = tuple(Node(f"n{n}", {"MUG": 1}) for n in range(10))
    rare = Node("rare", {"LAMPE": 1})
    lanes = tuple(Lane(node.id, "FR", 500) for node in (*crowd, rare))
    problem = Problem((replace(MIXED, most_nodes=2),), (*crowd, rare), lanes)
    plan = solve(problem)
    assert list(faults(problem, plan)) == []
    assert only(plan).missing == ()
    assert len(crowd) > MOST_NODES_COMBINED


def test_malformed_problems_are_refused() -> None:
    with pytest.raises(ValueError, match="two lines"):
        Order("1", "FR", (Line("MUG", 1), Line("MUG", 2)))
    with pytest.raises(ValueError, match="start at 1"):
        Order("1", "FR", (Line("MUG", 0),))
    with pytest.raises(ValueError, match="are the same"):
        Problem((MUGS, MUGS), (LYON,), LANES)


NODES = ("a", "b", "c")
SKUS = ("x", "y")
stocks = st.fixed_dictionaries({sku: st.integers(0, 3) for sku in SKUS})
nodes = st.tuples(
    *(
        st.builds(
            Node,
            id=st.just(name),
            stock=stocks,
            ships_in_days=st.integers(0, 2),
            handling_cents=st.integers(0, 50),
            handling_cents_per_unit=st.integers(0, 9),
            capacity=st.sampled_from([None, 0, 1, 2]),
        )
        for name in NODES
    )
)
lanes = st.tuples(
    *(
        st.builds(
            Lane,
            node_id=st.just(name),
            zone=st.just("FR"),
            parcel_cents=st.integers(0, 900),
            cents_per_kg=st.integers(0, 90),
            days_max=st.integers(1, 4),
        )
        for name in NODES
    )
)
lines = st.dictionaries(st.sampled_from(SKUS), st.integers(1, 4), min_size=1).map(
    lambda wanted: tuple(Line(sku, quantity, 1000) for sku, quantity in wanted.items())
)
orders = st.lists(
    st.builds(
        Order,
        id=st.just("?"),
        zone=st.sampled_from(["FR", "FR", "CH"]),
        lines=lines,
        latest_day=st.sampled_from([None, 2, 4]),
        can_split=st.booleans(),
        most_nodes=st.integers(1, 3),
    ),
    max_size=4,
).map(lambda many: tuple(replace(order, id=str(n)) for n, order in enumerate(many)))


@given(orders=orders, nodes=nodes, lanes=lanes)
@settings(max_examples=150, deadline=None)
def test_any_orders_are_decided_without_fault(
    orders: tuple[Order, ...], nodes: tuple[Node, ...], lanes: tuple[Lane, ...]
) -> None:
    problem = Problem(orders, nodes, lanes)
    plan = solve(problem)
    assert list(faults(problem, plan)) == []
    assert plan == solve(problem)
    costs = [decision.chosen.cost for decision in plan.decisions if decision.chosen]
    assert plan.total_cents == sum(c.parcels + c.weight + c.handling + c.goods + c.carbon for c in costs)


def ways_to_serve(problem: Problem) -> Iterator[tuple[int, bool, int, int]]:
    """Enumerate every share of every line: units missing, late, one or several nodes, cents."""
    (order,) = problem.orders
    shares = [
        [
            split
            for split in product(
                *(range(min(line.quantity, node.stock[line.sku_id] or 0) + 1) for node in problem.nodes)
            )
            if sum(split) <= line.quantity
        ]
        for line in order.lines
    ]
    for way in product(*shares):
        units = [sum(split[i] for split in way) for i in range(len(problem.nodes))]
        used = [i for i, count in enumerate(units) if count]
        if not used or len(used) > order.most_nodes or any(problem.nodes[i].capacity == 0 for i in used):
            continue
        cents, latest = 0, 0
        for i in used:
            node, lane = problem.nodes[i], problem.lanes[i]
            cents += lane.parcel_cents + node.handling_cents
            cents += units[i] * (lane.cents_per_kg + node.handling_cents_per_unit)
            latest = max(latest, node.ships_in_days + lane.days_max)
        is_late = order.latest_day is not None and latest > order.latest_day
        yield sum(line.quantity for line in order.lines) - sum(units), is_late, min(len(used), 2), cents


@given(lines=lines, nodes=nodes, lanes=lanes, latest=st.sampled_from([None, 3]), most=st.integers(1, 3))
@settings(max_examples=100, deadline=None)
def test_no_way_to_serve_an_order_is_better(
    lines: tuple[Line, ...],
    nodes: tuple[Node, ...],
    lanes: tuple[Lane, ...],
    latest: int | None,
    most: int,
) -> None:
    problem = Problem((Order("1", "FR", lines, latest, most_nodes=most),), nodes, lanes)
    decision = only(solve(problem))
    best = min(ways_to_serve(problem), default=None)
    if decision.chosen is None:
        assert best is None
    else:
        assert best is not None
        chosen = decision.chosen
        missing = sum(shortage.quantity for shortage in chosen.missing)
        one_or_more = min(len(chosen.node_ids), 2)
        assert (missing, Flaw.LATE in chosen.flaws, one_or_more, chosen.cost.total) == best


def test_allocations_name_node_sku_and_quantity() -> None:
    decision = only(decided(MUGS))
    assert decision.chosen is not None
    assert decision.chosen.allocations == (Allocation("Lyon", "MUG", 2),)
