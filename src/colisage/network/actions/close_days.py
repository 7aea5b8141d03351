from collections.abc import Mapping
from datetime import date

from django.db import transaction

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere
from colisage.kit.once import insert_once
from colisage.network.models import Closure, Node


@transaction.atomic
def close_days(operator_id: int, *, node_id: int, days: Mapping[date, str], actor: Actor) -> int:
    """Close a node on days, each with its reason; give how many are new. Harmless when repeated.

    Parts that were told a departure on such a day keep it: who works there decides.
    """
    if not Node.objects.filter(operator_id=operator_id, pk=node_id).exists():
        raise NotThere
    known = set(Closure.objects.filter(node=node_id, day__in=days).values_list("day", flat=True))
    fresh = {day: reason for day, reason in days.items() if day not in known}
    insert_once(
        (Closure(node_id=node_id, day=day, reason=reason[:80]) for day, reason in fresh.items()),
        by=["day"],
    )
    if fresh:
        told = {"days": [day.isoformat() for day in sorted(fresh)]}
        record_deeds([Deed("node", node_id, "days_closed", told, operator_id=operator_id)], actor=actor)
    return len(fresh)
