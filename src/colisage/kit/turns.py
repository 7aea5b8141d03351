"""Doing things in their order with three under way, each in another of its three parts."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import cycle
from threading import Event
from typing import Any, Protocol, TypeVar

from django.db import connection

Item = TypeVar("Item")
Result = TypeVar("Result")
HANDS = 3


class Turn(Protocol):
    """The turn of one item: where it waits for the item before. Each call raises what that one raised."""

    def middle(self) -> None:
        """Return when the one before is through with its middle part; from here on the next item may begin."""

    def through(self) -> None:
        """Let the next item into its middle part already; without this it waits until `last`."""

    def last(self) -> None:
        """Return when the one before is done."""


def in_turn(items: Iterator[Item], do: Callable[[Item, Turn], Result]) -> Iterator[Result]:
    """Do something for each item, three at once on database connections of their own; give the results in order.

    What `do` does first, it does whenever it likes. It calls `turn.middle()` before what must begin in the order of the
    items, and `turn.last()` before what must come after all of the item before, so that nothing is done behind what
    failed. What it does between `turn.through()` and that is in nobody's way. Inside a transaction, whose rows no other
    connection sees, one item is done after the other.
    """
    if connection.in_atomic_block:
        for item in items:
            yield do(item, _Alone())
        return
    with ExitStack() as hands:
        threads = cycle([hands.enter_context(_hand()) for _ in range(HANDS)])
        under_way: list[_Turn] = []
        for item, thread in zip(items, threads, strict=False):
            turn = _Turn(under_way[-1] if under_way else None)
            turn.done = thread.submit(_done, do, item, turn)
            under_way.append(turn)
            turn.ready.wait()
            if len(under_way) == HANDS:
                yield under_way.pop(0).done.result()
        for turn in under_way:
            yield turn.done.result()


class _Turn:
    """The turn of an item of which others are under way."""

    done: "Future[Any]"

    def __init__(self, before: "_Turn | None") -> None:
        self._before = before
        self.ready = Event()  # for the next one to begin
        self._through = Event()  # with the middle part

    def middle(self) -> None:
        """Let the next item begin, and wait until the one before is through with its middle part."""
        self.ready.set()
        if self._before is not None:
            self._before._through.wait()  # noqa: SLF001 -- its own kind
            if self._before.done.done():
                self._before.done.result()

    def through(self) -> None:
        """Let the next item into its middle part."""
        self.middle()  # nobody behind one that has no middle part overtakes whoever is before it
        self._through.set()

    def last(self) -> None:
        """Let the next item into its middle part, and wait for the one before."""
        self.through()
        if self._before is not None:
            self._before.done.result()
            self._before = None  # what is done holds nothing

    def leave(self) -> None:
        """Hold nobody up any more."""
        self.ready.set()
        self._through.set()


class _Alone:
    """The turn of an item that nobody is before."""

    def middle(self) -> None:
        return

    def through(self) -> None:
        return

    def last(self) -> None:
        return


def _done(do: Callable[[Item, Turn], Result], item: Item, turn: _Turn) -> Result:
    try:
        return do(item, turn)
    finally:
        turn.leave()


@contextmanager
def _hand() -> Iterator[ThreadPoolExecutor]:
    """Give a thread that keeps its connection from one item to the next, and closes it in the end."""
    with ThreadPoolExecutor(1, thread_name_prefix="hand") as thread:
        thread.submit(_arrive)
        try:
            yield thread
        finally:
            thread.submit(_leave)


def _arrive() -> None:
    """Connect while the first item is still being made; who fails to says so when it has something to do."""
    connection.ensure_connection()


def _leave() -> None:
    connection.close()  # of the thread that runs this
