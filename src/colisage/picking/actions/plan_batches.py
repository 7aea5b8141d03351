from collections.abc import Mapping, Sequence

from colisage.catalog.queries import SkuFacts
from colisage.inventory.actions.allocate import Bound
from colisage.network.queries import Bin
from colisage.orders.queries import Part
from colisage.picking.problem import Cartload, batching, cartloads
from colisage.solvers.waves.check import faults
from colisage.solvers.waves.solve import solve


class BatchesAreWrong(Exception):  # noqa: N818 -- the witness speaks
    """The witness found a fault in the batches: a defect of the solver, never released."""


def plan_batches(
    parts: Sequence[Part],
    *,
    bound: Mapping[int, Sequence[Bound]],
    skus: Mapping[int, SkuFacts],
    bins: Mapping[int, Bin],
) -> list[Cartload]:
    """Group orders into carts, the most urgent first; raises `BatchesAreWrong` when the witness objects."""
    problem = batching(parts, bound=bound, skus=skus, bins=bins)
    plan = solve(problem)
    wrong = next(iter(faults(problem, plan)), None)
    if wrong:
        raise BatchesAreWrong(wrong)
    return cartloads(problem, plan)
