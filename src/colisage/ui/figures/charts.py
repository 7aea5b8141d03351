"""Charts: SVG without a viewBox, placed in %, so that text keeps its size at any width."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import floor, log10
from typing import Final

from django.utils.html import format_html
from django.utils.safestring import SafeString

from colisage.ui.figures.svg import element, group, number, points

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
    x_range: Point = field(default=(0.0, 0.0))
    y_range: Point = field(default=(0.0, 0.0))


@dataclass(frozen=True, slots=True)
class Frame:
    """The window of data that a chart shows, and where a value falls in it, in % of the plot."""

    left: float
    right: float
    low: float
    high: float

    def x(self, value: float) -> float:
        """Place a value across."""
        return 100 * (value - self.left) / ((self.right - self.left) or 1)

    def y(self, value: float) -> float:
        """Place a value down."""
        return 100 * (self.high - value) / ((self.high - self.low) or 1)

    def line(self, data: Sequence[Point]) -> str:
        """Write data as the points of a line."""
        return points((self.x(x), self.y(y)) for x, y in data)


def ticks(high: float, *, wanted: int = 4) -> list[float]:
    """Give round values from nought up to `high`: 1, 2 or 5 times a power of ten apart."""
    if high <= 0:
        return [0.0, 1.0]
    rough = high / wanted
    power = 10.0 ** floor(log10(rough))
    step = next(power * base for base in (1, 2, 5, 10) if power * base >= rough)
    return [step * i for i in range(floor(high / step + 1e-9) + 1)]


def bars(
    rows: Sequence[tuple[str, Sequence[float], str]], *, title: str, y_ticks: Sequence[Tick], tall: bool = False
) -> SafeString:
    """Draw one bar per row (label, parts from the bottom up, text above); parts take the four colours in turn."""
    top = max([sum(parts) for _, parts, _ in rows] + [at for at, _ in y_ticks] + [1e-9]) * _ROOM
    frame = Frame(0, max(len(rows), 1), 0, top)
    bodies, labels = [], []
    for place, (label, parts, text) in enumerate(rows):
        left, middle, reached = frame.x(place + 0.18), frame.x(place + 0.5), 0.0
        for colour, part in enumerate(parts):
            reached += part
            bodies.append(
                element(
                    "rect",
                    class_=f"b{colour % 4 + 1}",
                    x=left,
                    width=frame.x(0.64),
                    y=frame.y(reached),
                    height=100 - frame.y(part),
                )
            )
        labels.append(_text(text, x=middle, y=frame.y(reached), dy=-5, class_="strong", text_anchor="middle"))
        sparse = "opt" if len(rows) > 7 and place % 3 else None
        labels.append(_text(label, x=middle, y=100, dy=18, class_=sparse, text_anchor="middle"))
    return _chart(frame, bodies, labels, title=title, x_ticks=(), y_ticks=y_ticks, tall=tall)


def trend(data: Trend) -> SafeString:
    """Draw a trend: this period, the last one dotted, what is ahead dashed, the goal, and what is due."""
    everything = [*data.now, *data.past, *data.ahead, *((post.x, post.y) for post in data.posts)]
    xs = [x for x, _ in everything] or [0.0, 1.0]
    ys = [y for _, y in everything] + [at for at, _ in data.y_ticks]
    left, right = data.x_range if data.x_range != (0, 0) else (min(xs), max(xs))
    low, high = data.y_range if data.y_range != (0, 0) else (min([0.0, *ys]), max([1e-9, *ys]) * _ROOM)
    frame = Frame(left, right, low, high)
    bodies, labels = [], []
    if data.goal is not None:
        level = frame.y(data.goal)
        bodies.append(element("line", class_="goal", x1=0, x2=100, y1=level, y2=level))
        labels.append(_text(data.goal_text, x=2, y=level, dy=-6, class_="kraftt"))
    for post in data.posts:
        bodies.append(_post(frame, post))
        labels.append(
            _text(post.text, x=frame.x(post.x), y=frame.y(post.y), dx=-9, dy=-7, class_=f"{post.tone}t", text_anchor="end")
        )
    for name, line in (("past", data.past), ("now", data.now), ("next", data.ahead)):
        if line:
            bodies.append(element("polyline", class_=name, points=frame.line(line)))
    if data.now:
        x, y = frame.x(data.now[-1][0]), frame.y(data.now[-1][1])
        bodies.append(element("line", class_="dot", x1=x, x2=x, y1=y, y2=y))
        labels.append(_text(data.now_text, x=x, y=y, dx=-6, dy=-9, class_="bluet", text_anchor="end"))
    return _chart(frame, bodies, labels, title=data.title, x_ticks=data.x_ticks, y_ticks=data.y_ticks, tall=data.tall)


def spark(values: Sequence[float], *, tone: str = "blue") -> SafeString:
    """Draw a line the size of a word; the figures stand beside it, so it is silent."""
    if not values:
        return SafeString("")
    low, high = min(values), max(values)
    step = 90 / max(len(values) - 1, 1)
    pairs = [(2 + step * i, 22 - 18 * (value - low) / ((high - low) or 1)) for i, value in enumerate(values)]
    x, y = pairs[-1]
    line = element("polyline", class_="line", points=points(pairs))
    end = element("circle", class_="end", cx=x, cy=y, r=3)
    return element("svg", line, end, class_="spark", viewBox="0 0 96 26", data_tone=tone, aria_hidden="true")


def gauge(
    value: float, *, low: float, high: float, ends: tuple[float, float], texts: tuple[str, str, str], title: str
) -> SafeString:
    """Draw where a reading falls between two ends, and the zone where it is right; texts: left, zone, right."""
    frame = Frame(*ends, 0, 1)
    zone, width = frame.x(low), frame.x(high) - frame.x(low)
    pin = f"{number(min(max(frame.x(value), 0), 100))}%"
    return element(
        "svg",
        element("rect", class_="track", x=0, y=8, width="100%", height=16),
        element("rect", class_="zone", x=f"{number(zone)}%", y=8, width=f"{number(width)}%", height=16),
        element("line", class_="pin", x1=pin, x2=pin, y1=3, y2=29),
        element("text", texts[0], x=0, y=44),
        element("text", texts[1], x=f"{number(zone + width / 2)}%", y=44, text_anchor="middle"),
        element("text", texts[2], x="100%", y=44, text_anchor="end"),
        class_="gauge",
        role="img",
        aria_label=title,
    )


def _post(frame: Frame, post: Post) -> SafeString:
    x, y = frame.x(post.x), frame.y(post.y)
    return format_html(
        "{}{}",
        element("line", class_=f"post {post.tone}", x1=x, x2=x, y1=100, y2=y),
        element("line", class_=f"dot {post.tone}", x1=x, x2=x, y1=y, y2=y),
    )


def _text(text: str, *, x: float, y: float, dy: float, class_: str | None, dx: float = 0, text_anchor: str = "start") -> str:
    if not text:
        return ""
    place = {"x": f"{number(x)}%", "y": f"{number(y)}%", "dx": dx or None, "dy": dy}
    return element("text", text, class_=class_, text_anchor=text_anchor, **place)


def _chart(
    frame: Frame,
    bodies: Sequence[str],
    labels: Sequence[str],
    *,
    title: str,
    x_ticks: Sequence[Tick],
    y_ticks: Sequence[Tick],
    tall: bool,
) -> SafeString:
    grid: list[str] = []
    for place, (at, text) in enumerate(y_ticks):
        level = f"{number(frame.y(at))}%"
        grid.append(element("line", class_="grid" if place else "base", x1=0, x2="100%", y1=level, y2=level))
        grid.append(_text(text, x=0, y=frame.y(at), dx=-8, dy=4, class_=None, text_anchor="end"))
    for place, (at, text) in enumerate(x_ticks):
        sparse = "opt" if len(x_ticks) > 4 and place % 2 else None
        grid.append(_text(text, x=frame.x(at), y=100, dy=18, class_=sparse, text_anchor="middle"))
    drawn = element("svg", *bodies, width="100%", height="100%", viewBox="0 0 100 100", preserveAspectRatio="none")
    plot = element("svg", group(grid), drawn, group(labels), class_="plot")
    return element("svg", plot, class_="chart tall" if tall else "chart", role="img", aria_label=title)
