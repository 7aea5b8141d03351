"""Spend a budget: the same fills with shaken rules."""

from collections.abc import Iterator
from random import Random

from colisage.solvers.boxes.rules import RULES, Rule, shaken

ATTEMPTS_PER_SECOND = 40
"""What a budget of one second buys: whole packings of an ordinary order on the reference machine."""


def shaken_rules(seed: int, attempts: int) -> Iterator[tuple[Rule, ...]]:
    """Yield so many blurred variants of a rule, each rule in its turn."""
    random = Random(seed)  # noqa: S311 - repeatable on purpose, guards nothing
    for attempt in range(attempts):
        yield (shaken(RULES[attempt % len(RULES)], random),)
