"""The packed box, drawn in isometric projection: what to put where."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import sqrt
from typing import Final

from django.utils.safestring import SafeString

from colisage.ui import words
from colisage.ui.figures.svg import element, number, points

Corner = tuple[float, float, float]
_ACROSS: Final = sqrt(3) / 2
_COLOURS: Final = 5


@dataclass(frozen=True, slots=True)
class Placed:
    """A thing in a box: its nearest corner to the origin and its sides, in millimetres."""

    x: float
    y: float
    z: float
    dx: float
    dy: float
    dz: float
    label: str = ""
    colour: int = 1  # things of the same kind share one
    next: bool = False  # the one to put in now


def packed_box(
    sides: tuple[int, int, int], items: Sequence[Placed], *, title: str, measured: bool = True
) -> SafeString:
    """Draw an open box of these sides (length, width, height in millimetres) with its contents.

    All is scaled to one size, so that strokes and text look alike for a ring box and for a crate.
    """
    scale = 300 / max(*sides, 1)
    length, width, height = (side * scale for side in sides)
    parts = [*_walls(length, width, height)]
    parts += [_cuboid(item, scale) for item in from_back_to_front(items)]
    parts += _fronts(length, width, height)
    if measured:
        parts += _measures(sides, (length, width, height))
    left, right = _flat((0, width, 0))[0] - 58, _flat((length, 0, 0))[0] + 40
    top, bottom = _flat((0, 0, height))[1] - 44, _flat((length, width, 0))[1] + (30 if measured else 6)
    view = f"{number(left)} {number(top)} {number(right - left)} {number(bottom - top)}"
    return element("svg", *parts, class_="iso", viewBox=view, role="img", aria_label=title)


def from_back_to_front(items: Sequence[Placed]) -> list[Placed]:
    """Sort things so that each is drawn after those it hides; things that interlock keep their order."""
    hides: dict[int, set[int]] = {i: set() for i in range(len(items))}
    for i, j in combinations(range(len(items)), 2):
        if _overlap(items[i], items[j]):
            behind = _is_behind(items[i], items[j])
            if behind != _is_behind(items[j], items[i]):
                hides[j if behind else i].add(i if behind else j)
    drawn: list[int] = []
    left = list(hides)
    while left:
        free = next((i for i in left if not hides[i] - set(drawn)), left[0])
        drawn.append(free)
        left.remove(free)
    return [items[i] for i in drawn]


def _is_behind(a: Placed, b: Placed) -> bool:
    return a.x + a.dx <= b.x or a.y + a.dy <= b.y or a.z + a.dz <= b.z


def _overlap(a: Placed, b: Placed) -> bool:
    """Say whether two things meet on the paper: seen along (1, 1, 1), x-y, y-z and x-z are what remains."""

    def spans(item: Placed) -> tuple[tuple[float, float], ...]:
        x, y, z = (item.x, item.x + item.dx), (item.y, item.y + item.dy), (item.z, item.z + item.dz)
        return tuple((one[0] - other[1], one[1] - other[0]) for one, other in ((x, y), (y, z), (x, z)))

    return all(one[0] < other[1] and other[0] < one[1] for one, other in zip(spans(a), spans(b), strict=True))


def _flat(corner: Corner) -> tuple[float, float]:
    x, y, z = corner
    return (x - y) * _ACROSS, (x + y) / 2 - z


def _face(kind: str, corners: Iterable[Corner]) -> SafeString:
    return element("polygon", class_=kind, points=points(_flat(corner) for corner in corners))


def _cuboid(item: Placed, scale: float) -> SafeString:
    x, y, z = item.x * scale, item.y * scale, item.z * scale
    far_x, far_y, top = x + item.dx * scale, y + item.dy * scale, z + item.dz * scale
    faces = [
        _face("t", ((x, y, top), (far_x, y, top), (far_x, far_y, top), (x, far_y, top))),
        _face("l", ((x, far_y, z), (far_x, far_y, z), (far_x, far_y, top), (x, far_y, top))),
        _face("r", ((far_x, y, z), (far_x, far_y, z), (far_x, far_y, top), (far_x, y, top))),
    ]
    if item.label:
        across, down = _flat(((x + far_x) / 2, (y + far_y) / 2, top))
        faces.append(element("text", item.label, x=across, y=down + 7))
    return element("g", *faces, class_=f"c{item.colour % _COLOURS}{' next' if item.next else ''}")


def _walls(length: float, width: float, height: float) -> list[SafeString]:
    lean, rise, inset = 28.0, height + 22, min(9.0, width / 4, length / 4)
    return [
        _face("floor", ((0, 0, 0), (length, 0, 0), (length, width, 0), (0, width, 0))),
        _face("in2", ((0, 0, 0), (0, width, 0), (0, width, height), (0, 0, height))),
        _face("in", ((0, 0, 0), (length, 0, 0), (length, 0, height), (0, 0, height))),
        _face("in2", ((0, 0, height), (0, width, height), (-lean, width - inset, rise), (-lean, inset, rise))),
        _face("in", ((0, 0, height), (length, 0, height), (length - inset, -lean, rise), (inset, -lean, rise))),
    ]


def _fronts(length: float, width: float, height: float) -> list[SafeString]:
    return [
        _face("front", ((0, width, 0), (length, width, 0), (length, width, height), (0, width, height))),
        _face("front", ((length, 0, 0), (length, width, 0), (length, width, height), (length, 0, height))),
    ]


def _measures(sides: tuple[int, int, int], drawn: tuple[float, float, float]) -> list[SafeString]:
    length, width, height = drawn
    places = (
        (_flat((length / 2, width, 0)), -12, 26, words.millimetres(sides[0])),
        (_flat((length, width / 2, 0)), 12, 26, words.millimetres(sides[1])),
        (_flat((0, width, height / 2)), -24, 4, words.count(sides[2])),
    )
    return [element("text", text, class_="dim", x=x + dx, y=y + dy) for (x, y), dx, dy, text in places]
