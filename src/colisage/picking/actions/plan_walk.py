from collections.abc import Iterable, Mapping

from colisage.network.queries import Bin
from colisage.picking.problem import Walk, walk_of, walking
from colisage.solvers.routes.check import faults
from colisage.solvers.routes.solve import solve


class WalkIsWrong(Exception):  # noqa: N818 -- the witness speaks
    """The witness found a fault in a walk: a defect of the solver, never shown as a walk."""


def plan_walk(places: Iterable[int], *, bins: Mapping[int, Bin], depot: Bin) -> Walk:
    """Find the walk from the bench past these bins and back; raises `WalkIsWrong` when the witness objects."""
    problem = walking(places, bins=bins, depot=depot)
    plan = solve(problem)
    wrong = next(iter(faults(problem, plan)), None)
    if wrong:
        raise WalkIsWrong(wrong)
    return walk_of(problem, plan)
