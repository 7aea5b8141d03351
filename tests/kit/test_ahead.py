"""The next thing is made while the last one is dealt with, and none is lost, doubled or made too early."""

import threading
from collections.abc import Iterator

import pytest

from colisage.kit.ahead import ahead


def test_items_come_in_order_each_made_while_the_one_before_is_dealt_with() -> None:
    made: list[int] = []
    asked = threading.Event()

    def items() -> Iterator[int]:
        for n in range(5):
            made.append(n)
            if n == 1:
                asked.set()
            yield n

    seen = []
    for item in ahead(items()):
        if item == 0:
            assert asked.wait(10), "the second is made while the first is dealt with"
        assert made[-1] <= item + 1, "never more than one ahead"
        seen.append(item)
    assert seen == [0, 1, 2, 3, 4]


def test_what_fails_is_told_after_the_items_before_it() -> None:
    def items() -> Iterator[int | None]:
        yield 1
        yield None
        raise ZeroDivisionError

    some = ahead(items())
    assert [next(some), next(some)] == [1, None]
    with pytest.raises(ZeroDivisionError):
        next(some)


def test_who_stops_early_leaves_no_thread_behind() -> None:
    before = threading.active_count()
    some = ahead(iter(range(100)))
    assert next(some) == 0
    some.close()
    assert threading.active_count() == before
