"""What a count comes to, decided by pure rules: laws that hold for any bin."""

from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from colisage.inventory.rules.counting import (
    BinFacts,
    Judged,
    Limits,
    Sort,
    abc_classes,
    compare,
    draw,
    due_by_abc,
    due_by_risk,
    needs_approval,
    same_person,
    settle,
    verdict,
)

law = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])  # on busy machines too
SORTS = st.builds(
    Sort, st.integers(1, 2), st.integers(1, 3), st.sampled_from([None, 7]), st.sampled_from(["sellable", "damaged"]),
    st.sampled_from([None, 4, 5]),
)  # fmt: skip
BOOKS = st.dictionaries(SORTS, st.integers(1, 30), max_size=8)
NOTED = st.dictionaries(
    st.builds(Sort, st.integers(1, 2), st.integers(1, 3), st.sampled_from([None, 7]), st.just("sellable")),
    st.integers(1, 30),
    max_size=6,
)
DIFFERENCES = st.dictionaries(SORTS, st.integers(-20, 20).filter(bool), max_size=8)
CELLS = st.lists(
    st.tuples(st.integers(0, 20), st.integers(0, 20)).map(lambda pair: (max(pair), min(pair))), max_size=6
).map(lambda pairs: [(n, there, bound) for n, (there, bound) in enumerate(pairs)])


@law
@given(BOOKS, NOTED)
def test_a_comparison_loses_no_unit_of_either_side(book: dict[Sort, int], noted: dict[Sort, int]) -> None:
    found = compare(book, noted=noted)
    assert sum(one.expected for one in found.values()) == sum(book.values())
    assert sum(one.counted for one in found.values()) == sum(noted.values())
    assert all(one.expected == book.get(sort, 0) for sort, one in found.items())


@law
@given(BOOKS)
def test_a_bin_counted_as_the_books_say_has_no_difference_whoever_owns_what(book: dict[Sort, int]) -> None:
    noted = Counter[Sort]()
    for sort, units in book.items():
        noted[Sort(sort.merchant_id, sort.sku_id, sort.lot_id, sort.condition)] += units
    assert all(one.difference == 0 for one in compare(book, noted=noted).values())


@law
@given(DIFFERENCES)
def test_settling_makes_every_difference_good_and_loses_only_what_is_nowhere(differences: dict[Sort, int]) -> None:
    made = Counter[Sort | None]()
    for source, target, units in settle(differences):
        assert units > 0
        assert source != target
        made[source] -= units
        made[target] += units
    assert {sort: made[sort] for sort in differences} == differences
    for sort in differences:  # nothing is both lost and found of what differs in its condition only
        kin = [s for s in differences if (s.sku_id, s.merchant_id, s.lot_id, s.owner_id)
               == (sort.sku_id, sort.merchant_id, sort.lot_id, sort.owner_id)]  # fmt: skip
        outside = [(s, t) for s, t, _ in settle(differences) if (s in kin or t in kin) and None in (s, t)]
        assert len({s is None for s, t in outside}) <= 1


@law
@given(CELLS, st.integers(0, 80))
def test_units_are_drawn_from_what_is_free_before_what_is_bound(cells: list[tuple[int, int, int]], units: int) -> None:
    taken = dict(draw(cells, units=units))
    assert sum(taken.values()) == min(units, sum(there for _, there, _ in cells))
    assert all(taken.get(cell, 0) <= there for cell, there, _ in cells)
    if any(taken.get(cell, 0) > there - bound for cell, there, bound in cells):
        assert all(taken.get(cell, 0) >= there - bound for cell, there, bound in cells)


@law
@given(st.lists(st.builds(Judged, st.integers(1, 3), st.integers(-9, 9), st.integers(0, 900)), max_size=6))
def test_what_is_missing_never_makes_up_for_what_is_too_many(found: list[Judged]) -> None:
    limits = dict.fromkeys((1, 2, 3), Limits(tolerance=3, units=10, cents=2_000))
    turned = [Judged(one.merchant_id, -one.difference, one.unit_cents) for one in found]
    assert needs_approval(found, limits=limits) == needs_approval(turned, limits=limits)
    right = [Judged(one.merchant_id, 0, one.unit_cents) for one in found]
    assert not needs_approval(right, limits=limits)


