"""Which kinds of bins have to be looked at to find the best for some goods: pure.

Bins that do not hold the goods differ, for the rules, in five things besides where they are: the storage type, whether
goods go first there, how many SKUs lie there, and the room left in volume and weight. Bins alike in all five are of one
kind; of the room only the size is told, each four times the one below. Of a kind the first along the way are the best,
so a few of each of the best kinds are enough, however many bins the node has.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import inf
from typing import Final

from colisage.inbound.rules.putaway import CAPACITY, FAST_NEAR, NEAR, Bin, Goods, Rule, judge, judge_whole
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


def wanted(
    load: Sequence[Goods], kinds: Sequence[Kind], rules: Sequence[Rule], *, whole: bool, most: int
) -> list[Wanted]:
    """Give which bins to look at for goods, so that the first `most` that are allowed are among them.

    Goods of a load that is `whole` stay together. Bins that hold one of them are looked at besides.
    """
    weight = sum({"A": 1, "C": -1}.get(goods.speed, 0) for goods in load)
    way, end = _way(rules, direction=(weight > 0) - (weight < 0))
    rooms = _rooms(load, whole=whole) if any(rule.kind == CAPACITY for rule in rules) else [_Room(0, 0)]
    entries = sorted(_entries(load, kinds, rules, rooms=rooms, end=end, whole=whole), key=lambda entry: entry[0])
    found, certain = [], 0
    for (refused, _score), level in groupby(entries, key=lambda entry: entry[0]):
        if certain >= (SHOWN if refused else most):
            break
        for _key, kind, room in level:
            found.append(Wanted(kind, way, room.mm3, room.grams, SHOWN if refused else most))
            certain += min(kind.bins, most) if room.is_certain(kind) else 0
    return found


Prefix = tuple[bool, tuple[float, ...]]


def _entries(
    load: Sequence[Goods],
    kinds: Sequence[Kind],
    rules: Sequence[Rule],
    *,
    rooms: Sequence[_Room],
    end: int,
    whole: bool,
) -> Iterator[tuple[Prefix, Kind, _Room]]:
    """Give each kind with each room that its bins may have, and how good they are before it matters where they are."""
    at = next((n for n, rule in enumerate(rules) if rule.kind == CAPACITY), None)
    known: dict[tuple[str, bool, int], tuple[bool, list[float]]] = {}
    for kind in kinds:
        like = (kind.storage, kind.cross_dock, kind.skus)
        if like not in known:
            known[like] = _judged(load, kind, rules, whole=whole)
        refused, score = known[like]
        for worse, room in enumerate(rooms):
            if not room.may_be(kind):
                continue
            if at is not None:
                score[at] = worse
            yield (
                (refused or (at is not None and worse > 0 and worse == len(rooms) - 1), tuple(score[:end])),
                kind,
                room,
            )
            if room.is_certain(kind):
                break


def _judged(load: Sequence[Goods], kind: Kind, rules: Sequence[Rule], *, whole: bool) -> tuple[bool, list[float]]:
    """Judge a bin of a kind with room for everything."""
    spot = Bin(id=0, code="", storage=kind.storage, cross_dock=kind.cross_dock, strangers=kind.skus)
    one = judge_whole(load, spot, rules) if whole else judge(load[0], spot, rules)
    return not one.allowed, list(one.score)


def _way(rules: Sequence[Rule], *, direction: int) -> tuple[int, int]:
    """Give which way along bins is the better, and how many rules come before that matters."""
    for n, rule in enumerate(rules):
        if rule.kind == NEAR or (rule.kind == FAST_NEAR and direction):
            return (ALONG if rule.kind == NEAR else direction), n
    return ALONG, len(rules)


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
