"""Writing in the expectation that nothing stands in the way.

What takes several messages else, because each answer decides what comes next, takes one. A statement that finds
something else than expected (`colisage_expect`) undoes the whole transaction; it is done again, step by step.
"""

import time
from typing import Final

from django.db import DatabaseError

UNEXPECTED: Final = "22C01"  # of wrong data: after other errors the connection would be renewed


def is_unexpected(error: DatabaseError) -> bool:
    """Say whether a transaction was undone because something was not as expected."""
    return getattr(error.__cause__, "sqlstate", None) == UNEXPECTED


class Hope:
    """Whether to expect the best: not for a moment after it failed, for what failed once mostly fails again."""

    def __init__(self, *, seconds: float = 1.0) -> None:
        self._seconds = seconds
        self._from = 0.0

    def __bool__(self) -> bool:
        """Say whether there is hope."""
        return time.monotonic() >= self._from

    def lose(self) -> None:
        """Go step by step for a moment."""
        self._from = time.monotonic() + self._seconds
