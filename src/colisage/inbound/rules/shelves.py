"""The bins of a node, sorted so that the best for some goods are found without judging them all: pure.

The rules order all bins. Most differ in nothing the rules look at but where they are and how much room is left: those
make a group, kept in the order of where they are. The groups are walked together, the best first, and the walk ends
when no bin further on can be better than those found. What is found is what judging every bin would find.
"""

from bisect import insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import merge
from math import inf
from typing import Final

from colisage.inbound.rules.putaway import (
    CAPACITY,
    FAST_NEAR,
    HAZARDOUS,
    NEAR,
    Bin,
    Goods,
    Judged,
    Rule,
    after,
    judge,
    judge_whole,
)  # fmt: skip

SHOWN: Final = 6  # bins a person is shown, with their reasons
Key = tuple[bool, tuple[float, ...], int, int]
Kind = tuple[str, bool, bool, int, int, int]
Entry = tuple[tuple[int, ...], Bin]


def key_of(judged: Judged) -> Key:
    """Give what bins are sorted by: those that may be used first, the best of them first."""
    return (not judged.allowed, judged.score, judged.bin.walk, judged.bin.id)


@dataclass(slots=True)
class _Group:
    """Bins that rules tell apart only by where they are and how much room they have: `mm3` and `grams` at most."""

    sorted: list[Entry] = field(default_factory=list)
    mm3: float = 0
    grams: float = 0


class Shelves:
    """The bins of a node as goods fill them, under its rules."""

    def __init__(self, bins: Iterable[Bin], rules: Sequence[Rule]) -> None:
        self.rules = tuple(rules)
        self._now: dict[int, Bin] = {}
        self._holding: defaultdict[int, set[int]] = defaultdict(set)
        self._judged: dict[object, dict[tuple[object, ...], Judged]] = {}  # by what the rules tell goods apart by
        self._groups: dict[int, dict[Kind, _Group]] = {}  # by whether the near, the far or neither comes first
        for spot in bins:
            self._now[spot.id] = spot
            for sku in spot.skus:
                self._holding[sku].add(spot.id)
        self.hazardous = any(spot.storage == HAZARDOUS for spot in self._now.values())

    def best(self, goods: Goods, *, also: int | None = None, most: int = SHOWN) -> list[Judged]:
        """Give the best bins for goods that may be shared out, the best first; and `also` that one, if it is here."""
        return self._found([goods], lambda spot: judge(goods, spot, self.rules), whole=False, also=also, most=most)

    def best_whole(self, load: Sequence[Goods], *, most: int = SHOWN) -> list[Judged]:
        """Give the best bins for goods that stay together, the best first."""
        return self._found(load, lambda spot: judge_whole(load, spot, self.rules), whole=True, also=None, most=most)

    def fill(self, place_id: int, goods: Goods, *, units: int) -> None:
        """Put units into a bin: those who come later find it so."""
        old = self._now[place_id]
        spot = self._now[place_id] = after(old, goods, units)
        self._holding[goods.sku_id].add(place_id)
        for direction, groups in self._groups.items():
            _put(groups, (self._where(spot, direction), spot))

    def _found(
        self,
        load: Sequence[Goods],
        judged: Callable[[Bin], Judged],
        *,
        whole: bool,
        also: int | None,
        most: int,
    ) -> list[Judged]:
        mine = {pk for goods in load for pk in self._holding.get(goods.sku_id, ())}
        found = sorted((judged(self._now[pk]) for pk in mine), key=key_of)
        beside = [one for one in found if one.bin.id == also]
        del found[most:]
        weight = sum({"A": 1, "C": -1}.get(goods.speed, 0) for goods in load)
        alike = tuple((g.storage, g.owed > 0, g.speed, (g.sku_id, g.lot_id) if whole else ()) for g in load)
        known = self._judged.setdefault((alike, whole), {})
        bounds = _Bounds(self.rules, load, judged, weight=weight, whole=whole, known=known)
        groups = self._sorted((weight > 0) - (weight < 0))
        for bound, spot in merge(*(self._walked(kind, group, bounds, mine) for kind, group in groups.items())):
            last = key_of(found[-1]) if len(found) == most else None
            if last is not None and bound > last:
                break
            if last is None or bounds.of(spot) < last:
                insort(found, judged(spot), key=key_of)
                del found[most:]
        if also in self._now and also not in {one.bin.id for one in found}:
            found += beside or [judged(self._now[also])]
        return found

    def _walked(self, kind: Kind, group: _Group, bounds: "_Bounds", mine: set[int]) -> Iterator[tuple[Key, Bin]]:
        """Give the bins of a group that hold none of the goods, with the best each could be, were it the emptiest."""
        bound = None
        for _where, spot in group.sorted:
            if self._now[spot.id] is spot and spot.id not in mine:  # filled, it stands in another group as it is now
                bound = bound or bounds.least(kind, spot, mm3=group.mm3, grams=group.grams)
                yield bound(spot), spot

    def _sorted(self, direction: int) -> dict[Kind, _Group]:
        if direction not in self._groups:
            groups: dict[Kind, _Group] = {}
            entries = [(self._where(spot, direction), spot) for spot in self._now.values()]
            for entry in sorted(entries, key=_first):
                _put(groups, entry)
            self._groups[direction] = groups
        return self._groups[direction]

    def _where(self, spot: Bin, direction: int) -> tuple[int, ...]:
        told = {FAST_NEAR: direction * spot.distance_mm, NEAR: spot.walk}
        return (*(told[rule.kind] for rule in self.rules if rule.kind in told), spot.walk, spot.id)


