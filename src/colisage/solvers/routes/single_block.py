"""The shortest walk through one block of parallel aisles, exactly.

Ratliff and Rosenthal, *Order-picking in a rectangular warehouse: a solvable case of the traveling salesman
problem* (1983): sweep the aisles from left to right and keep, for every way the partial walk can meet the
present aisle, the cheapest. Linear in the aisles and places: seven states, at most six steps from each.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from colisage.solvers.routes.problem import Point

Leg = tuple[Point, Point]


class State(NamedTuple):
    """How a partial walk meets an aisle: legs ending at its back and its front, parts not yet joined.

    Legs are counted as 0 (none), 1 (odd) or 2 (even). Two parts are one at the back and one at the front.
    """

    back: int
    front: int
    parts: int


class Column(NamedTuple):
    """An aisle, or the x of a depot between two: the places to pass, ascending, and the ends to pass."""

    x_mm: int
    ys_mm: tuple[int, ...]
    is_aisle: bool
    needs_back: bool
    needs_front: bool


class Option(NamedTuple):
    """A way to walk an aisle: legs at its back, at its front, whether they join, and the legs."""

    back: int
    front: int
    joins: bool
    legs: tuple[Leg, ...]
    cost: int


class Step(NamedTuple):
    """The cheapest way to a state: its cost, the state before, the legs added."""

    cost: int
    before: State
    legs: tuple[Leg, ...]


_NOWHERE = State(0, 0, 0)
_DONE = State(0, 0, 1)


def shortest_walk(
    aisle_x_mm: Sequence[int], ends_mm: tuple[int, int], places: Sequence[Point], start: Point
) -> tuple[Point, ...]:
    """Walk from `start` past every place and back; all lie in the aisles, or `start` at a cross aisle.

    The points are every place and end passed, in order, `start` first and last.
    """
    columns = _columns(aisle_x_mm, ends_mm, [*places, start])
    if len(columns) == 1:
        return _up_and_down(places, start)
    stages = [_along(columns[0], ends_mm, {_NOWHERE: Step(0, _NOWHERE, ())})]
    for left, right in pairwise(columns):
        stages.append(_across(left, right, ends_mm, stages[-1]))
        stages.append(_along(right, ends_mm, stages[-1]))
    return _circuit(_legs(stages), start)


def _columns(aisle_x_mm: Sequence[int], ends_mm: tuple[int, int], places: Sequence[Point]) -> list[Column]:
    """Keep the aisles from the leftmost to the rightmost place: beyond them nobody walks."""
    front, back = ends_mm
    ys: dict[int, set[int]] = defaultdict(set)
    for place in places:
        ys[place.x_mm].add(place.y_mm)
    aisles = frozenset(aisle_x_mm)
    columns = []
    for x in sorted(x for x in aisles | ys.keys() if min(ys) <= x <= max(ys)):
        at = ys.get(x, set())
        inside = tuple(sorted(y for y in at if front < y < back))
        columns.append(Column(x, inside, x in aisles, back in at, front in at))
    return columns


def _up_and_down(places: Sequence[Point], start: Point) -> tuple[Point, ...]:
    """Stay in one aisle, and off its ends unless something is there."""
    below = sorted((place for place in places if place < start), reverse=True)
    above = sorted(place for place in places if place > start)
    return (start, *below, *below[::-1], start, *above, *above[::-1], start)


def _along(column: Column, ends_mm: tuple[int, int], reached: Mapping[State, Step]) -> dict[State, Step]:
    """Walk an aisle in every sensible way."""
    options = list(_options(column, ends_mm))
    best: dict[State, Step] = {}
    for state, step in reached.items():
        for option in options:
            after = _after(state, option, column)
            cost = step.cost + option.cost
            if after is not None and (after not in best or cost < best[after].cost):
                best[after] = Step(cost, state, option.legs)
    return best


def _after(state: State, option: Option, column: Column) -> State | None:
    """Add an aisle's legs to a state; an end that must be passed and has no legs yet is a part of its own."""
    touched = option.back or option.front or column.needs_back or column.needs_front
    if state == _DONE and touched:
        return None
    back, front = _add(state.back, option.back), _add(state.front, option.front)
    parts = 1 if option.joins else state.parts + (back != 0 == state.back) + (front != 0 == state.front)
    if column.needs_back and not back:
        back, parts = 2, parts + 1
    if column.needs_front and not front:
        front, parts = 2, parts + 1
    return State(back, front, parts)


