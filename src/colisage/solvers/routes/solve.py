"""Walk past every stop and back: exactly in a single block, by improvement elsewhere."""

from collections.abc import Sequence
from itertools import pairwise

from colisage.solvers.routes.floor import (
    corners_of,
    distance_mm,
    gate,
    length_mm,
    standing_point,
    way,
)
from colisage.solvers.routes.improve import shorter_tour
from colisage.solvers.routes.problem import Plan, Point, Problem
from colisage.solvers.routes.single_block import shortest_walk


def solve(problem: Problem, *, budget: float = 0.0, seed: int = 0) -> Plan:
    """Find the walk: the shortest one in a single block, where neither budget nor seed matter.

    With several blocks or on an open floor: nearest neighbour, then 2-opt and moved stretches until nothing
    shortens; a budget restarts from shaken walks.
    """
    standing = {stop.id: standing_point(problem.layout, stop) for stop in problem.stops}
    places = sorted(set(standing.values()))
    start = gate(problem)
    if not places:
        return Plan((), (problem.depot,), 0)
    layout = problem.layout
    if layout.is_single_block:
        ends = (layout.cross_y_mm[0], layout.cross_y_mm[1])
        walk = shortest_walk(layout.aisle_x_mm, ends, places, start)
    else:
        walk = _improved_walk(problem, places, start, budget, seed)
    path = corners_of((problem.depot, *walk, problem.depot))
    met = {point: turn for turn, point in reversed(list(enumerate(walk)))}
    sequence = sorted(standing, key=lambda stop_id: (met[standing[stop_id]], stop_id))
    return Plan(tuple(sequence), path, length_mm(path))


def _improved_walk(
    problem: Problem, places: Sequence[Point], start: Point, budget: float, seed: int
) -> tuple[Point, ...]:
    points = [start, *(place for place in places if place != start)]
    layout = problem.layout
    distances = [[distance_mm(layout, a, b) for b in points] for a in points]
    order = shorter_tour(distances, budget=budget, seed=seed)
    tour = [points[index] for index in (*order, 0)]
    walk = [start]
    for a, b in pairwise(tour):
        walk.extend(way(layout, a, b))
    return tuple(walk)