def _first(entry: Entry) -> tuple[int, ...]:
    return entry[0]


def _put(groups: dict[Kind, _Group], entry: Entry) -> None:
    mm3, grams = _free(entry[1])
    group = groups.setdefault(_kind(entry[1], mm3=mm3, grams=grams), _Group())
    group.mm3, group.grams = max(group.mm3, mm3), max(group.grams, grams)
    if not group.sorted or _first(group.sorted[-1]) < entry[0]:
        group.sorted.append(entry)
    else:
        insort(group.sorted, entry, key=_first)


def _kind(spot: Bin, *, mm3: float, grams: float) -> Kind:
    """Give what the rules look at, for goods whose SKU does not lie there; rooms of a kind are alike."""
    others = len(spot.skus) + spot.strangers
    return (spot.storage, spot.cross_dock, spot.frozen, others, _size(mm3), _size(grams))


def _size(free: float) -> int:
    return -1 if free == inf else int(free).bit_length() // 3


def _free(spot: Bin) -> tuple[float, float]:
    mm3 = inf if spot.volume_mm3 is None else max(0, spot.volume_mm3 - spot.used_mm3)
    return mm3, inf if spot.max_grams is None else max(0, spot.max_grams - spot.used_grams)


class _Bounds:
    """How good bins can be for goods: judged as one of their kind, with the room they have."""

    def __init__(
        self,
        rules: Sequence[Rule],
        load: Sequence[Goods],
        judged: Callable[[Bin], Judged],
        *,
        weight: int,
        whole: bool,
        known: dict[tuple[object, ...], Judged],
    ) -> None:
        at = {rule.kind: n for n, rule in enumerate(rules)}
        self._capacity, self._distance, self._near = at.get(CAPACITY), at.get(FAST_NEAR), at.get(NEAR)
        self._load, self._judged, self._weight, self._whole = load, judged, weight, whole
        self._known = known

    def of(self, spot: Bin) -> Key:
        """Give the best a bin can be, with its own room."""
        mm3, grams = _free(spot)
        return self.least(_kind(spot, mm3=mm3, grams=grams), spot, mm3=mm3, grams=grams)(spot)

    def least(self, kind: Kind, spot: Bin, *, mm3: float, grams: float) -> Callable[[Bin], Key]:
        """Say how good bins of a kind can be, by where they are."""
        one = self._known.get(kind[:4])
        if one is None:
            one = self._known[kind[:4]] = self._judged(spot)
        score = list(one.score)
        room, full = self._room(mm3, grams)
        if self._capacity is not None:
            score[self._capacity] = room
        refused = (self._capacity is not None and full) or any(note.code != "full" for note in one.refusals)

        def bound(spot: Bin) -> Key:
            if self._distance is not None:
                score[self._distance] = self._weight * spot.distance_mm
            if self._near is not None:
                score[self._near] = len(self._load) * spot.walk
            return (refused, tuple(score), spot.walk, spot.id)

        return bound

    def _room(self, mm3: float, grams: float) -> tuple[int, bool]:
        """Give the least that the rule on room can say, and whether it refuses."""
        classes = []
        for goods in self._load:
            fits: float = goods.units
            for size, free in ((goods.volume_mm3, mm3), (goods.grams, grams)):
                if size:
                    fits = min(fits, free // size)
            classes.append(0 if fits >= goods.units else 1 if fits else 2)
        return sum(classes), any(classes) if self._whole else 2 in classes


def plan(
    goods: Sequence[Goods], shelves: Shelves, *, also: Sequence[int | None] = (), most: int = SHOWN
) -> list[list[Judged]]:
    """Give each of many goods its best bins, so many; each sees the bins as the ones before will leave them.

    `also` names for each one bin more that shall be judged, such as the one it came from.
    """
    found = []
    for n, one in enumerate(goods):
        ranked = shelves.best(one, also=also[n] if also else None, most=most)
        found.append(ranked)
        if ranked and ranked[0].allowed and ranked[0].fits:
            best = ranked[0]
            shelves.fill(best.bin.id, one, units=min(one.units, best.fits))
    return found
