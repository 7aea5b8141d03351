from collections.abc import Collection
from datetime import date

from django.db import transaction

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.network.models import Closure


@transaction.atomic
def open_days(operator_id: int, *, node_id: int, days: Collection[date], actor: Actor) -> set[date]:
    """Work on days that were closed; give those that were. Harmless when repeated."""
    closed = Closure.objects.select_for_update().filter(node=node_id, node__operator=operator_id, day__in=set(days))
    known = dict(closed.order_by("day").values_list("pk", "day"))
    Closure.objects.filter(pk__in=known).delete()
    record_deeds(
        (
            Deed("node", node_id, "day_opened", {"day": day.isoformat()}, operator_id=operator_id)
            for day in known.values()
        ),
        actor=actor,
    )
    return set(known.values())
