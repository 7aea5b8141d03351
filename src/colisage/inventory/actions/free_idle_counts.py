"""Bins whose counter left: they are free again, and somebody is told."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Min

from colisage.inventory.models import CountRound, CountRule, CountTask
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds

HOURS: Final = 8  # where a node says nothing else


@transaction.atomic
def free_idle_counts(*, now: datetime, actor: Actor) -> int:
    """Free the bins in which nobody scanned for the hours of their node; give how many.

    What was noted there is dropped, as when a person leaves a count: it waits to be begun again, and the list of counts
    says who did not come back. A count that somebody works on at this very moment is left alone.
    """
    hours = dict(CountRule.objects.values_list("node_id").annotate(h=Min("idle_hours")))
    idle = CountRound.objects.filter(finished_at=None, dropped=False, seen_at__lte=now - timedelta(hours=1))
    due = [
        task
        for task, node, seen in idle.values_list("task_id", "task__node_id", "seen_at")
        if seen <= now - timedelta(hours=hours.get(node, HOURS))
    ]
    rows = CountTask.objects.filter(pk__in=due, state="counting").order_by("pk")
    tasks = {task.pk: task for task in rows.select_for_update(no_key=True, skip_locked=True)}
    rounds = CountRound.objects.filter(task__in=tasks, finished_at=None, dropped=False).order_by("pk")
    left = []
    for going in rounds.select_for_update(no_key=True, skip_locked=True):
        task = tasks[going.task_id]
        if going.seen_at <= now - timedelta(hours=hours.get(task.node_id, HOURS)):
            task.state, task.left_at, task.left_by = "recount" if task.rounds else "open", now, going.person_name
            going.dropped = True
            left.append((task, going))
    CountRound.objects.bulk_update([going for _task, going in left], ["dropped"])
    CountTask.objects.bulk_update([task for task, _going in left], ["state", "left_at", "left_by"])
    record_deeds(
        (
            Deed("count_task", task.pk, "count_left", {"by": going.person_name}, operator_id=task.operator_id)
            for task, going in left
        ),
        actor=actor,
    )
    return len(left)
