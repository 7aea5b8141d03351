"""Three are under way, and all comes out as if one were done after the other."""

import threading
from itertools import count

import pytest
from django.db import connection

from colisage.kit.turns import Turn, in_turn

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_next_begins_meanwhile_and_waits_for_its_turn() -> None:
    done: list[int] = []
    second_began, seen = threading.Event(), []

    def do(n: int, turn: Turn) -> int:
        if n == 1:
            second_began.set()
        turn.last()
        if n == 0:
            assert second_began.wait(10), "the second begins while the first is finished"
        seen.append(tuple(done))
        done.append(n)
        return n

    assert list(in_turn(iter(range(5)), do)) == [0, 1, 2, 3, 4]
    assert seen == [tuple(range(n)) for n in range(5)]


def test_three_are_under_way_each_in_another_part() -> None:
    parts = [threading.Event() for _ in range(3)]  # of the items 0, 1 and 2: last, middle, first
    written: list[int] = []

    def do(n: int, turn: Turn) -> int:
        if n == 2:
            parts[2].set()
        turn.middle()
        assert written == list(range(n)), "in the order of the items, after those before"
        if n == 1:
            parts[1].set()
        if n < 2:
            assert parts[2].wait(10), "the third begins meanwhile"
        written.append(n)
        turn.last()
        if n == 0:
            assert parts[1].wait(10), "the second writes meanwhile"
        return n

    assert list(in_turn(iter(range(7)), do)) == list(range(7))


def test_what_is_done_between_through_and_last_is_in_nobodys_way() -> None:
    written: list[int] = []
    next_wrote = [threading.Event() for _ in range(4)]

    def do(n: int, turn: Turn) -> int:
        turn.middle()
        assert written == list(range(n)), "in the order of the items"
        written.append(n)
        if n:
            next_wrote[n - 1].set()
        turn.through()
        if n < 3:
            assert next_wrote[n].wait(10), "the next one writes meanwhile"
        turn.last()
        return n

    assert list(in_turn(iter(range(4)), do)) == [0, 1, 2, 3]


def test_nobody_overtakes_through_one_that_has_no_middle() -> None:
    begun, overtaken = threading.Event(), threading.Event()

    def do(n: int, turn: Turn) -> int:
        if n == 2:
            begun.set()
        if n != 1:
            turn.middle()
        if n == 2:
            overtaken.set()
        if n == 0:
            assert begun.wait(10), "the third is under way"
            assert not overtaken.wait(0.3), "and waits for the first"
        turn.last()
        return n

    assert list(in_turn(iter(range(3)), do)) == [0, 1, 2]


def test_one_that_needs_no_turn_holds_nobody_up() -> None:
    assert list(in_turn(iter(range(4)), lambda n, _turn: n)) == [0, 1, 2, 3]
    assert list(in_turn(iter(()), lambda n, _turn: n)) == []


def test_nothing_is_done_behind_one_that_failed() -> None:
    done: list[int] = []

    def do(n: int, turn: Turn) -> int:
        turn.last()
        if n == 2:
            raise ZeroDivisionError
        done.append(n)
        return n

    results, asked = [], count()
    with pytest.raises(ZeroDivisionError):
        results.extend(in_turn((next(asked) for _ in range(9)), do))
    assert done == [0, 1]
    assert next(asked) <= 6, "what comes later is not even made"


def test_who_stops_early_leaves_no_thread_and_no_connection_behind() -> None:
    def backend(_n: int, turn: Turn) -> int:
        turn.last()
        with connection.cursor() as db:
            db.execute("SELECT pg_backend_pid()")
            return int(db.fetchone()[0])

    before = set(threading.enumerate())
    some = in_turn(iter(range(100)), backend)
    pids = {next(some) for _ in range(4)}
    some.close()
    assert set(threading.enumerate()) <= before
    with connection.cursor() as db:
        db.execute("SELECT pg_backend_pid()")
        assert db.fetchone()[0] not in pids
        db.execute("SELECT count(*) FROM pg_stat_activity WHERE pid = ANY (%s)", [list(pids)])
        assert (len(pids), db.fetchone()[0]) == (3, 0)
