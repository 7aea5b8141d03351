"""The warehouse from above with a walk drawn on it, and one rack from the front."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.safestring import SafeString

from colisage.ui import words
from colisage.ui.figures.svg import element, group, number, points

Point = tuple[float, float]
_WIDTH: Final = 336.0
_MARGIN: Final = 18.0
_HALF_A_LETTER: Final = 4.0


@dataclass(frozen=True, slots=True)
class Bin:
    """A bin on the floor plan; any unit of length, the same for all."""

    code: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Walk:
    """A walk: where it goes, how many of its points are behind, where it stops, and where one stands."""

    path: Sequence[Point]
    walked: int = 0
    stops: Sequence[Point] = ()
    here: Point | None = None
    start: str = ""
    end: str = ""


@dataclass(frozen=True, slots=True)
class _Paper:
    """How floor becomes paper."""

    left: float
    top: float
    scale: float

    def at(self, point: Point) -> Point:
        """Place a point of the floor."""
        return _MARGIN + (point[0] - self.left) * self.scale, _MARGIN + (point[1] - self.top) * self.scale


def walk_plan(bins: Iterable[Bin], walk: Walk, *, title: str, lit: str = "") -> SafeString:
    """Draw the racks, the walk on them, and the aisle to light up."""
    bins = list({(b.x, b.y): b for b in bins}.values())
    everywhere = [(b.x, b.y) for b in bins] + [*walk.path, *walk.stops, *([walk.here] if walk.here else [])]
    if not everywhere:
        return group(())
    xs, ys = [x for x, _ in everywhere], [y for _, y in everywhere]
    scale = (_WIDTH - 2 * _MARGIN) / max(max(xs) - min(xs), (max(ys) - min(ys)) / 2, 1)
    paper = _Paper(min(xs), min(ys), scale)
    height = 2 * _MARGIN + (max(ys) - min(ys)) * scale + (14 if walk.start or walk.end else 0)
    width = max(2 * _MARGIN + (max(xs) - min(xs)) * scale, _MARGIN * 4)
    parts = [*_racks(bins, paper, lit), *_walk(walk, paper, width=width)]
    view = f"0 0 {number(width)} {number(height)}"
    return element("svg", *parts, class_="plan", viewBox=view, role="img", aria_label=title)


def shelf(level: int, *, levels: int, title: str) -> SafeString:
    """Draw one rack from the front, the level to reach for filled."""
    parts = []
    step = 88 / max(levels, 1)
    for place in range(levels):
        top, this = 12 + place * step, levels - place
        on = "on" if this == level else None
        parts += [
            element("rect", class_=on, x=16, y=top, width=38, height=step - 2, fill="none"),
            element("path", class_="sh", d=f"M12 {number(top + step - 2)}h46"),
            element("text", str(this), x=63, y=top + step - 5),
        ]
    posts = element("path", class_="sh", d="M14 6v100M56 6v100")
    return element("svg", *parts, posts, viewBox="0 0 76 112", role="img", aria_label=title)


def _aisle(code: str) -> str:
    return next(iter(words.bin_parts(code)), "")


def _racks(bins: Sequence[Bin], paper: _Paper, lit: str) -> list[SafeString]:
    """Draw each line of bins of one aisle as one rack, with the aisle's letter over them."""
    aisles: dict[str, list[Bin]] = defaultdict(list)
    for one in bins:
        aisles[_aisle(one.code)].append(one)
    drawn: list[SafeString] = []
    for aisle, members in sorted(aisles.items()):
        upright = _extent(b.y for b in members) >= _extent(b.x for b in members)
        runs: dict[float, list[Point]] = defaultdict(list)
        for one in members:
            runs[one.x if upright else one.y].append(paper.at((one.x, one.y)))
        drawn.extend(_rack(run, on=aisle == lit) for run in runs.values())
        x, y = paper.at((min(b.x for b in members), min(b.y for b in members)))
        spread = _extent(b.x for b in members) * paper.scale if upright else 0
        drawn.append(element("text", aisle, x=x + spread / 2, y=y - 8))
    return drawn


def _rack(run: Sequence[Point], *, on: bool) -> SafeString:
    left, top = min(x for x, _ in run) - 4, min(y for _, y in run) - 4
    width, height = max(x for x, _ in run) + 4 - left, max(y for _, y in run) + 4 - top
    return element("rect", class_="rack on" if on else "rack", x=left, y=top, width=width, height=height)


def _walk(walk: Walk, paper: _Paper, *, width: float) -> list[SafeString]:
    path = [paper.at(point) for point in walk.path]
    drawn = []
    if walk.walked > 1:
        drawn.append(element("polyline", class_="walked", points=points(path[: walk.walked])))
    if len(path) > max(walk.walked - 1, 0) + 1:
        drawn.append(element("polyline", class_="walk", points=points(path[max(walk.walked - 1, 0) :])))
    for stop in walk.stops:
        x, y = paper.at(stop)
        drawn.append(element("circle", class_="stop", cx=x, cy=y, r=4))
    if walk.here:
        x, y = paper.at(walk.here)
        drawn.append(element("circle", class_="here", cx=x, cy=y, r=8))
    for text, place in ((walk.start, 0), (walk.end, -1)):
        if text and path:
            half = min(len(text) * _HALF_A_LETTER, width / 2)  # it stands around its point: whole, also at an edge
            x = min(max(path[place][0], half), width - half)
            drawn.append(element("text", text, x=x, y=path[place][1] + 20))
    return drawn


def _extent(values: Iterable[float]) -> float:
    seen = list(values)
    return max(seen) - min(seen)
