"""In which order several workers take the tests, and which of them stay together.

A module stays with one worker, for what it makes once. The journeys all stay with one: they start installations in
processes of their own and mostly wait, so one at a time is begun at once and goes on beside whoever works.
"""

from collections import Counter

import pytest
from xdist.scheduler import LoadScopeScheduling

JOURNEYS = "tests/journeys"


class Together(LoadScopeScheduling):
    """Gives out modules in the order in which they were collected, and the journeys as one."""

    def _split_scope(self, nodeid: str) -> str:
        return scope(nodeid)


def scope(nodeid: str) -> str:
    """Say what a test stays together with."""
    module = nodeid.partition("::")[0]
    return JOURNEYS if module.startswith(f"{JOURNEYS}/") else module


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
