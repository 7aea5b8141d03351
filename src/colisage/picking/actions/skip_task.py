from django.db import transaction
from django.db.models import Max

from colisage.kit.errors import NotThere
from colisage.picking.models import PickBatch, PickTask


@transaction.atomic
def skip_task(operator_id: int, *, task_id: int) -> None:
    """Leave a task for the end of its batch, for instance when another picker stands in the way."""
    task = PickTask.objects.filter(operator_id=operator_id, pk=task_id, state="open").first()
    if task is None:
        raise NotThere
    PickBatch.objects.select_for_update(no_key=True).get(pk=task.batch_id)
    last = PickTask.objects.filter(batch=task.batch_id).aggregate(last=Max("position"))["last"]
    if last != task.position:
        PickTask.objects.filter(pk=task_id).update(position=last + 1)
