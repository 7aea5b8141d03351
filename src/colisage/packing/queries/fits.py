"""Whether contents truly go into one box, and how they lie in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from colisage.catalog.queries import SkuFacts
from colisage.packing.problem import Packaging, one_box
from colisage.solvers.boxes.check import faults
from colisage.solvers.boxes.solve import solve


@dataclass(frozen=True, slots=True)
class Fit:
    """How contents lie in one box: (SKU id, x, y, z, dx, dy, dz), and what it weighs."""

    layout: tuple[tuple[int, int, int, int, int, int, int], ...]
    grams: int


def fit_in(box: Packaging, *, items: Sequence[tuple[int, int]], skus: Mapping[int, SkuFacts]) -> Fit | None:
    """Pack items, (SKU id, units), into one box of this packaging; None when they do not go in.

    The witness is asked: what it objects to does not go in.
    """
    problem = one_box(box, items=items, skus=skus)
    plan = solve(problem)
    if plan.unplaced or len(plan.boxes) != 1 or any(faults(problem, plan)):
        return None
    packed = plan.boxes[0]
    return Fit(
        tuple((int(p.item_id), p.x_mm, p.y_mm, p.z_mm, p.dx_mm, p.dy_mm, p.dz_mm) for p in packed.placements),
        packed.grams,
    )
