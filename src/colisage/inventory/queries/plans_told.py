"""Plans of counts, as the API tells them."""

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from colisage.inventory.models import CountPlan
from colisage.inventory.rules.counting import Due


class PlanOut(Struct, frozen=True, kw_only=True):
    """How bins of a node are chosen for counts: so many a day, by class (`abc`) or by `risk`.

    `a_days` to `c_days`: after so many days bins of a class are due again. `made_on`: when bins were last chosen.
    """

    id: int
    node: str
    method: str
    bins_a_day: int
    a_days: int
    b_days: int
    c_days: int
    active: bool
    made_on: date | None


class DueOut(Struct, frozen=True, kw_only=True):
    """A bin that is due, and `why`: class_a to class_c; by risk never, shorts, long_ago, busy or dear, with points.

    `days` since its last count (null: never), and the movements and short picks since.
    """

    bin: str
    why: str
    points: int
    days: int | None
    movements: int
    shorts: int


class DueBinsOut(Struct, frozen=True, kw_only=True):
    """The bins that a plan makes due now, the most urgent first, at most those of a day."""

    items: list[DueOut]


class PlansOut(Struct, frozen=True, kw_only=True):
    """The plans of a merchant's own warehouses, node by node."""

    items: list[PlanOut]


def plans_told(plans: Sequence[CountPlan]) -> list[PlanOut]:
    """Tell plans, which come with their nodes; no statement."""
    same = ("method", "bins_a_day", "a_days", "b_days", "c_days", "active", "made_on")
    return [PlanOut(id=one.pk, node=one.node.code, **{name: getattr(one, name) for name in same}) for one in plans]


def due_told(due: Sequence[Due]) -> list[DueOut]:
    """Tell the bins that are due; no statement."""
    return [
        DueOut(
            bin=one.bin.code, why=one.why, points=one.points, days=one.bin.days, movements=one.bin.movements,
            shorts=one.bin.shorts,
        )
        for one in due
    ]  # fmt: skip
