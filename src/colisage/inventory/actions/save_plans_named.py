"""Making plans of counts, as a program says: nodes by their codes, where the floor is the merchant's own."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from colisage.inventory.actions.save_count_plan import save_count_plan
from colisage.kit.actors import Actor
from colisage.kit.each import each
from colisage.kit.errors import Refused
from colisage.network.queries.floors import floors_of


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidPlan:
    """How bins of a node are chosen, how many a day, and after how many days those of class A, B and C again."""

    node: str
    method: str  # abc | risk
    bins_a_day: int
    every: tuple[int, int, int]
    active: bool


@transaction.atomic
def save_plans_named(merchant_id: int, plans: Sequence[SaidPlan], *, actor: Actor) -> list[Refused | int]:
    """Make plans, or change those of the same node and method; give the id of each, or why it was refused.

    Raises nothing: `NotThere` for a node that does not serve the merchant, `NotYourFloor` where its operator works for
    others too, and `NotAPlan` are answers. They are written in the order of their keys, whatever order they come in.
    """
    floors = floors_of(merchant_id)

    def save(plan: SaidPlan) -> int:
        node = floors.called(plan.node)
        return save_count_plan(
            node.operator_id, node_id=node.node_id, method=plan.method, bins_a_day=plan.bins_a_day,
            every=plan.every, active=plan.active, actor=actor,
        )  # fmt: skip

    return each(plans, save, by=lambda one: (one.node.upper(), one.method))
