"""Walks: small ones known by hand, and random ones against every order of the stops."""

from itertools import pairwise, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from colisage.solvers.routes.check import faults
from colisage.solvers.routes.problem import Layout, Plan, Point, Problem, Stop
from colisage.solvers.routes.solve import solve

BLOCK = Layout(aisle_x_mm=(0, 10, 20), cross_y_mm=(0, 100))
BLOCKS = Layout(aisle_x_mm=(0, 10, 20), cross_y_mm=(0, 50, 100))
FLOOR = Layout()


def walked(layout: Layout, depot: tuple[int, int], *places: tuple[int, int]) -> Plan:
    stops = tuple(Stop(f"{x},{y}", x, y) for x, y in places)
    problem = Problem(Point(*depot), stops, layout)
    plan = solve(problem)
    assert list(faults(problem, plan)) == []
    return plan


def test_no_stop_is_no_walk() -> None:
    assert walked(BLOCK, (0, 0)) == Plan((), (Point(0, 0),), 0)


def test_one_stop_is_there_and_back() -> None:
    assert walked(BLOCK, (0, 0), (10, 30)).path == ((0, 0), (10, 0), (10, 30), (10, 0), (0, 0))


def test_two_deep_aisles_are_walked_through() -> None:
    """Through one, back through the other: 220; in and out of each from the front would be 380."""
    plan = walked(BLOCK, (0, 0), (0, 90), (10, 90))
    assert plan.length_mm == 220


def test_two_shallow_aisles_are_entered_from_the_front() -> None:
    assert walked(BLOCK, (0, 0), (0, 10), (10, 10)).length_mm == 60


def test_the_widest_gap_is_left_out() -> None:
    """Outer aisles are walked through; the middle one from both ends, but for the gap from 5 to 95."""
    plan = walked(BLOCK, (0, 0), (0, 50), (10, 5), (10, 95), (20, 50))
    assert plan.length_mm == 40 + 200 + 20


def test_an_empty_aisle_between_is_passed_by() -> None:
    assert walked(BLOCK, (0, 0), (0, 10), (20, 10)).length_mm == 80


def test_a_depot_outside_the_aisles_is_left_and_reached_straight() -> None:
    plan = walked(BLOCK, (5, -40), (10, 30))
    assert plan.path == ((5, -40), (5, 0), (10, 0), (10, 30), (10, 0), (5, 0), (5, -40))


def test_a_depot_beyond_the_last_aisle_is_reached_along_the_front() -> None:
    assert walked(BLOCK, (50, 0), (20, 10)).length_mm == 80


def test_a_depot_at_the_back_and_one_within_an_aisle() -> None:
    assert walked(BLOCK, (0, 100), (10, 90)).length_mm == 40
    assert walked(BLOCK, (10, 40), (10, 90), (10, 10)).length_mm == 160


def test_stops_at_one_place_are_picked_together() -> None:
    stops = (Stop("b", 0, 30), Stop("a", 0, 30), Stop("c", 1, 10))
    plan = solve(Problem(Point(0, 0), stops, BLOCK))
    assert plan.sequence == ("c", "a", "b")
    assert plan.length_mm == 60


def test_a_stop_is_picked_from_its_own_aisle_when_told() -> None:
    shelf = Stop("shelf", 4, 30, aisle=1)
    assert solve(Problem(Point(0, 0), (shelf,), BLOCK)).length_mm == 80


def test_a_middle_cross_aisle_shortens_the_walk() -> None:
    assert walked(BLOCKS, (0, 0), (0, 60), (10, 60)).length_mm == 160
    assert walked(BLOCK, (0, 0), (0, 60), (10, 60)).length_mm == 220


def test_an_open_floor_is_walked_around_its_corners() -> None:
    assert walked(FLOOR, (0, 0), (100, 100), (0, 100), (100, 0)).length_mm == 400


