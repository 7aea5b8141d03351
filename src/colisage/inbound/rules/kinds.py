"""Which kinds of bins have to be looked at to find the best for some goods: pure.

Bins that do not hold the goods differ, for the rules, in five things besides where they are: the storage type, whether
goods go first there, how many SKUs lie there, and the room left in volume and weight. Bins alike in all five are of one
kind; of the room only the size is told, each four times the one below. Of a kind the first along the way are the best,
so a few of each of the best kinds are enough, however many bins the node has.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import inf
from operator import itemgetter
from typing import Final

from colisage.inbound.rules.putaway import CAPACITY, FAST_NEAR, HAZARDOUS, NEAR, Bin, Goods, Rule, judge, judge_whole
from colisage.inbound.rules.shelves import SHOWN

FAR, ALONG, NEARBY = -1, 0, 1
UNLIMITED: Final = 99


@dataclass(frozen=True, slots=True)
class Kind:
    """Bins that rules tell apart only by where they are: `skus` lie in each, `bins` are so many, or more.

    `mm3` and `grams` are the sizes of the room left: 0 none, n below the nth power of four and not below the one
    before, `UNLIMITED` where no limit is known.
    """

    storage: str
    cross_dock: bool
    skus: int
    mm3: int
    grams: int
    bins: int

    @property
    def like(self) -> tuple[str, bool, int, int, int]:
        """Give what bins of the kind have in common."""
        return self.storage, self.cross_dock, self.skus, self.mm3, self.grams


@dataclass(frozen=True, slots=True)
class Wanted:
    """The first `most` bins of a kind that have so much room, by `way`.

    That is the nearest to the bench, the farthest from it, or along the walk.
    """

    kind: Kind
    way: int
    mm3: float
    grams: float
    most: int


@dataclass(frozen=True, slots=True)
class _Room:
    """Room that lets units in: bins with `mm3` and `grams` may do, those with `more` besides are certain to."""

    mm3: float
    grams: float
    more: int = 0

    def may_be(self, kind: Kind) -> bool:
        return _most(kind.mm3) >= self.mm3 and _most(kind.grams) >= self.grams

    def is_certain(self, kind: Kind) -> bool:
        return _least(kind.mm3) >= self.mm3 + self.more and _least(kind.grams) >= self.grams + self.more


Prefix = tuple[bool, tuple[float, ...]]
Level = tuple[Prefix, list[tuple[Kind, int]]]


class Kinds:
    """The kinds of bins of a node, as goods that look for a bin see them under its rules."""

    def __init__(self, kinds: Iterable[Kind], rules: Sequence[Rule]) -> None:
        self.kinds, self.rules = tuple(kinds), tuple(rules)
        self.hazardous = any(kind.storage == HAZARDOUS for kind in self.kinds)
        self._capacity = next((n for n, rule in enumerate(self.rules) if rule.kind == CAPACITY), None)
        self._known: dict[object, list[Level]] = {}

    def wanted(self, load: Sequence[Goods], *, whole: bool, most: int) -> list[Wanted]:
        """Give which bins to look at for goods, so that the first `most` that are allowed are among them.

        Goods of a load that is `whole` stay together. Bins that hold one of them are looked at besides.
        """
        way, end = self._way(load)
        rooms = [_Room(0, 0)] if self._capacity is None else _rooms(load, whole=whole)
        sizes: dict[tuple[int, int], dict[int, bool]] = {}
        found, sure = [], 0
        for (refused, _score), level in self._levels(load, whole=whole, end=end, rooms=len(rooms)):
            if sure >= (SHOWN if refused else most):
                break
            for kind, worse in level:
                size = (kind.mm3, kind.grams)
                if size not in sizes:
                    sizes[size] = dict(_let_in(rooms, kind))
                certain = sizes[size].get(worse)
                if certain is not None:
                    room = rooms[worse]
                    found.append(Wanted(kind, way, room.mm3, room.grams, SHOWN if refused else most))
                    sure += min(kind.bins, most) if certain else 0
        return found

    def _way(self, load: Sequence[Goods]) -> tuple[int, int]:
        """Give which way along bins is the better, and how many rules come before that matters."""
        weight = sum({"A": 1, "C": -1}.get(goods.speed, 0) for goods in load)
        for n, rule in enumerate(self.rules):
            if rule.kind == NEAR or (rule.kind == FAST_NEAR and weight):
                return (ALONG if rule.kind == NEAR else NEARBY if weight > 0 else FAR), n
        return ALONG, len(self.rules)

    def _levels(self, load: Sequence[Goods], *, whole: bool, end: int, rooms: int) -> list[Level]:
        """Give the kinds, each with each room its bins may have, by how good they are before it matters where they are.

        Goods that the rules cannot tell apart but by their sizes share the answer.
        """
        alike = tuple((g.storage, g.owed > 0, g.speed, (g.sku_id, g.lot_id) if whole else ()) for g in load)
        if (alike, whole) not in self._known:
            judged: dict[tuple[str, bool, int], tuple[Prefix, ...]] = {}
            levels: defaultdict[Prefix, list[tuple[Kind, int]]] = defaultdict(list)
            for kind in self.kinds:
                if kind.like[:3] not in judged:
                    judged[kind.like[:3]] = self._judged(load, kind, whole=whole, end=end, rooms=rooms)
                for worse, prefix in enumerate(judged[kind.like[:3]]):
                    levels[prefix].append((kind, worse))
            self._known[alike, whole] = sorted(levels.items(), key=itemgetter(0))
        return self._known[alike, whole]

    def _judged(self, load: Sequence[Goods], kind: Kind, *, whole: bool, end: int, rooms: int) -> tuple[Prefix, ...]:
        """Judge bins of a kind, with room for everything and with each room below that."""
        spot = Bin(id=0, code="", storage=kind.storage, cross_dock=kind.cross_dock, strangers=kind.skus)
        one = judge_whole(load, spot, self.rules) if whole else judge(load[0], spot, self.rules)
        score, found = list(one.score), []
        for worse in range(rooms):
            if self._capacity is not None:
                score[self._capacity] = worse
            full = worse > 0 and worse == rooms - 1
            found.append((full or not one.allowed, tuple(score[:end])))
        return tuple(found)


def _let_in(rooms: Sequence[_Room], kind: Kind) -> Iterator[tuple[int, bool]]:
    """Give the rooms that bins of a kind may have, by their place, and whether all of them have it."""
    for worse, room in enumerate(rooms):
        if room.may_be(kind):
            certain = room.is_certain(kind)
            yield worse, certain
            if certain:
                return


def _rooms(load: Sequence[Goods], *, whole: bool) -> list[_Room]:
    """Give the rooms that make a difference, the best first; the last is that of a bin which is full."""
    mm3 = [(goods.volume_mm3, goods.units) for goods in load]
    grams = [(goods.grams, goods.units) for goods in load]
    unknown = whole and any(size is None for size, _units in (*mm3, *grams))
    rooms = [_Room(_taken(mm3), _taken(grams), more=int(unknown))]
    if not whole:
        rooms.append(_Room(_taken([(mm3[0][0], 1)]), _taken([(grams[0][0], 1)])))
    return [*rooms, _Room(0, 0)]


def _taken(sizes: Sequence[tuple[int | None, int]]) -> int:
    """Sum the room that units take; those whose size is not known need some room, however little."""
    return max(sum((size or 0) * units for size, units in sizes), int(any(size is None for size, _units in sizes)))


def _least(size: int) -> float:
    return inf if size == UNLIMITED else 4 ** (size - 1) if size else 0


def _most(size: int) -> float:
    return inf if size == UNLIMITED else 4**size - 1
