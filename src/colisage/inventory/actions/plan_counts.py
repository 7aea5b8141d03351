"""The bins of the day: chosen once a day for each plan, by the clock of its node."""

from collections.abc import Collection
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from colisage.inventory.actions.count_bins import NothingToCount, count_bins
from colisage.inventory.models import CountPlan
from colisage.inventory.queries.count_plans import due_bins
from colisage.kit.actors import Actor


def plan_counts(plan_ids: Collection[int], *, actor: Actor, again: bool = False) -> list[int]:
    """Choose the bins that plans make due today, and ask for their count; give the counts made.

    A plan chooses once a day; `again` chooses more on the same day. Each plan is a transaction of its own.
    """
    made = [_choose(plan, actor=actor, again=again) for plan in plan_ids]
    return [count for count in made if count is not None]


@transaction.atomic
def _choose(plan_id: int, *, actor: Actor, again: bool) -> int | None:
    plan = CountPlan.objects.select_for_update(no_key=True, of=("self",)).select_related("node").get(pk=plan_id)
    now = timezone.now()
    today = now.astimezone(ZoneInfo(plan.node.timezone)).date()
    if not plan.active or (plan.made_on is not None and plan.made_on >= today and not again):
        return None
    CountPlan.objects.filter(pk=plan_id).update(made_on=today)
    due = due_bins(plan, now=now)
    try:
        return count_bins(
            plan.operator_id,
            node_id=plan.node_id,
            bins=[(one.bin.place_id, one.why) for one in due],
            method=plan.method,
            plan_id=plan.pk,
            actor=actor,
        )
    except NothingToCount:
        return None
