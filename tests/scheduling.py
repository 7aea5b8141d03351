"""In which order several workers take the tests, and which of them stay together.

A module stays with one worker, for what it makes once. The journeys, and what else starts installations in processes of
its own, all stay with one: they are long and often wait, so one at a time goes on beside whoever works, from the start.
"""

from collections import Counter

import pytest
from xdist.scheduler import LoadScopeScheduling

JOURNEYS = "tests/journeys"
LIKE_THEM = ("tests/journeys/", "tests/config/test_run.py")


class Together(LoadScopeScheduling):
    """Gives out modules in the order in which they were collected, and the journeys as one."""

    def _split_scope(self, nodeid: str) -> str:
        return scope(nodeid)


def scope(nodeid: str) -> str:
    """Say what a test stays together with."""
    module = nodeid.partition("::")[0]
    return JOURNEYS if module.startswith(LIKE_THEM) else module


def long_first(items: list[pytest.Item]) -> None:
    """Put what is long to the front, so that nobody begins with it when the others end: slow tests, then large modules.

    The order of the rest, and of what is in a module, stays as chance made it.
    """
    sizes = Counter(scope(item.nodeid) for item in items)
    slow = {scope(item.nodeid) for item in items if item.get_closest_marker("slow")}

    def key(item: pytest.Item) -> tuple[bool, bool, int]:
        where = scope(item.nodeid)
        return where != JOURNEYS, where not in slow, -sizes[where]

    items.sort(key=key)