def _add(legs: int, more: int) -> int:
    return 2 - (legs + more) % 2 if legs + more else 0


def _options(column: Column, ends_mm: tuple[int, int]) -> Iterator[Option]:
    """Skip, walk through once or twice, in and out from either end, or from both but for the widest gap."""
    if not column.ys_mm:
        yield Option(0, 0, joins=False, legs=(), cost=0)
    if not column.is_aisle:
        return
    points = [Point(column.x_mm, y) for y in (ends_mm[0], *column.ys_mm, ends_mm[1])]
    legs = tuple(pairwise(points))
    yield _option(1, 1, legs, joins=True)
    yield _option(2, 2, legs * 2, joins=True)
    if column.ys_mm:
        yield _option(2, 0, legs[1:] * 2)
        yield _option(0, 2, legs[:-1] * 2)
    if len(column.ys_mm) > 1:
        widest = max(range(1, len(legs) - 1), key=lambda i: legs[i][1].y_mm - legs[i][0].y_mm)
        yield _option(2, 2, (legs[:widest] + legs[widest + 1 :]) * 2)


def _option(back: int, front: int, legs: tuple[Leg, ...], *, joins: bool = False) -> Option:
    return Option(back, front, joins, legs, sum(b.y_mm - a.y_mm for a, b in legs))


def _across(left: Column, right: Column, ends_mm: tuple[int, int], reached: Mapping[State, Step]) -> dict[State, Step]:
    """Go on to the next aisle along the back, the front or both, or be done."""
    front_leg, back_leg = ((Point(left.x_mm, y), Point(right.x_mm, y)) for y in ends_mm)
    best: dict[State, Step] = {}
    for state, step in reached.items():
        for after in _onward(state):
            legs = (back_leg,) * after.back + (front_leg,) * after.front
            cost = step.cost + (right.x_mm - left.x_mm) * len(legs)
            if after not in best or cost < best[after].cost:
                best[after] = Step(cost, state, legs)
    return best


def _onward(state: State) -> Iterator[State]:
    """Make every count even that is odd, and leave no part behind."""
    for back in {0: (0,), 1: (1,), 2: (0, 2)}[state.back]:
        for front in {0: (0,), 1: (1,), 2: (0, 2)}[state.front]:
            if (back and front) or state.parts < 2:
                yield State(back, front, state.parts)


def _legs(stages: Sequence[Mapping[State, Step]]) -> list[Leg]:
    """Collect the legs of the cheapest complete walk."""
    ends = [state for state in stages[-1] if state.parts == 1 and 1 not in {state.back, state.front}]
    state = min(ends, key=lambda each: (stages[-1][each].cost, each))
    legs: list[Leg] = []
    for stage in reversed(stages):
        legs.extend(stage[state].legs)
        state = stage[state].before
    return legs


def _circuit(legs: Iterable[Leg], start: Point) -> tuple[Point, ...]:
    """Walk every leg once (Hierholzer): each point meets an even number of them."""
    away: dict[Point, list[tuple[int, Point]]] = defaultdict(list)
    for number, (a, b) in enumerate(legs):
        away[a].append((number, b))
        away[b].append((number, a))
    walked: set[int] = set()
    trail, circuit = [start], []
    while trail:
        here = away[trail[-1]]
        while here and here[-1][0] in walked:
            here.pop()
        if here:
            number, there = here.pop()
            walked.add(number)
            trail.append(there)
        else:
            circuit.append(trail.pop())
    return tuple(circuit)
