"""Charts: SVG without a viewBox, placed in %, so that text keeps its size at any width."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import floor, log10
from typing import Final

from django.utils.safestring import SafeString

from colisage.ui import words
from colisage.ui.figures.svg import Value, element, group, number, points

Point = tuple[float, float]
Tick = tuple[float, str]
_ROOM: Final = 1.12  # the highest value leaves room for its label


@dataclass(frozen=True, slots=True)
class Post:
    """Something due at `x`: so many, with a sentence and whether it will be met."""

    x: float
    y: float
    text: str
    tone: str = "ok"  # ok or bad


@dataclass(frozen=True, slots=True)
class Trend:
    """A quantity over time, and what it is compared with. All in the units of the data."""

    title: str
    now: Sequence[Point]
    x_ticks: Sequence[Tick]
    y_ticks: Sequence[Tick]
    past: Sequence[Point] = ()
    ahead: Sequence[Point] = ()
    goal: float | None = None
    goal_text: str = ""
    now_text: str = ""
    posts: Sequence[Post] = ()
    tall: bool = False
    x_range: Point | None = None
    y_range: Point | None = None


@dataclass(slots=True)
class _Canvas:
    """The window of data that a chart shows, and what is drawn in it so far.

    Shapes live in a square of 100 stretched to the plot; text is placed in % of the plot and never stretched.
    """

    left: float
    right: float
    low: float
    high: float
    shapes: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)

    def x(self, value: float) -> float:
        """Place a value across."""
        return 100 * (value - self.left) / ((self.right - self.left) or 1)

    def y(self, value: float) -> float:
        """Place a value down."""
        return 100 * (self.high - value) / ((self.high - self.low) or 1)

    def draw(self, name: str, **attributes: Value) -> None:
        """Add a shape."""
        self.shapes.append(element(name, **attributes))

    def dot(self, at: Point, kind: str) -> None:
        """Add a round dot: a line of no length with round ends, which stretching leaves round."""
        x, y = self.x(at[0]), self.y(at[1])
        self.draw("line", class_=kind, x1=x, x2=x, y1=y, y2=y)

    def write(self, text: str, across: float, down: float, **attributes: Value) -> None:
        """Add text, in % of the plot."""
        if text:
            place = {"x": f"{number(across)}%", "y": f"{number(down)}%"}
            self.labels.append(element("text", text, **place, **attributes))

    def svg(self, *, title: str, x_ticks: Sequence[Tick], y_ticks: Sequence[Tick], tall: bool) -> SafeString:
        """Put it together over its grid."""
        grid: list[str] = []
        for place, (at, text) in enumerate(y_ticks):
            level = f"{number(self.y(at))}%"
            grid.append(element("line", class_="grid" if place else "base", x1=0, x2="100%", y1=level, y2=level))
            self.write(text, 0, self.y(at), dx=-8, dy=4, text_anchor="end")
        for place, (at, text) in enumerate(x_ticks):
            sparse = "opt" if len(x_ticks) > 4 and place % 2 else None
            self.write(text, self.x(at), 100, dy=18, class_=sparse, text_anchor="middle")
        square = {"width": "100%", "height": "100%", "viewBox": "0 0 100 100", "preserveAspectRatio": "none"}
        plot = element("svg", group(grid), element("svg", *self.shapes, **square), group(self.labels), class_="plot")
        return element("svg", plot, class_="chart tall" if tall else "chart", role="img", aria_label=title)


def ticks(high: float, *, wanted: int = 4) -> list[float]:
    """Give round values from nought up to `high`: 1, 2 or 5 times a power of ten apart."""
    if high <= 0:
        return [0.0, 1.0]
    rough = high / wanted
    power = 10.0 ** floor(log10(rough))
    step = next(power * base for base in (1, 2, 5, 10) if power * base >= rough)
    return [step * i for i in range(floor(high / step + 1e-9) + 1)]


def bars(
    rows: Sequence[tuple[str, Sequence[float], str]],
    *,
    title: str,
    y_ticks: Sequence[Tick],
    tall: bool = False,
) -> SafeString:
    """Draw one bar per row of (label, parts from the bottom up, text above); parts take the four colours."""
    top = max([sum(parts) for _, parts, _ in rows] + [at for at, _ in y_ticks] + [1e-9]) * _ROOM
    canvas = _Canvas(0, max(len(rows), 1), 0, top)
    for place, (label, parts, text) in enumerate(rows):
        left, middle, reached = canvas.x(place + 0.18), canvas.x(place + 0.5), 0.0
        for colour, part in enumerate(parts):
            reached += part
            size = {"width": canvas.x(0.64), "height": 100 - canvas.y(part)}
            canvas.draw("rect", class_=f"b{colour % 4 + 1}", x=left, y=canvas.y(reached), **size)
        canvas.write(text, middle, canvas.y(reached), dy=-5, class_="strong", text_anchor="middle")
        sparse = "opt" if len(rows) > 7 and place % 3 else None
        canvas.write(label, middle, 100, dy=18, class_=sparse, text_anchor="middle")
    return canvas.svg(title=title, x_ticks=(), y_ticks=y_ticks, tall=tall)


def trend(data: Trend) -> SafeString:
    """Draw a trend: this period, the last one dotted, what is ahead dashed, the goal, and what is due."""
    canvas = _window(data)
    if data.goal is not None:
        level = canvas.y(data.goal)
        canvas.draw("line", class_="goal", x1=0, x2=100, y1=level, y2=level)
        canvas.write(data.goal_text, 2, level, dy=-6, class_="kraftt")
    for post in data.posts:
        x, y = canvas.x(post.x), canvas.y(post.y)
        canvas.draw("line", class_=f"post {post.tone}", x1=x, x2=x, y1=100, y2=y)
        canvas.dot((post.x, post.y), f"dot {post.tone}")
        canvas.write(post.text, x, y, dx=-9, dy=-7, class_=f"{post.tone}t", text_anchor="end")
    for name, line in (("past", data.past), ("now", data.now), ("next", data.ahead)):
        if line:
            canvas.draw("polyline", class_=name, points=points((canvas.x(x), canvas.y(y)) for x, y in line))
    if data.now:
        x, y = data.now[-1]
        canvas.dot((x, y), "dot")
        canvas.write(data.now_text, canvas.x(x), canvas.y(y), dx=-6, dy=-9, class_="bluet", text_anchor="end")
    return canvas.svg(title=data.title, x_ticks=data.x_ticks, y_ticks=data.y_ticks, tall=data.tall)


def spark(values: Sequence[float], *, tone: str = "blue") -> SafeString:
    """Draw a line the size of a word; the figures stand beside it, so it is silent."""
    if not values:
        return group(())
    low, high = min(values), max(values)
    step = 90 / max(len(values) - 1, 1)
    pairs = [(2 + step * i, 22 - 18 * (value - low) / ((high - low) or 1)) for i, value in enumerate(values)]
    x, y = pairs[-1]
    line = element("polyline", class_="line", points=points(pairs))
    end = element("circle", class_="end", cx=x, cy=y, r=3)
    return element("svg", line, end, class_="spark", viewBox="0 0 96 26", data_tone=tone, aria_hidden="true")


def gauge(value: int, *, low: int, high: int, title: str, zone: str = "") -> SafeString:
    """Draw where a weight in grams falls, and the zone from `low` to `high` where it is right."""
    room = max(3 * (high - low), abs(value - low), abs(value - high), 1)
    left, right = max(low - room, 0), high + room
    canvas = _Canvas(left, right, 0, 1)
    pin = f"{number(min(max(canvas.x(value), 0), 100))}%"
    start, width = canvas.x(low), canvas.x(high) - canvas.x(low)
    return element(
        "svg",
        element("rect", class_="track", x=0, y=8, width="100%", height=16),
        element("rect", class_="zone", x=f"{number(start)}%", y=8, width=f"{number(width)}%", height=16),
        element("line", class_="pin", x1=pin, x2=pin, y1=3, y2=29),
        element("text", words.count(left), x=0, y=44),
        element("text", zone, x=f"{number(start + width / 2)}%", y=44, text_anchor="middle"),
        element("text", words.count(right), x="100%", y=44, text_anchor="end"),
        class_="gauge",
        role="img",
        aria_label=title,
    )


def _window(data: Trend) -> _Canvas:
    """Choose what a trend shows: all of it, from nought, with room above, unless it says otherwise."""
    seen = [*data.now, *data.past, *data.ahead, *((post.x, post.y) for post in data.posts)]
    xs = [x for x, _ in seen] or [0.0, 1.0]
    ys = [y for _, y in seen] + [at for at, _ in data.y_ticks]
    left, right = data.x_range or (min(xs), max(xs))
    low, high = data.y_range or (min([0.0, *ys]), max([1e-9, *ys]) * _ROOM)
    return _Canvas(left, right, low, high)
