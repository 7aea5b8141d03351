"""Witness of a walk: that it can be walked, passes every stop in the order told, and is as long as told."""

from collections import Counter
from collections.abc import Iterator, Sequence

from colisage.solvers.routes.problem import Layout, Plan, Point, Problem, Stop


def faults(problem: Problem, plan: Plan) -> Iterator[str]:
    """Say everything that is wrong with a walk, sharing no code with the solver."""
    asked = Counter(stop.id for stop in problem.stops)
    told = Counter(plan.sequence)
    for stop_id in sorted(asked.keys() | told.keys()):
        if asked[stop_id] != told[stop_id]:
            yield f"{stop_id}: {told[stop_id]} times in the sequence"
    if not plan.path or plan.path[0] != problem.depot or plan.path[-1] != problem.depot:
        yield "the walk does not start and end at the depot"
    legs = list(zip(plan.path, plan.path[1:], strict=False))
    walked = sum(abs(a.x_mm - b.x_mm) + abs(a.y_mm - b.y_mm) for a, b in legs)
    if walked != plan.length_mm:
        yield f"{walked} mm walked, {plan.length_mm} mm written"
    for a, b in legs:
        if not _is_walkable(problem, a, b):
            yield f"no way from {tuple(a)} straight to {tuple(b)}"
    yield from _missed(problem, plan, legs)


def _is_walkable(problem: Problem, a: Point, b: Point) -> bool:
    layout = problem.layout
    if a == b or (a.x_mm != b.x_mm and a.y_mm != b.y_mm):
        return False
    if not layout.aisle_x_mm:
        return True
    if a.y_mm == b.y_mm:
        return a.y_mm in layout.cross_y_mm
    return _is_clear(problem, a.x_mm, *sorted((a.y_mm, b.y_mm)))


def _is_clear(problem: Problem, x_mm: int, low: int, high: int) -> bool:
    """Allow the aisles, and the straight way between the depot and the cross aisle nearest to it."""
    depot, layout = problem.depot, problem.layout
    spans = []
    if x_mm in layout.aisle_x_mm:
        spans.append((layout.cross_y_mm[0], layout.cross_y_mm[-1]))
    if x_mm == depot.x_mm:
        door = min(layout.cross_y_mm, key=lambda y: (abs(y - depot.y_mm), y))
        spans.append((min(door, depot.y_mm), max(door, depot.y_mm)))
    for start, end in sorted(spans):
        if start <= low <= end:
            low = end
    return low >= high


def _missed(problem: Problem, plan: Plan, legs: Sequence[tuple[Point, Point]]) -> Iterator[str]:
    """Follow the walk and tick off the stops in the order of the sequence."""
    stops = {stop.id: stop for stop in problem.stops}
    leg, walked = 0, 0
    for stop_id in plan.sequence:
        if stop_id not in stops:
            continue
        place = _place(problem.layout, stops[stop_id])
        if not legs and plan.path and plan.path[0] == place:
            continue
        while leg < len(legs):
            along = _along(legs[leg], place)
            if along is not None and along >= walked:
                walked = along
                break
            leg, walked = leg + 1, 0
        else:
            yield f"{stop_id}: not passed in its turn"
            return


def _along(leg: tuple[Point, Point], place: Point) -> int | None:
    """Say how far along a leg a place is, if it is on it."""
    a, b = leg
    total = abs(a.x_mm - b.x_mm) + abs(a.y_mm - b.y_mm)
    to_place = abs(a.x_mm - place.x_mm) + abs(a.y_mm - place.y_mm)
    from_place = abs(b.x_mm - place.x_mm) + abs(b.y_mm - place.y_mm)
    return to_place if to_place + from_place == total else None


def _place(layout: Layout, stop: Stop) -> Point:
    if not layout.aisle_x_mm:
        return Point(stop.x_mm, stop.y_mm)
    if stop.aisle is None:
        x = min(layout.aisle_x_mm, key=lambda each: (abs(each - stop.x_mm), each))
    else:
        x = layout.aisle_x_mm[stop.aisle]
    low, high = layout.cross_y_mm[0], layout.cross_y_mm[-1]
    return Point(x, low if stop.y_mm < low else min(stop.y_mm, high))
