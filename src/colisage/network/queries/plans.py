"""The floor of a node from above, ready to be drawn."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from django.db.models import BigIntegerField, F, Func, IntegerField, Value
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from colisage.network.models import Place, Stretch
from colisage.ui import words

Spot = tuple[int, int]
_WIDTH: Final = (460.0, 640.0)  # of the drawing, at least and at most, in its own units
_TALLEST: Final = 260.0
_MARGIN: Final = 26.0
_THICK: Final = (5.0, 16.0)  # how deep a rack is drawn, at least and at most
_LONGEST: Final = 40.0
_SHARE: Final = 0.88  # of the way to the next bay that a bay takes up
_MARKS: Final = "·.-_/ "


class Cardinality(Func):
    """How many elements an array has."""

    function = "cardinality"
    output_field = IntegerField()


@dataclass(frozen=True, slots=True)
class Bay:
    """A bay from above, in units of the drawing; `text` is how the codes of its bins begin."""

    title: str
    text: str
    x: float
    y: float
    width: float
    height: float
    lit: bool
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AisleName:
    """The name of an aisle, beside its first bay."""

    name: str
    text: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class FloorPlan:
    """The floor from above; numbers in units of the drawing, `bench` where coordinates are counted from."""

    width: float
    height: float
    bays: tuple[Bay, ...]
    aisles: tuple[AisleName, ...]
    bench: tuple[float, float]
    bins: int


@dataclass(frozen=True, slots=True)
class _Paper:
    """How floor becomes paper."""

    left: float
    top: float
    scale: float

    def at(self, spot: Spot) -> tuple[float, float]:
        """Place a spot of the floor."""
        return _MARGIN + (spot[0] - self.left) * self.scale, _MARGIN + (spot[1] - self.top) * self.scale


@dataclass(frozen=True, slots=True)
class FloorPart:
    """A part of a floor that is drawn by itself: a zone, or a stretch of one; `key` names it in addresses."""

    id: int
    key: str
    zone: str
    first: str  # bay along the walk, and the last
    last: str
    whole: bool  # the part is all of its zone
    bins: int

    @property
    def title(self) -> str:
        """Name the part: the zone, and from which bay to which when it is not all of it."""
        stretch = f"{words.plate(self.first)} – {words.plate(self.last)}"
        if not self.zone:
            return stretch
        zone = _("zone %(zone)s") % {"zone": self.zone}
        return zone if self.whole else f"{zone}, {stretch}"


def floor_parts(node_id: int) -> list[FloorPart]:
    """Give the parts of a node's floor along the walk; one statement, that reads a row a part.

    A floor of no more bays than are told apart is one part, whatever its zones.
    """
    rows = Stretch.objects.filter(node=node_id).order_by("walk", "zone", "number").annotate(bins=Cardinality("places"))
    found = list(rows.values_list("pk", "zone", "number", "zone__code", "first", "last", "bins"))
    stretches = Counter(row[1] for row in found)
    return [
        FloorPart(pk, f"{zone or 0}-{number}", code or "", first, last, stretches[zone] == 1, bins)
        for pk, zone, number, code, first, last, bins in found
    ]


def part_called(parts: Sequence[FloorPart], *, key: str) -> FloorPart | None:
    """Give the part of a floor by its name in an address; the first, when none is called so."""
    return next((part for part in parts if part.key == key), parts[0] if parts else None)


def part_nearest(node_id: int, *, parts: Sequence[FloorPart], spot: Spot) -> FloorPart | None:
    """Give the part of a floor whose bins stand nearest to a spot."""
    x, y = spot
    away = (F("x_mm") - Value(x, BigIntegerField())) ** 2 + (F("y_mm") - Value(y, BigIntegerField())) ** 2
    bins = Place.objects.filter(node=node_id, kind="bin", active=True).order_by(away, "pk")
    nearest = bins.values_list("pk", flat=True).first()
    found = Stretch.objects.filter(node=node_id, places__contains=[nearest]).values_list("pk", flat=True).first()
    return next((part for part in parts if part.id == found), None)


def bins_of_part(part: FloorPart) -> list[int]:
    """Give the bins of a part; none when the floor was cut anew meanwhile, and the part is gone."""
    return Stretch.objects.filter(pk=part.id).values_list("places", flat=True).first() or []


def bins_of_bay(node_id: int, *, x_mm: int, y_mm: int) -> list[int]:
    """Give the bins of a node that stand in one spot, above one another."""
    bins = Place.objects.filter(node=node_id, kind="bin", active=True, x_mm=x_mm, y_mm=y_mm)
    return list(bins.values_list("pk", flat=True))


def floor_plan(part: FloorPart | None, *, lit: Collection[tuple[str, int, int]] = ()) -> FloorPlan:
    """Lay out the bins of a part of a floor, and those to stand out as (code, x in millimetres, y)."""
    known = Place.objects.filter(pk__in=bins_of_part(part) if part else []).order_by("walk", "pk")
    return lay_out(list(known.values_list("code", "x_mm", "y_mm")), lit=lit)


def lay_out(bins: Sequence[tuple[str, int, int]], *, lit: Collection[tuple[str, int, int]] = ()) -> FloorPlan:
    """Turn bins, as (code, x in millimetres, y), into a drawing; what stands in one spot is one bay."""
    everything = [*bins, *lit]
    xs, ys = [0, *(x for _c, x, _y in everything)], [0, *(y for _c, _x, y in everything)]
    across, deep = max(max(xs) - min(xs), 1), max(max(ys) - min(ys), 1)
    scale = min((_WIDTH[1] - 2 * _MARGIN) / across, (_TALLEST - 2 * _MARGIN) / deep)
    width = max(_WIDTH[0], 2 * _MARGIN + across * scale)
    spare = (width - 2 * _MARGIN) / scale - across  # left and right of a deep floor
    paper = _Paper(min(xs) - spare / 2, min(ys), scale)
    shining = {(x, y) for _c, x, y in lit}
    aisles: dict[str, dict[Spot, list[str]]] = defaultdict(lambda: defaultdict(list))
    for code, x, y in everything:
        aisles[next(iter(words.bin_parts(code)), code)][x, y].append(code)
    drawn = [_aisle(name, spots, paper=paper, lit=shining) for name, spots in sorted(aisles.items())]
    return FloorPlan(
        width,
        2 * _MARGIN + deep * scale,
        tuple(bay for bays, _name in drawn for bay in bays),
        tuple(name for _bays, name in drawn),
        paper.at((0, 0)),
        len(everything),
    )


def _aisle(
    name: str, spots: Mapping[Spot, Sequence[str]], *, paper: _Paper, lit: Collection[Spot]
) -> tuple[list[Bay], AisleName]:
    """Draw the bays of an aisle along the axis it runs on, its name before the first."""
    upright = _extent(y for _x, y in spots) >= _extent(x for x, _y in spots)
    step = _step({y if upright else x for x, y in spots}) * paper.scale
    long = min(step * _SHARE, _LONGEST) if step else _THICK[1]
    thick = min(max(long * 0.8, _THICK[0]), _THICK[1])
    width, height = (thick, long) if upright else (long, thick)
    bays = []
    for spot, codes in sorted(spots.items()):
        x, y = paper.at(spot)
        bays.append(
            Bay(
                _title(codes),
                _beginning(codes),
                x - width / 2,
                y - height / 2,
                width,
                height,
                spot in lit,
                tuple(codes),
            )
        )
    x, y = paper.at(min(spots, key=lambda spot: (spot[1], spot[0]) if upright else spot))
    text = next(code[: len(name) + 1] for codes in spots.values() for code in codes)
    return bays, AisleName(name, text, *((x, y - long / 2 - 6) if upright else (x - long / 2 - 10, y + 4)))


def _extent(values: Iterator[int]) -> int:
    seen = list(values)
    return max(seen) - min(seen)


def _step(along: Collection[int]) -> int:
    """Give the usual way from one bay to the next: the most frequent, of several the shortest."""
    places = sorted(along)
    steps = Counter(b - a for a, b in pairwise(places))
    return min(steps, key=lambda step: (-steps[step], step)) if steps else 0


def _beginning(codes: Sequence[str]) -> str:
    """Give what the codes of a bay begin with, up to a mark between two parts; a lone code is given whole."""
    if len(codes) == 1:
        return codes[0]
    first, last = min(codes), max(codes)
    same = next((n for n, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))
    while same and first[same - 1] not in _MARKS:
        same -= 1
    return first[:same]


def _title(codes: Sequence[str]) -> str:
    if len(codes) == 1:
        return words.plate(codes[0])
    levels = ngettext("%(n)s bin", "%(n)s bins", len(codes)) % {"n": len(codes)}
    return _("%(bay)s: %(bins)s") % {"bay": words.plate(_beginning(codes)), "bins": levels}
