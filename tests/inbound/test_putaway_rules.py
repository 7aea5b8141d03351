"""Which bin for which goods: the pure rules."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colisage.inbound.rules.putaway import DEFAULT, Bin, Goods, Rule, after, judge, room
from colisage.inbound.rules.shelves import Shelves, plan

MUGS = Goods(sku_id=1, units=10, volume_mm3=1_000, grams=100)
NEAR_BIN = Bin(id=1, code="A", walk=1, distance_mm=1_000)
FAR_BIN = Bin(id=2, code="B", walk=2, distance_mm=9_000)
BINS = [NEAR_BIN, FAR_BIN]


def order(goods: Goods, bins: list[Bin], *rules: Rule) -> str:
    return "".join(j.bin.code for j in Shelves(bins, rules or DEFAULT).best(goods))


def test_a_sku_is_kept_together() -> None:
    assert order(MUGS, [NEAR_BIN, replace(FAR_BIN, skus=frozenset({1}))]) == "BA"


def test_a_lot_comes_before_its_sku() -> None:
    known = replace(NEAR_BIN, skus=frozenset({1}), lots={1: frozenset({8})})
    same = replace(FAR_BIN, skus=frozenset({1}), lots={1: frozenset({7})})
    assert order(replace(MUGS, lot_id=7), [known, same]) == "BA"


def test_what_is_picked_often_lies_near_the_bench_and_the_rest_leaves_it_room() -> None:
    assert order(replace(MUGS, speed="A"), BINS) == "AB"
    assert order(replace(MUGS, speed="C"), BINS) == "BA"
    assert order(replace(MUGS, speed="B"), BINS) == "AB"


def test_what_people_wait_for_goes_to_the_bins_that_go_first_and_nothing_else_does() -> None:
    first = replace(FAR_BIN, cross_dock=True)
    assert order(replace(MUGS, owed=3), [NEAR_BIN, first]) == "BA"
    assert order(MUGS, [NEAR_BIN, first]) == "AB"


@pytest.mark.parametrize(
    ("spot", "code"),
    [
        (replace(NEAR_BIN, storage="cold"), "wrong_storage"),
        (replace(NEAR_BIN, volume_mm3=500), "full"),
        (replace(NEAR_BIN, max_grams=50), "full"),
        (replace(NEAR_BIN, volume_mm3=20_000, used_mm3=20_000), "full"),
        (replace(NEAR_BIN, frozen=True), "frozen"),
    ],
)
def test_nobody_overrides_what_cannot_be(spot: Bin, code: str) -> None:
    verdict = judge(MUGS, spot, DEFAULT)
    assert verdict.hard is not None
    assert verdict.hard.code == code
    assert order(MUGS, [spot, FAR_BIN])[0] == "B"


def test_a_bin_with_room_for_some_is_said_to_have_it() -> None:
    verdict = judge(MUGS, replace(NEAR_BIN, volume_mm3=4_500), DEFAULT)
    assert (verdict.allowed, verdict.fits) == (True, 4)
    assert order(MUGS, [replace(NEAR_BIN, volume_mm3=4_500), FAR_BIN])[0] == "B"


def test_unknown_sizes_are_said_and_allowed() -> None:
    spot = replace(NEAR_BIN, volume_mm3=10, max_grams=10)
    assert room(replace(MUGS, volume_mm3=None, grams=None), spot) == (10, False)
    verdict = judge(replace(MUGS, volume_mm3=None, grams=None), spot, DEFAULT)
    assert verdict.allowed
    assert "size_unknown" in {note.code for note in verdict.notes}


def test_a_must_refuses_and_a_wish_ranks() -> None:
    mixed = replace(NEAR_BIN, skus=frozenset({2}))
    assert judge(MUGS, mixed, [Rule("alone")]).allowed
    refused = judge(MUGS, mixed, [Rule("alone", must=True)])
    assert (refused.allowed, refused.hard) == (False, None)


def test_each_of_many_sees_what_the_ones_before_took() -> None:
    small = [replace(spot, volume_mm3=10_000) for spot in BINS]
    rules = [Rule("storage", must=True), Rule("capacity", must=True), Rule("near")]
    found = plan([MUGS, replace(MUGS, sku_id=2), replace(MUGS, sku_id=3)], Shelves(small, rules))
    assert [ranked[0].bin.code for ranked in found[:2]] == ["A", "B"]
    assert not found[2][0].allowed


@given(st.integers(1, 1000), st.integers(1, 10**6), st.integers(1, 10**5), st.integers(0, 10**9), st.integers(0, 10**6))
def test_what_is_suggested_never_exceeds_the_bin(units: int, mm3: int, grams: int, volume: int, weight: int) -> None:
    goods = Goods(sku_id=1, units=units, volume_mm3=mm3, grams=grams)
    spot = Bin(id=1, code="A", volume_mm3=volume, max_grams=weight)
    fits, certain = room(goods, spot)
    filled = after(spot, goods, fits)
    assert certain
    assert 0 <= fits <= units
    assert filled.used_mm3 <= volume
    assert filled.used_grams <= weight


def test_who_is_picked_seldom_is_told_why_so_far_unless_its_sku_lies_there() -> None:
    notes = [note.code for note in judge(MUGS, FAR_BIN, DEFAULT).notes if note.good]
    assert notes == ["slow"]
    there = judge(MUGS, replace(FAR_BIN, skus=frozenset({1})), DEFAULT)
    assert [note.code for note in there.notes if note.good] == ["same_sku"]
    assert "slow" not in {note.code for note in judge(replace(MUGS, speed="B"), FAR_BIN, DEFAULT).notes}
