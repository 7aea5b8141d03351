"""Which box holds what: planned by the solver, checked by its witness."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from colisage.boxing.models import BoxType
from colisage.boxing.problem import grams_of, is_measured, problem_of
from colisage.catalog.queries import SkuFacts
from colisage.solvers.boxes.check import faults
from colisage.solvers.boxes.problem import PackedBox, Plan, Problem
from colisage.solvers.boxes.solve import solve

__all__ = [
    "BoxPlan",
    "BoxType",
    "Placed",
    "PlannedBox",
    "ToPack",
    "box_type_of",
    "box_types_of",
    "box_types_page",
    "boxes_in_use",
    "grams_of",
    "plan_boxes",
]

REASONS = {
    "too_big": _("too large for every packaging"),
    "too_heavy": _("too heavy for every packaging"),
    "not_measured": _("not measured; taken to be as large as a paperback"),
}


class PlanIsWrong(Exception):  # noqa: N818 -- the witness speaks
    """The witness found a fault in a plan: a defect of the solver, never shown as a plan."""


@dataclass(frozen=True, slots=True)
class ToPack:
    """Units of SKUs that go to one address: `items` are (SKU id, units)."""

    key: int
    operator_id: int
    items: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """One unit in its box: corner nearest the origin, then extent, in millimetres, in loading order."""

    sku_id: int
    x: int
    y: int
    z: int
    dx: int
    dy: int
    dz: int


@dataclass(frozen=True, slots=True)
class PlannedBox:
    """A packaging with its contents. Without `box_type_id` nothing of the shop takes it: the packer finds one."""

    box_type_id: int | None
    items: tuple[tuple[int, int], ...]
    placements: tuple[Placed, ...]
    expected_grams: int
    outer_mm: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class BoxPlan:
    """The boxes of one address, and what is worth knowing: (SKU id, code of `REASONS`)."""

    boxes: tuple[PlannedBox, ...]
    remarks: tuple[tuple[int, str], ...]


def box_types_of(operator_ids: Collection[int]) -> dict[int, list[BoxType]]:
    """Give the packagings of operators that are in use, the smallest first."""
    found: dict[int, list[BoxType]] = {pk: [] for pk in operator_ids}
    for box in BoxType.objects.filter(operator__in=operator_ids, active=True).order_by("operator_id", "code"):
        found[box.operator_id].append(box)
    return found


def box_types_page(
    operator_ids: Collection[int], *, active: bool | None = None, after: str = "", size: int = 50
) -> list[BoxType]:
    """Give one page of packagings by code, in use, out of use or (None) both, and one more when there are more.

    `after` is the code and the id of the last one of the page before, with a space between.
    """
    code, _space, pk = after.rpartition(" ")
    rows = BoxType.objects.filter(operator__in=operator_ids)
    if active is not None:
        rows = rows.filter(active=active)
    if pk.isdecimal() and len(pk) < 19:
        rows = rows.filter(Q(code__gt=code) | Q(code=code, pk__gt=int(pk)))
    return list(rows.select_related("operator").order_by("code", "pk")[: size + 1])


def boxes_in_use(operator_ids: Collection[int]) -> int:
    """Say how many packagings are in use."""
    return BoxType.objects.filter(operator__in=operator_ids, active=True).count()


def box_type_of(operator_ids: Collection[int], *, box_type_id: int, locked: bool = False) -> BoxType | None:
    """Find a packaging of these operators; `locked` until the caller's transaction ends."""
    rows = BoxType.objects.filter(operator__in=operator_ids, pk=box_type_id).select_related("operator")
    return (rows.select_for_update(no_key=True, of=("self",)) if locked else rows).first()


def plan_boxes(requests: Sequence[ToPack], *, skus: Mapping[int, SkuFacts]) -> dict[int, BoxPlan]:
    """Plan the boxes of many addresses; equal contents are planned once. One statement.

    What fits nothing gets a box of its own without a type, so that no unit is left out of a plan. Raises `PlanIsWrong`
    when the witness objects.
    """
    boxes = box_types_of({request.operator_id for request in requests})
    known: dict[tuple[int, tuple[tuple[int, int], ...]], BoxPlan] = {}
    plans: dict[int, BoxPlan] = {}
    for request in requests:
        wanted = tuple(sorted(_sum(request.items).items()))
        same = (request.operator_id, wanted)
        if same not in known:
            known[same] = _plan(wanted, boxes=boxes[request.operator_id], skus=skus)
        plans[request.key] = known[same]
    return plans


def _sum(items: Sequence[tuple[int, int]]) -> dict[int, int]:
    total: Counter[int] = Counter()
    for sku, units in items:
        total[sku] += units
    return dict(total)


def _plan(items: Sequence[tuple[int, int]], *, boxes: Sequence[BoxType], skus: Mapping[int, SkuFacts]) -> BoxPlan:
    problem = problem_of(items, boxes=boxes, skus=skus)
    plan = solve(problem)
    wrong = next(iter(faults(problem, plan)), None)
    if wrong:
        raise PlanIsWrong(wrong)
    return BoxPlan(
        boxes=(*(_box(packed, problem) for packed in plan.boxes), *_alone(plan, skus=skus)),
        remarks=(
            *((int(u.item_id), str(u.reason)) for u in plan.unplaced),
            *((sku, "not_measured") for sku, _units in items if not is_measured(skus[sku])),
        ),
    )


def _box(packed: PackedBox, problem: Problem) -> PlannedBox:
    box = next(b for b in problem.boxes if b.id == packed.box_id)
    return PlannedBox(
        box_type_id=int(packed.box_id),
        items=tuple(sorted(Counter(int(p.item_id) for p in packed.placements).items())),
        placements=tuple(
            Placed(int(p.item_id), p.x_mm, p.y_mm, p.z_mm, p.dx_mm, p.dy_mm, p.dz_mm) for p in packed.placements
        ),
        expected_grams=packed.grams,
        outer_mm=(box.outer_length_mm, box.outer_width_mm, box.outer_height_mm),
    )


def _alone(plan: Plan, *, skus: Mapping[int, SkuFacts]) -> list[PlannedBox]:
    """Give each unit that fits nothing a parcel of its own, as large as it is."""
    return [
        PlannedBox(
            box_type_id=None,
            items=((sku.id, 1),),
            placements=(),
            expected_grams=grams_of(sku),
            outer_mm=(sku.length_mm or 0, sku.width_mm or 0, sku.height_mm or 0),
        )
        for unplaced in plan.unplaced
        for sku in [skus[int(unplaced.item_id)]]
        for _unit in range(unplaced.quantity)
    ]
