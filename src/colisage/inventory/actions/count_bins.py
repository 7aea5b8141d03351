"""Asking for a count of bins: those of a plan's day, or chosen by hand."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.inventory.models import Count, CountTask
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere, Refused
from colisage.kit.once import insert_once
from colisage.network.queries import bins_of, nodes_by_id


class NothingToCount(Refused):
    """None of the bins can be counted: there is none, or each waits for a count already."""

    code = "nothing_to_count"
    text = _("No bin to count: each of these waits for a count already.")


@transaction.atomic
def count_bins(
    operator_id: int,
    *,
    node_id: int,
    bins: Sequence[tuple[int, str]],
    actor: Actor,
    method: str = "hand",
    plan_id: int | None = None,
) -> int:
    """Ask for a count of bins of a node, each with the code of why; give the count's id.

    A bin whose count is not settled yet is left out. Raises `NothingToCount` when none remains.
    """
    node = nodes_by_id([node_id]).get(node_id)
    if node is None or node.operator_id != operator_id:
        raise NotThere
    known = {one.id for one in bins_of(node_id)}
    wanted = {place: why for place, why in bins if place in known}
    count = Count.objects.create(
        operator_id=operator_id, node_id=node_id, plan_id=plan_id, method=method, made_by=str(actor)[:150]
    )
    insert_once(
        (
            CountTask(operator_id=operator_id, node_id=node_id, count=count, place_id=place, why=why)
            for place, why in wanted.items()
        ),
        by=["place_id"],
    )
    made = CountTask.objects.filter(count=count).count()
    if not made:
        raise NothingToCount
    record_deeds(
        [Deed("count", count.pk, "count_asked", {"bins": made, "method": method}, operator_id=operator_id)],
        actor=actor,
    )
    return count.pk
