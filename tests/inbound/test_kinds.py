"""The bins looked at are a few of the best kinds, and hold what judging every bin of the house would find."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from math import inf

from hypothesis import given, settings
from hypothesis import strategies as st

from colisage.inbound.rules.kinds import FAR, NEARBY, UNLIMITED, Kind, Kinds, Wanted
from colisage.inbound.rules.putaway import DEFAULT, Bin, Goods, Judged, Rule, after, judge, judge_whole
from colisage.inbound.rules.shelves import SHOWN, Shelves, plan
from tests.inbound.test_shelves import BINS, GOODS, RULES, order


def size(limit: int | None, used: int) -> int:
    free = None if limit is None else max(0, limit - used)
    return UNLIMITED if free is None else (free.bit_length() + 1) // 2


def house(bins: Sequence[Bin]) -> dict[Kind, list[Bin]]:
    """Sort bins into kinds, without a look at who lies in them."""
    found = defaultdict(list)
    for spot in bins:
        skus = len(spot.skus) + spot.strangers
        room = size(spot.volume_mm3, spot.used_mm3), size(spot.max_grams, spot.used_grams)
        found[spot.storage, spot.cross_dock, skus, *room].append(spot)
    return {Kind(*kind, bins=len(alike)): alike for kind, alike in found.items()}  # type: ignore[arg-type]


def looked_at(one: Wanted, alike: Sequence[Bin]) -> list[Bin]:
    """Give the bins of a kind that are read."""
    ways = {NEARBY: lambda b: (b.distance_mm, b.walk, b.id), FAR: lambda b: (-b.distance_mm, b.walk, b.id)}
    roomy = [
        spot
        for spot in sorted(alike, key=ways.get(one.way, lambda b: (b.walk, b.id)))
        if (inf if spot.volume_mm3 is None else max(0, spot.volume_mm3 - spot.used_mm3)) >= one.mm3
        and (inf if spot.max_grams is None else max(0, spot.max_grams - spot.used_grams)) >= one.grams
    ]
    return roomy[: one.most]


def shelves(bins: Sequence[Bin], rules: Sequence[Rule], loads: Sequence[Sequence[Goods]], *, whole: bool) -> Shelves:
    """Give the bins that are looked at for loads, as a screen does."""
    kinds = house(bins)
    most = SHOWN + len(loads) + sum(spot.frozen for spot in bins)
    seen = {spot.id for load in loads for spot in bins if spot.skus & {goods.sku_id for goods in load}}
    looked = Kinds(kinds, rules)
    for load in loads:
        for one in looked.wanted(load, whole=whole, most=most):
            seen |= {spot.id for spot in looked_at(one, kinds[one.kind])}
    return Shelves([spot for spot in bins if spot.id in seen], rules)


def same(found: Sequence[Judged], all_of_them: Sequence[Judged]) -> bool:
    """Say whether the bins that may be used are the same; those that may not only show why."""
    allowed = [one for one in all_of_them if one.allowed][:SHOWN]
    shown = min(SHOWN, len(all_of_them))
    return [one for one in found if one.allowed] == allowed and (len(found) >= shown or bool(allowed))


def distinct(bins: Sequence[Bin]) -> list[Bin]:
    """Give bins one after the other along the walk, as houses have them."""
    return [replace(spot, walk=spot.walk * 100 + spot.id) for spot in bins]


MANY = st.lists(BINS, min_size=1, max_size=4).map(
    lambda each: [replace(spot, id=n + 1, code=f"B{n + 1}") for n, spot in enumerate(b for bins in each for b in bins)]
)


@settings(max_examples=100, deadline=None)
@given(st.lists(GOODS, max_size=5), MANY, RULES)
def test_a_few_bins_of_each_kind_are_as_good_as_all(goods: list[Goods], bins: list[Bin], rules: list[Rule]) -> None:
    bins = distinct(bins)
    few = shelves(bins, rules, [[one] for one in goods], whole=False)
    now = {spot.id: spot for spot in bins}
    for one, found in zip(goods, plan(goods, few), strict=True):
        all_of_them = order([judge(one, spot, rules) for spot in now.values()])
        assert same(found, all_of_them)
        best = all_of_them[0] if all_of_them else None
        if best and best.allowed and best.fits:
            now[best.bin.id] = after(best.bin, one, min(one.units, best.fits))


@settings(max_examples=100, deadline=None)
@given(st.lists(GOODS, min_size=1, max_size=3), MANY, RULES)
def test_a_load_that_stays_together_finds_what_judging_all_bins_would(
    load: list[Goods], bins: list[Bin], rules: list[Rule]
) -> None:
    bins = distinct(bins)
    few = shelves(bins, rules, [load], whole=True)
    assert same(few.best_whole(load), order([judge_whole(load, spot, rules) for spot in bins]))


def test_of_thousands_of_bins_a_handful_is_looked_at() -> None:
    bins = [
        Bin(
            id=n, code=f"B{n}", walk=n, distance_mm=n * 7 % 5_000, volume_mm3=10**6, used_mm3=n * 6_151 % 10**6,
            max_grams=10**5, used_grams=n * 617 % 10**5, strangers=n % 20,
        )
        for n in range(1, 20_001)
    ]  # fmt: skip
    kinds = house(bins)
    asked = Kinds(kinds, DEFAULT).wanted([Goods(sku_id=1, units=10, volume_mm3=900, grams=100)], whole=False, most=10)
    assert sum(min(one.most, len(kinds[one.kind])) for one in asked) < 200
