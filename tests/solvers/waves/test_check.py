"""The witness of pick batches rejects one planted plan per rule."""

from dataclasses import replace

import pytest

from colisage.solvers.waves.check import faults
from colisage.solvers.waves.problem import Batch, Cart, Load, Order, Plan, Problem, Reason, Unbatched, Visit

PROBLEM = Problem(
    orders=(
        Order("a", (Visit(1, 0),), 1500, 2000, priority=1),
        Order("b", (Visit(2, 0),), 500, 2000),
        Order("c", (Visit(3, 0),), 500, 2000, group="cold"),
        Order("huge", (Visit(4, 0),), 9000, 100),
    ),
    cart=Cart(totes=3, tote_mm3=1000, max_grams=4000),
)
A, B, C = Load("a", (0, 1)), Load("b", (2,)), Load("c", (0,))
HUGE = (Unbatched("huge", Reason.TOO_LARGE),)
GOOD = Plan((Batch((A, B)), Batch((C,))), HUGE)


def test_a_good_plan_passes() -> None:
    assert list(faults(PROBLEM, GOOD)) == []


PLANTED = {
    "order c: 0 times": Plan((Batch((A, B)),), HUGE),
    "order a: 2 times": Plan((Batch((A, B)), Batch((A,)), Batch((C,))), HUGE),
    "order x: not asked": Plan((*GOOD.batches, Batch((Load("x", (0,)),))), HUGE),
    "nothing to pick": replace(GOOD, batches=(*GOOD.batches, Batch(()))),
    "groups mixed": Plan((Batch((A,)), Batch((B, C))), HUGE),
    "too heavy": Plan((Batch((A, B, replace(C, totes=(2,)))),), HUGE),
    "a tote holds two orders": Plan((Batch((A, replace(B, totes=(1,)))), Batch((C,))), HUGE),
    "a tote that the cart has not": Plan((Batch((A, replace(B, totes=(3,)))), Batch((C,))), HUGE),
    "order a does not fit": Plan((Batch((replace(A, totes=(0,)), B)), Batch((C,))), HUGE),
    "order b does not fit": Plan((Batch((A, replace(B, totes=()))), Batch((C,))), HUGE),
    "left out, though a cart takes it": Plan((Batch((A, B)),), (*HUGE, Unbatched("c", Reason.TOO_HEAVY))),
    "a less urgent batch goes first": Plan(GOOD.batches[::-1], HUGE),
}


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_found(fault: str) -> None:
    assert any(fault in told for told in faults(PROBLEM, PLANTED[fault]))
