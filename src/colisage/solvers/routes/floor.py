"""The floor as the solver sees it: where one stands, and how far it is from there to there."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from colisage.solvers.routes.problem import Layout, Point, Problem, Stop


def standing_point(layout: Layout, stop: Stop) -> Point:
    """Say where the picker stands for a stop."""
    if layout.is_open_floor:
        return Point(stop.x_mm, stop.y_mm)
    x = layout.aisle_x_mm[stop.aisle] if stop.aisle is not None else nearest(layout.aisle_x_mm, stop.x_mm)
    return Point(x, min(max(stop.y_mm, layout.cross_y_mm[0]), layout.cross_y_mm[-1]))


def nearest(line: Sequence[int], value: int) -> int:
    """Pick the element of an ascending line closest to a value, the lower of two."""
    after = bisect_left(line, value)
    around = line[max(after - 1, 0) : after + 1]
    return min(around, key=lambda each: (abs(each - value), each))


def gate(problem: Problem) -> Point:
    """Say where the walk from the depot joins the aisles."""
    depot, layout = problem.depot, problem.layout
    if layout.is_open_floor or is_in_aisle(layout, depot):
        return depot
    return Point(depot.x_mm, nearest(layout.cross_y_mm, depot.y_mm))


def is_in_aisle(layout: Layout, point: Point) -> bool:
    """Say whether a point lies on the centre line of an aisle, ends included."""
    return point.x_mm in layout.aisle_x_mm and layout.cross_y_mm[0] <= point.y_mm <= layout.cross_y_mm[-1]


def way(layout: Layout, a: Point, b: Point) -> Iterator[Point]:
    """Walk a shortest way between two points of the aisles or the open floor, corners only, without `a`."""
    if a.x_mm != b.x_mm and not layout.is_open_floor:
        y = _crossing_y(layout, a, b)
        yield Point(a.x_mm, y)
        yield Point(b.x_mm, y)
    elif a.x_mm != b.x_mm:
        yield Point(b.x_mm, a.y_mm)
    yield b


def _crossing_y(layout: Layout, a: Point, b: Point) -> int:
    """Choose the cross aisle on a shortest way; from a gate between two aisles there is only its own."""
    for point in (a, b):
        if point.x_mm not in layout.aisle_x_mm:
            return point.y_mm
    return min(layout.cross_y_mm, key=lambda cross: abs(a.y_mm - cross) + abs(cross - b.y_mm))


def distance_mm(layout: Layout, a: Point, b: Point) -> int:
    """Measure a shortest way."""
    beside = abs(a.x_mm - b.x_mm)
    if not beside or layout.is_open_floor:
        return beside + abs(a.y_mm - b.y_mm)
    return beside + min(abs(a.y_mm - cross) + abs(cross - b.y_mm) for cross in layout.cross_y_mm)


def corners_of(points: Iterable[Point]) -> tuple[Point, ...]:
    """Drop repeated points and those passed straight on; a turn back stays."""
    path: list[Point] = []
    for point in points:
        if path and path[-1] == point:
            continue
        if len(path) > 1 and _goes_on(path[-2], path[-1], point):
            path.pop()
        path.append(point)
    return tuple(path)


def _goes_on(a: Point, b: Point, c: Point) -> bool:
    along_x = a.y_mm == b.y_mm == c.y_mm and (b.x_mm - a.x_mm) * (c.x_mm - b.x_mm) > 0
    along_y = a.x_mm == b.x_mm == c.x_mm and (b.y_mm - a.y_mm) * (c.y_mm - b.y_mm) > 0
    return along_x or along_y


def length_mm(path: Sequence[Point]) -> int:
    """Add up the legs of a walk."""
    return sum(abs(a.x_mm - b.x_mm) + abs(a.y_mm - b.y_mm) for a, b in pairwise(path))