def test_malformed_floors_are_refused() -> None:
    with pytest.raises(ValueError, match="ascend"):
        Layout((10, 0), (0, 100))
    with pytest.raises(ValueError, match="cross aisles"):
        Layout((0, 10), ())
    with pytest.raises(ValueError, match="share an id"):
        Problem(Point(0, 0), (Stop("a", 0, 0), Stop("a", 1, 1)), BLOCK)
    with pytest.raises(ValueError, match="layout has not"):
        Problem(Point(0, 0), (Stop("a", 0, 0, aisle=3),), BLOCK)


def test_a_budget_gives_the_same_walk_for_the_same_seed() -> None:
    stops = tuple(Stop(str(n), (n * 37) % 101, (n * 53) % 97) for n in range(20))
    problem = Problem(Point(0, 0), stops, FLOOR)
    busy = solve(problem, budget=1.0, seed=3)
    assert busy == solve(problem, budget=1.0, seed=3)
    assert list(faults(problem, busy)) == []
    assert busy.length_mm <= solve(problem).length_mm


def steps_between(layout: Layout, a: Point, b: Point) -> int:
    """Measure over the grid, the slow way: along x only at a cross aisle."""
    if a.x_mm == b.x_mm or not layout.cross_y_mm:
        return abs(a.x_mm - b.x_mm) + abs(a.y_mm - b.y_mm)
    return min(abs(a.x_mm - b.x_mm) + abs(a.y_mm - cross) + abs(b.y_mm - cross) for cross in layout.cross_y_mm)


def shortest_of_all(problem: Problem) -> int:
    places = [Point(stop.x_mm, stop.y_mm) for stop in problem.stops]
    return min(
        sum(steps_between(problem.layout, a, b) for a, b in pairwise((problem.depot, *order, problem.depot)))
        for order in permutations(places)
    )


AISLES = (0, 7, 10, 30)
places = st.tuples(st.sampled_from(AISLES), st.integers(0, 40))
depots = st.one_of(places, st.tuples(st.integers(-10, 40), st.sampled_from([0, 40])))


@given(depot=depots, stops=st.lists(places, max_size=6, unique=True))
@settings(max_examples=150, deadline=None)
def test_no_order_of_the_stops_beats_the_walk_through_a_block(
    depot: tuple[int, int], stops: list[tuple[int, int]]
) -> None:
    layout = Layout(AISLES, (0, 40))
    problem = Problem(Point(*depot), tuple(Stop(str(n), *at) for n, at in enumerate(stops)), layout)
    plan = solve(problem)
    assert list(faults(problem, plan)) == []
    assert plan.length_mm == shortest_of_all(problem)
    assert plan == solve(problem)


@given(
    depot=st.tuples(st.integers(-10, 40), st.integers(-10, 60)),
    stops=st.lists(st.tuples(st.integers(-5, 35), st.integers(-5, 55)), max_size=12),
    layout=st.sampled_from([FLOOR, Layout(AISLES, (0, 25, 40)), Layout(AISLES, (0, 40)), Layout((5,), (10,))]),
)
@settings(max_examples=150, deadline=None)
def test_any_walk_can_be_walked(depot: tuple[int, int], stops: list[tuple[int, int]], layout: Layout) -> None:
    problem = Problem(Point(*depot), tuple(Stop(str(n), *at) for n, at in enumerate(stops)), layout)
    plan = solve(problem)
    assert list(faults(problem, plan)) == []
    assert plan == solve(problem)


@given(depot=places, stops=st.lists(places, min_size=1, max_size=5, unique=True))
@settings(max_examples=60, deadline=None)
def test_a_walk_through_several_blocks_stays_close_to_the_shortest(
    depot: tuple[int, int], stops: list[tuple[int, int]]
) -> None:
    layout = Layout(AISLES, (0, 15, 40))
    problem = Problem(Point(*depot), tuple(Stop(str(n), *at) for n, at in enumerate(stops)), layout)
    assert solve(problem).length_mm <= 1.25 * shortest_of_all(problem)