def decided(difference: int, *, before: int | None, strays: bool = False, **limits: int) -> str:
    sort = Sort(1, 1, None, "sellable")
    return verdict(
        [Judged(1, difference, 100)],
        limits={1: Limits(**limits)},
        counted={sort: 20 + difference},
        before=None if before is None else {sort: 20 + before},
        strays=strays,
    )


def test_the_verdict_on_a_count() -> None:
    assert decided(0, before=None) == "approved"
    assert decided(-1, before=None) == "recount"
    assert decided(-1, before=None, tolerance=1) == "approved"
    assert decided(-1, before=None, tolerance=1, cents=99) == "counted"
    assert decided(-1, before=-1) == "approved"
    assert decided(-1, before=-2) == "counted"
    assert decided(0, before=-2) == "approved"
    assert decided(-11, before=-11) == "counted"
    assert decided(0, before=None, strays=True) == "counted"


def test_a_person_is_known_by_number_and_a_machine_by_name() -> None:
    assert same_person((1, "Ada"), other=(1, "Ada Morel"))
    assert not same_person((1, "Ada"), other=(2, "Ada"))
    assert not same_person((1, "Ada"), other=(None, "Ada"))
    assert same_person((None, "gate"), other=(None, "gate"))


@law
@given(st.dictionaries(st.integers(1, 60), st.integers(0, 1_000)))
def test_classes_follow_the_picks(picks: dict[int, int]) -> None:
    classes = abc_classes(picks)
    assert classes.keys() == picks.keys()
    ranked = sorted(picks, key=lambda sku: (-picks[sku], sku))
    assert [classes[sku] for sku in ranked] == sorted(classes.values())
    assert all(classes[sku] == "C" for sku, times in picks.items() if not times)
    if sum(picks.values()):
        assert classes[ranked[0]] == "A"
        taken = sum(times for sku, times in picks.items() if classes[sku] == "A")
        assert taken * 100 >= 80 * sum(picks.values())


def facts(place: int, **changes: object) -> BinFacts:
    usual = {"code": f"A-{place}", "walk": place, "sku_ids": (1,), "units": 5, "value_cents": 0, "days": 10,
             "movements": 0, "shorts": 0, "planned": False}  # fmt: skip
    return BinFacts(place_id=place, **{**usual, **changes})  # type: ignore[arg-type]


def test_bins_are_due_by_the_best_class_in_them_the_longest_overdue_first() -> None:
    bins = [
        facts(1, days=31),
        facts(2, days=29),
        facts(3, days=None),
        facts(4, days=200, sku_ids=(3,)),
        facts(5, days=60, sku_ids=(3, 1)),
        facts(6, days=400, units=0),
        facts(7, days=400, planned=True),
        facts(8, days=89, sku_ids=(2, 9)),
    ]
    due = due_by_abc(bins, classes={1: "A", 2: "B", 3: "C"}, most=10)
    assert [(one.bin.place_id, one.why) for one in due] == [
        (3, "class_a"), (5, "class_a"), (4, "class_c"), (1, "class_a"),
    ]  # fmt: skip
    assert len(due_by_abc(bins, classes={}, most=1)) == 1


def test_the_riskiest_bins_come_first_and_say_what_makes_them_so() -> None:
    bins = [
        facts(1, shorts=3),
        facts(2, days=None),
        facts(3, movements=400),
        facts(4, value_cents=10**7, days=0),
        facts(5, days=0),
        facts(6, shorts=9, planned=True),
        facts(7, units=0, shorts=1, days=0),
    ]
    due = due_by_risk(bins, most=9)
    assert [(one.bin.place_id, one.why, one.points) for one in due] == [
        (1, "shorts", 61), (3, "busy", 51), (2, "never", 50), (4, "dear", 50), (7, "shorts", 20),
    ]  # fmt: skip
