from datetime import date

from django.db import transaction

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.network.models import Closure


@transaction.atomic
def open_day(operator_id: int, *, node_id: int, day: date, actor: Actor) -> bool:
    """Work on a day that was closed; say whether it was."""
    ended, _kinds = Closure.objects.filter(node=node_id, node__operator=operator_id, day=day).delete()
    if ended:
        record_deeds(
            [Deed("node", node_id, "day_opened", {"day": day.isoformat()}, operator_id=operator_id)], actor=actor
        )
    return bool(ended)
