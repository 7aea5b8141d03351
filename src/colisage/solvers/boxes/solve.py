"""Choose the boxes of an order: fewest boxes, then least billed weight, then cheapest, then smallest."""

from collections.abc import Iterator
from itertools import islice
from random import Random

from colisage.solvers.boxes.improve import improved
from colisage.solvers.boxes.packer import Load, Packer
from colisage.solvers.boxes.problem import Plan, Problem, Reason, Unplaced
from colisage.solvers.boxes.rules import RULES, kind_of, lies_in, shaken_rules

SHAKEN = 8
"""How many shaken rules are tried on a box, after the plain ones, before a dearer box is taken."""


def solve(problem: Problem, *, budget: float = 0.0, seed: int = 0) -> Plan:
    """Pack an order. What fits no box comes back unplaced with the reason, and never stops the rest.

    Whatever fits one box is tried there, the best box first; otherwise boxes are filled as full as possible
    one after the other, by all rules and by each rule alone, and the best sequence wins. A budget goes on
    with shaken rules until nothing better can exist.
    """
    unplaced = tuple(_unplaced(problem))
    refused = {each.item_id for each in unplaced}
    kinds = tuple(kind_of(item) for item in problem.items if item.id not in refused and item.quantity > 0)
    if not kinds:
        return Plan((), unplaced)
    packer = Packer(problem, kinds)
    random = Random(seed)  # noqa: S311 - repeatable on purpose, guards nothing
    loads = improved(packer, _first_loads(packer, random), random, budget=budget)
    return Plan(tuple(packer.packed(loads)), unplaced)


def _first_loads(packer: Packer, random: Random) -> tuple[Load, ...]:
    whole = packer.one_box(packer.counts, (*RULES, *islice(shaken_rules(random), SHAKEN)))
    if whole is not None:
        return (whole,)
    ways = [RULES, *((rule,) for rule in RULES)]
    return min((packer.several(way) for way in ways), key=packer.rank)


def _unplaced(problem: Problem) -> Iterator[Unplaced]:
    for item in problem.items:
        roomy = [box for box in problem.boxes if lies_in(item, box)]
        if not roomy:
            yield Unplaced(item.id, item.quantity, Reason.TOO_BIG)
        elif all(item.grams > box.max_contents_grams for box in roomy):
            yield Unplaced(item.id, item.quantity, Reason.TOO_HEAVY)
