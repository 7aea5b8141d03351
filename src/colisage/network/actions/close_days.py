from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed, NotThere, Refused
from colisage.kit.once import insert_once
from colisage.network.models import Closure, Node
from colisage.network.queries.calendars import day_at


class DayIsOver(Malformed):
    """What was done on a day that is over is done."""

    code = "day_is_over"
    text = _("Choose a day that is still to come.")


@transaction.atomic
def close_days(operator_id: int, *, node_id: int, days: Mapping[date, str], actor: Actor) -> dict[date, Refused | bool]:
    """Close a node on days, each with its reason. Harmless when repeated.

    Gives of each day whether it is new, or `DayIsOver` for one that is over where the node is. Parts that were told a
    departure on such a day keep it: who works there decides.
    """
    node = Node.objects.filter(operator_id=operator_id, pk=node_id).first()
    if node is None:
        raise NotThere
    today = day_at(node, now=timezone.now())
    known = set(Closure.objects.filter(node=node_id, day__in=days).values_list("day", flat=True))
    fresh = {day: reason for day, reason in days.items() if day >= today and day not in known}
    insert_once(
        (Closure(node_id=node_id, day=day, reason=reason[:80]) for day, reason in fresh.items()),
        by=["day"],
    )
    if fresh:
        told = {"days": [day.isoformat() for day in sorted(fresh)]}
        record_deeds([Deed("node", node_id, "days_closed", told, operator_id=operator_id)], actor=actor)
    return {day: DayIsOver() if day < today else day in fresh for day in days}
