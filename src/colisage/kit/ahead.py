"""Making the next thing while the last one is being dealt with."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def ahead(items: Iterator[T]) -> Iterator[T]:
    """Give items, each next one made in a thread of its own meanwhile: at most two are held at once.

    For reading files while the database writes: whatever makes the items must not ask the database. What it raises is
    raised here, after the items before.
    """
    end = object()
    with ThreadPoolExecutor(1, thread_name_prefix="ahead") as thread:
        coming = thread.submit(next, items, end)
        while (item := coming.result()) is not end:
            coming = thread.submit(next, items, end)
            yield item  # type: ignore[misc]
