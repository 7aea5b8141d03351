"""The best bins are found without judging them all, and are those that judging them all would find."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from colisage.inbound.models import RuleKind
from colisage.inbound.rules import shelves as shelving
from colisage.inbound.rules.putaway import DEFAULT, Bin, Goods, Judged, Rule, after, judge, judge_whole
from colisage.inbound.rules.shelves import Shelves, plan

SOME = st.integers(0, 4)
STORES = st.sampled_from(["ambient", "cold"])
RULES = st.one_of(
    st.just(DEFAULT),
    st.lists(st.builds(Rule, st.sampled_from(RuleKind.values), must=st.booleans()), unique_by=lambda r: r.kind),
)
GOODS = st.builds(
    Goods, sku_id=st.integers(1, 4), units=st.integers(1, 6), lot_id=st.none() | st.integers(1, 3), storage=STORES,
    volume_mm3=st.none() | st.sampled_from([0, 1, 7, 300]), grams=st.none() | st.sampled_from([0, 1, 20]),
    speed=st.sampled_from("ABC"), owed=SOME,
)  # fmt: skip
LOTS = st.dictionaries(st.integers(1, 6), st.frozensets(st.none() | st.integers(1, 3), min_size=1), max_size=3)
BINS = st.lists(
    st.builds(
        lambda lots, walk, **facts: Bin(id=0, code="", lots=lots, skus=frozenset(lots), walk=walk, **facts),
        lots=LOTS, walk=SOME, distance_mm=SOME, storage=STORES, cross_dock=st.booleans(),
        frozen=st.sampled_from([False, False, False, True]), unknown=st.sampled_from([0, 0, 1]),
        strangers=st.sampled_from([0, 0, 1]),
        volume_mm3=st.none() | st.integers(0, 2_000), max_grams=st.none() | st.integers(0, 100),
        used_mm3=st.integers(0, 500), used_grams=st.integers(0, 50),
    ),
    max_size=20,
).map(lambda found: [replace(spot, id=n + 1, code=f"B{n + 1}") for n, spot in enumerate(found)])  # fmt: skip


def order(judged: list[Judged]) -> list[Judged]:
    return sorted(judged, key=lambda j: (not j.allowed, j.score, j.bin.walk, j.bin.id))


@settings(max_examples=150)
@given(st.lists(GOODS, max_size=8), BINS, RULES)
def test_each_of_many_gets_the_bins_that_judging_all_of_them_finds(
    goods: list[Goods], bins: list[Bin], rules: list[Rule]
) -> None:
    found, now = plan(goods, Shelves(bins, rules)), {spot.id: spot for spot in bins}
    for one, ranked in zip(goods, found, strict=True):
        all_of_them = order([judge(one, spot, rules) for spot in now.values()])
        assert ranked == all_of_them[: shelving.SHOWN]
        best = all_of_them[0] if all_of_them else None
        if best and best.allowed and best.fits:
            now[best.bin.id] = after(best.bin, one, min(one.units, best.fits))


@settings(max_examples=150)
@given(st.lists(GOODS, min_size=1, max_size=3), BINS, RULES)
def test_goods_that_stay_together_get_the_bins_that_judging_all_of_them_finds(
    load: list[Goods], bins: list[Bin], rules: list[Rule]
) -> None:
    all_of_them = order([judge_whole(load, spot, rules) for spot in bins])
    assert Shelves(bins, rules).best_whole(load) == all_of_them[: shelving.SHOWN]


@given(GOODS, BINS, RULES, st.integers(1, 30))
def test_one_bin_more_is_judged_when_asked(goods: Goods, bins: list[Bin], rules: list[Rule], also: int) -> None:
    found = Shelves(bins, rules).best(goods, also=also, most=2)
    there = [judge(goods, spot, rules) for spot in bins if spot.id == also]
    assert [one for one in found if one.bin.id == also] == there
    assert len(found) <= 3


def test_of_thousands_of_bins_a_handful_is_judged(monkeypatch: object) -> None:
    judged = []

    def counted(goods: Goods, spot: Bin, rules: list[Rule]) -> Judged:
        judged.append(spot.id)
        return judge(goods, spot, rules)

    bins = [
        Bin(
            id=n, code=f"B{n}", walk=n, distance_mm=n * 7 % 5_000, volume_mm3=10**6, used_mm3=n * 6_151 % 10**6,
            max_grams=10**5, used_grams=n * 617 % 10**5, strangers=n % 20,
        )
        for n in range(1, 5_001)
    ]  # fmt: skip
    monkeypatch.setattr(shelving, "judge", counted)  # type: ignore[attr-defined]
    goods = [Goods(sku_id=n, units=10, volume_mm3=n * 900, grams=100, speed="ABC"[n % 3]) for n in range(1, 101)]
    found = plan(goods, Shelves(bins, DEFAULT))
    assert all(ranked[0].allowed for ranked in found)
    assert len(judged) < 100 * 100
