"""Doing things in their order with two under way: the next begins while the one before is finished."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import cycle
from threading import Event
from typing import Any, TypeVar

from django.db import connection

Item = TypeVar("Item")
Result = TypeVar("Result")
Turn = Callable[[], None]


def in_turn(items: Iterator[Item], do: Callable[[Item, Turn], Result]) -> Iterator[Result]:
    """Do something for each item, two at once on database connections of their own; give the results in order.

    `do` calls the turn it is given before the first thing that must come after all of the item before: the call
    returns when that one is done, and raises what that one raised, so that nothing is done behind what failed. The
    next item begins when this one has come so far. Inside a transaction, whose rows no other connection sees, one item
    is done after the other.
    """
    if connection.in_atomic_block:
        for item in items:
            yield do(item, _nobody_before)
        return
    with _hand() as one, _hand() as other:
        before: Future[Result] | None = None
        for item, hand in zip(items, cycle((one, other)), strict=False):
            turn = _Turn(before)
            begun = hand.submit(_done, do, item, turn)
            if before is not None:
                yield before.result()
            turn.reached.wait()
            before = begun
        if before is not None:
            yield before.result()


class _Turn:
    """The turn of one item, which comes when the item before is done."""

    def __init__(self, before: "Future[Any] | None") -> None:
        self._before = before
        self.reached = Event()

    def __call__(self) -> None:
        """Let the next item begin, and wait for the one before."""
        self.reached.set()
        if self._before is not None:
            self._before.result()


def _nobody_before() -> None:
    return


def _done(do: Callable[[Item, Turn], Result], item: Item, turn: _Turn) -> Result:
    try:
        return do(item, turn)
    finally:
        turn.reached.set()


@contextmanager
def _hand() -> Iterator[ThreadPoolExecutor]:
    """Give a thread that keeps its connection from one item to the next, and closes it in the end."""
    with ThreadPoolExecutor(1, thread_name_prefix="hand") as thread:
        try:
            yield thread
        finally:
            thread.submit(_leave)


def _leave() -> None:
    connection.close()  # of the thread that runs this
