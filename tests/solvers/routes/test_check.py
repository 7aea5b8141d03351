"""The witness of walks rejects one planted plan per rule."""

from dataclasses import replace

import pytest

from colisage.solvers.routes.check import faults
from colisage.solvers.routes.problem import Layout, Plan, Point, Problem, Stop

PROBLEM = Problem(
    Point(5, -10),
    (Stop("a", 0, 30), Stop("b", 0, 60), Stop("c", 12, 20)),
    Layout((0, 10, 20), (0, 100)),
)
CORNERS = ((5, -10), (5, 0), (0, 0), (0, 100), (10, 100), (10, 0), (5, 0), (5, -10))
PATH = tuple(Point(*corner) for corner in CORNERS)
GOOD = Plan(("a", "b", "c"), PATH, 240)


def through(*corners: tuple[int, int], length: int) -> Plan:
    return replace(GOOD, path=tuple(Point(*corner) for corner in corners), length_mm=length)


def test_a_good_walk_passes() -> None:
    assert list(faults(PROBLEM, GOOD)) == []


PLANTED = {
    "c: 0 times": replace(GOOD, sequence=("a", "b")),
    "a: 2 times": replace(GOOD, sequence=("a", "a", "b", "c")),
    "x: 1 times": replace(GOOD, sequence=("a", "b", "c", "x")),
    "start and end at the depot": replace(GOOD, path=PATH[:-1], length_mm=230),
    "mm written": replace(GOOD, length_mm=239),
    "a: not passed": replace(GOOD, sequence=("b", "a", "c")),
    "c: not passed": through((5, -10), (5, 0), (0, 0), (0, 100), (20, 100), (20, 0), (5, 0), (5, -10), length=260),
    "no way from (0, 50) straight to (10, 50)": through(
        (5, -10), (5, 0), (0, 0), (0, 60), (0, 50), (10, 50), (10, 0), (5, 0), (5, -10), length=160
    ),
    "no way from (5, 0) straight to (5, 100)": through(
        (5, -10), (5, 0), (5, 100), (0, 100), (0, 0), (10, 0), (10, 20), (10, 0), (5, 0), (5, -10), length=280
    ),
    "no way from (0, 0) straight to (0, 110)": through(
        (5, -10), (5, 0), (0, 0), (0, 110), (0, 100), (10, 100), (10, 0), (5, 0), (5, -10), length=260
    ),
    "no way from (5, 0) straight to (0, 30)": through(
        (5, -10), (5, 0), (0, 30), (0, 100), (10, 100), (10, 0), (5, 0), (5, -10), length=240
    ),
}


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_found(fault: str) -> None:
    assert any(fault in told for told in faults(PROBLEM, PLANTED[fault]))
