"""When what is owed will be here: the first in turn takes what comes first."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from colisage.inventory.rules.expecting import Arrival, Expected, Turn, expect, pools_of

SINCE = date(2026, 11, 20)
FIRST, SECOND = date(2026, 12, 1), date(2026, 12, 8)


def turn(owner: int, qty: int, *, sku: int = 1, node: int | None = 1, ahead_on: date | None = None) -> Turn:
    return Turn(owner, sku, node, qty, SINCE, ahead_on)


def coming(on: date | None, qty: int, *, sku: int = 1, node: int = 1, kind: str = "ordered") -> Arrival:
    return Arrival(sku, node, on, qty, kind)


def told(
    turns: Sequence[Turn],
    *arrivals: Arrival,
    free: Mapping[tuple[int, int], int] | None = None,
    lead: Mapping[int, int] | None = None,
) -> list[tuple[date | None, str]]:
    found = expect(turns, pools=pools_of(arrivals, free=free or {}), lead=lead or {})
    return [(one.on, one.why) for one in found.values()]


def test_the_first_in_turn_takes_what_comes_first() -> None:
    turns = [turn(1, 2), turn(2, 3), turn(3, 1)]
    assert told(turns, coming(SECOND, 5), coming(FIRST, 2, kind="announced")) == [
        (FIRST, "announced"), (SECOND, "ordered"), (SECOND, "ordered"),
    ]  # fmt: skip


def test_what_comes_in_two_deliveries_is_there_with_the_second() -> None:
    assert told([turn(1, 4)], coming(FIRST, 2), coming(SECOND, 2)) == [(SECOND, "ordered")]


def test_after_all_that_comes_the_supplier_takes_his_days_or_nobody_knows() -> None:
    turns = [turn(1, 2), turn(2, 2)]
    assert told(turns, coming(FIRST, 3), lead={1: 14}) == [(FIRST, "ordered"), (date(2026, 12, 4), "lead_time")]
    assert told(turns, coming(FIRST, 3)) == [(FIRST, "ordered"), (None, "unknown")]
    assert told(turns, coming(None, 4)) == [(None, "undated")] * 2


def test_a_bundle_waits_for_the_last_of_its_parts() -> None:
    both = [turn(1, 1), turn(1, 2, sku=2)]
    assert told(both, coming(FIRST, 1), coming(SECOND, 2, sku=2)) == [(SECOND, "ordered")]
    assert told(both, coming(FIRST, 1), free={(2, 1): 2}) == [(FIRST, "ordered")]
    assert told(both, coming(FIRST, 1)) == [(None, "unknown")]


def test_what_waits_nowhere_in_particular_takes_the_node_that_has_it_first() -> None:
    assert told([turn(1, 1, node=None)], coming(SECOND, 1), coming(FIRST, 1, node=2)) == [(FIRST, "ordered")]
    assert told([turn(1, 1, node=2)], coming(FIRST, 1)) == [(None, "unknown")]


def test_a_pre_order_leaves_on_its_day_or_when_it_comes_later() -> None:
    assert told([turn(1, 1, ahead_on=SECOND)], coming(FIRST, 1)) == [(SECOND, "preorder")]
    assert told([turn(1, 1, ahead_on=FIRST)], coming(SECOND, 1)) == [(SECOND, "ordered")]
    assert told([turn(1, 1, ahead_on=FIRST)], lead={1: 30}) == [(FIRST, "preorder")]


@given(
    st.lists(st.integers(1, 4), max_size=8),
    st.lists(st.tuples(st.integers(0, 20), st.integers(1, 5)), max_size=6),
    st.integers(0, 5),
)
def test_nobody_is_told_a_day_on_which_too_little_has_come(
    wants: list[int], deliveries: list[tuple[int, int]], free: int
) -> None:
    """A witness that only adds up: by the day told all up to that turn are covered, and by no day before."""
    arrivals = [coming(FIRST + timedelta(days=day), qty) for day, qty in deliveries]
    turns = [turn(n, qty) for n, qty in enumerate(wants)]
    found = expect(turns, pools=pools_of(arrivals, free={(1, 1): free}), lead={})
    for n, one in found.items():
        needed = sum(wants[: n + 1])
        enough = [a.on for a in arrivals if free + sum(b.qty for b in arrivals if b.on <= a.on) >= needed]  # type: ignore[operator]
        if needed <= free:
            assert one == Expected(None, "here")
        else:
            assert one.on == min(filter(None, enough), default=None)
