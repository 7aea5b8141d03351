"""The witness of sourcing rejects one planted plan per rule."""

from dataclasses import replace

import pytest

from colisage.solvers.sourcing.check import faults
from colisage.solvers.sourcing.problem import (
    Allocation,
    Candidate,
    Cost,
    Decision,
    Flaw,
    Lane,
    Line,
    Node,
    Order,
    Plan,
    Problem,
    Shortage,
)

PROBLEM = Problem(
    orders=(
        Order("1", "FR", (Line("MUG", 3, 500),), latest_day=3, most_nodes=1),
        Order("2", "CA", (Line("MUG", 2, 500),), can_split=False),
        Order("3", "FR", (Line("MUG", 1, 500),)),
    ),
    nodes=(
        Node("Lyon", {"MUG": 5}, handling_cents=20, capacity=1),
        Node("Montréal", {"MUG": 2}, ships_in_days=1),
    ),
    lanes=(
        Lane("Lyon", "FR", 600, cents_per_kg=100, days_min=1, days_max=2),
        Lane("Montréal", "FR", 900, days_min=5, days_max=9),
        Lane("Montréal", "CA", 400, days_min=1, days_max=2),
    ),
)
LYON = Candidate(("Lyon",), (Allocation("Lyon", "MUG", 3),), (), Cost(600, 150, 20), 1, 2, ())
RIVAL = Candidate(("Montréal",), (Allocation("Montréal", "MUG", 3),), (), Cost(900), 6, 10, ())
MONTREAL = Candidate(("Montréal",), (Allocation("Montréal", "MUG", 2),), (), Cost(400), 2, 3, ())
FIRST = Decision("1", LYON, (), (LYON, RIVAL), 130)
SECOND = Decision("2", MONTREAL, (), (MONTREAL,), None)
THIRD = Decision("3", None, (Shortage("MUG", 1),), (), None)
GOOD = Plan((FIRST, SECOND, THIRD))


def first(candidate: Candidate, *, saved: int | None = None) -> Plan:
    return Plan((Decision("1", candidate, candidate.missing, (candidate,), saved), SECOND, THIRD))


def second(candidate: Candidate) -> Plan:
    return Plan((FIRST, Decision("2", candidate, candidate.missing, (candidate,), None), THIRD))


SHORT = replace(
    MONTREAL,
    allocations=(Allocation("Montréal", "MUG", 1),),
    missing=(Shortage("MUG", 1),),
    flaws=(Flaw.INCOMPLETE,),
)
BOTH = replace(
    LYON,
    node_ids=("Lyon", "Montréal"),
    allocations=(Allocation("Lyon", "MUG", 1), Allocation("Montréal", "MUG", 2)),
)
ANOTHER = replace(LYON, allocations=(Allocation("Lyon", "MUG", 1),), cost=Cost(600, 50, 20))

PLANTED = {
    "not one decision for each order": Plan((SECOND, FIRST, THIRD)),
    "MUG: 3 asked, 2 sent or waiting": first(replace(LYON, allocations=(Allocation("Lyon", "MUG", 2),))),
    "0 units of MUG": first(replace(LYON, allocations=(*LYON.allocations, Allocation("Lyon", "MUG", 0)))),
    "never weighed": Plan((replace(FIRST, candidates=(RIVAL,)), SECOND, THIRD)),
    "is not what the choice leaves out": Plan((replace(FIRST, missing=(Shortage("MUG", 1),)), SECOND, THIRD)),
    "split against the order's wish": second(SHORT),
    "saves 130, 129 told": Plan((replace(FIRST, saved_cents=129), SECOND, THIRD)),
    "saves nothing": Plan((FIRST, Decision("2", None, (Shortage("MUG", 2),), (), 5), THIRD)),
    "not those that send": first(replace(LYON, node_ids=("Lyon", "Montréal"))),
    "2 nodes, at most 1 wanted": first(BOTH),
    "sent where no lane leads": second(
        replace(MONTREAL, node_ids=("Lyon",), allocations=(Allocation("Lyon", "MUG", 2),))
    ),
    "arrives on another day": first(replace(LYON, days_max=3)),
    "arrives at the earliest on another day": first(replace(LYON, days_min=2)),
    "late and not told": first(RIVAL),
    "incomplete and not told": second(replace(SHORT, flaws=())),
    "its parts add up to": first(replace(LYON, cost=Cost(600, 151, 20))),
    "3 of MUG sent, 2 there": second(RIVAL),
    "2 parcels, 1 possible": Plan((FIRST, SECOND, Decision("3", ANOTHER, (), (ANOTHER,), None))),
}


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_found(fault: str) -> None:
    assert any(fault in told for told in faults(PROBLEM, PLANTED[fault]))


def test_a_good_plan_passes() -> None:
    assert list(faults(PROBLEM, GOOD)) == []
