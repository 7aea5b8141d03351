from django.db import transaction
from django.db.models import Q

from colisage.inventory.actions.note_units import NotACount
from colisage.inventory.models import CountRule
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere
from colisage.network.queries import nodes_by_id, nodes_serving


@transaction.atomic
def save_count_rule(
    operator_id: int,
    *,
    node_id: int,
    merchant_id: int | None,
    tolerance: int,
    limit_units: int,
    limit_cents: int,
    idle_hours: int = 8,
    actor: Actor,
) -> None:
    """Set how far a count at a node may be from the books, for one merchant or for all without limits of their own."""
    node = nodes_by_id([node_id]).get(node_id)
    if node is None or node.operator_id != operator_id:
        raise NotThere
    if merchant_id is not None and node_id not in {s.node_id for s in nodes_serving([merchant_id])[merchant_id]}:
        raise NotThere
    if (
        min(tolerance, limit_units, limit_cents) < 0
        or max(tolerance, limit_units) > 1_000_000
        or limit_cents > 10**12
        or not 1 <= idle_hours <= 72
    ):
        raise NotACount
    said = {"tolerance": tolerance, "limit_units": limit_units, "limit_cents": limit_cents, "idle_hours": idle_hours}
    CountRule.objects.filter(Q(merchant_id=merchant_id)).update_or_create(
        node_id=node_id, defaults={"operator_id": operator_id, "merchant_id": merchant_id, **said}
    )
    record_deeds(
        [Deed("node", node_id, "count_rule_set", said, merchant_id=merchant_id, operator_id=operator_id)], actor=actor
    )
