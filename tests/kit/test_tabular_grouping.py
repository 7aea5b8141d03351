"""Rows of one thing come together without holding the file."""

from collections import Counter
from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from colisage.kit.tabular import BadRow, Row, gather


def rows(keys: str) -> Iterator[Row | BadRow]:
    return (Row(number, [key.strip()], ["key"]) for number, key in enumerate(keys, 2))


def key(row: Row | BadRow) -> str:
    return row.cells["key"]


def groups(keys: str, **options: int) -> list[tuple[str, int, bool]]:
    return [(g.key, len(g.rows), g.overfull) for g in gather(rows(keys), key=key, **options)]


def test_interleaved_rows_come_together_in_the_order_of_their_first() -> None:
    assert groups("aababc") == [("a", 3, False), ("b", 2, False), ("c", 1, False)]


def test_a_key_that_returns_too_late_makes_a_second_group() -> None:
    assert groups("abca", open_groups=2) == [
        ("a", 1, False),
        ("b", 1, False),
        ("c", 1, False),
        ("a", 1, False),
    ]


def test_rows_without_key_stand_alone() -> None:
    assert groups("a  a") == [("", 1, False), ("", 1, False), ("a", 2, False)]


def test_a_group_beyond_its_limit_comes_in_parts_all_marked() -> None:
    assert groups("aaaaabaab", group_rows=3) == [
        ("a", 3, True),
        ("a", 3, True),
        ("a", 1, True),
        ("b", 2, False),
    ]


@given(st.text("abcdef ", max_size=60), st.integers(1, 4), st.integers(1, 9), st.integers(1, 5))
def test_every_row_comes_out_once_and_few_are_held(keys: str, open_groups: int, held: int, most: int) -> None:
    taken = 0

    def watched() -> Iterator[Row | BadRow]:
        nonlocal taken
        for row in rows(keys):
            taken += 1
            yield row

    given_out: Counter[int] = Counter()
    for group in gather(watched(), key=key, open_groups=open_groups, held_rows=held, group_rows=most):
        if taken < len(keys):
            assert taken - given_out.total() <= held + most + 1
        given_out.update(row.number for row in group.rows)
        assert {key(row) for row in group.rows} == {group.key}
    assert given_out == Counter(range(2, len(keys) + 2))
