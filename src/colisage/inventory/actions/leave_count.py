from django.db import transaction

from colisage.inventory.models import CountRound, CountTask
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere


@transaction.atomic
def leave_count(operator_id: int, *, task_id: int, actor: Actor) -> None:
    """Stop counting a bin without a result: it is free again, and its count waits. Harmless when nobody counts it."""
    task = CountTask.objects.select_for_update(no_key=True).filter(operator_id=operator_id, pk=task_id).first()
    if task is None:
        raise NotThere
    if task.state != "counting":
        return
    CountRound.objects.filter(task=task, finished_at=None, dropped=False).update(dropped=True)
    CountTask.objects.filter(pk=task.pk).update(state="recount" if task.rounds else "open")
    record_deeds([Deed("count_task", task.pk, "count_left", {}, operator_id=operator_id)], actor=actor)
