from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from colisage.inventory.models import CountRound, CountTask
from colisage.inventory.rules.counting import LIVE
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds


@transaction.atomic
def cancel_count(operator_id: int, *, task_ids: Collection[int], actor: Actor) -> int:
    """Take counts away that are not settled yet; a bin being counted is free again. Gives how many."""
    rows = CountTask.objects.select_for_update(no_key=True).filter(operator_id=operator_id, pk__in=task_ids)
    ids = list(rows.filter(state__in=LIVE).order_by("pk").values_list("pk", flat=True))
    CountRound.objects.filter(task__in=ids, finished_at=None).update(dropped=True)
    CountTask.objects.filter(pk__in=ids).update(
        state="cancelled", decided_at=timezone.now(), decided_by=str(actor)[:150]
    )
    record_deeds((Deed("count_task", pk, "count_cancelled", {}, operator_id=operator_id) for pk in ids), actor=actor)
    return len(ids)
