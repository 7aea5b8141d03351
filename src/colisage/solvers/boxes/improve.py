"""Spend a budget: the same packing with shaken rules, kept when better."""

from collections.abc import Sequence
from itertools import islice
from random import Random

from colisage.solvers.boxes.bound import fewest_boxes
from colisage.solvers.boxes.packer import Load, Packer
from colisage.solvers.boxes.rules import shaken_rules

ATTEMPTS_PER_SECOND = 40
"""What a budget of one second buys: whole packings of an ordinary order on the reference machine."""


def improved(packer: Packer, loads: Sequence[Load], random: Random, *, budget: float) -> Sequence[Load]:
    """Retry for so many seconds' worth of attempts, or until the best box is taken or the bound is met."""
    fewest = fewest_boxes(packer.problem)
    best_box = packer.roomy(packer.counts)[:1]
    for rule in islice(shaken_rules(random), int(budget * ATTEMPTS_PER_SECOND)):
        if len(loads) == 1 and loads[0].box in best_box:
            break
        whole = packer.one_box(packer.counts, (rule,)) if fewest == 1 else None
        other = (whole,) if whole else packer.several((rule,))
        loads = min(loads, other, key=packer.rank)
    return loads
