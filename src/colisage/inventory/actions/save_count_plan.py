from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.inventory.models import CountPlan
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed, NotThere
from colisage.network.queries import nodes_by_id


class NotAPlan(Malformed):
    """A plan chooses by class or by risk, some bins a day, within days that make sense."""

    code = "not_a_plan"
    text = _("A plan counts 1 to 1,000 bins a day, and A no less often than B, B no less often than C.")


@transaction.atomic
def save_count_plan(
    operator_id: int,
    *,
    node_id: int,
    method: str,
    bins_a_day: int,
    actor: Actor,
    every: tuple[int, int, int] = (30, 90, 180),
    active: bool = True,
) -> int:
    """Make the plan of a node by class or by risk, or change it; give its id. `every` are the days of A, B and C."""
    node = nodes_by_id([node_id]).get(node_id)
    if node is None or node.operator_id != operator_id:
        raise NotThere
    first, second, third = every
    if method not in {"abc", "risk"} or not 0 < bins_a_day <= 1_000 or not 0 < first <= second <= third <= 3_650:
        raise NotAPlan
    said = {"bins_a_day": bins_a_day, "a_days": first, "b_days": second, "c_days": third, "active": active}
    plan, _made = CountPlan.objects.update_or_create(
        node_id=node_id, method=method, defaults={"operator_id": operator_id, **said}
    )
    record_deeds(
        [Deed("node", node_id, "count_plan_set", {"method": method, **said}, operator_id=operator_id)], actor=actor
    )
    return plan.pk
