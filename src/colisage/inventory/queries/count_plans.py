"""Plans of counts, and the bins they make due."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from colisage.inventory.models import CountPlan
from colisage.inventory.rules.counting import BinFacts, Due, abc_classes, due_by_abc, due_by_risk
from colisage.kit.statements import statement

_LOOK_BACK = timedelta(days=90)


def plans_at(operator_ids: Collection[int]) -> list[CountPlan]:
    """Give the plans of operators, node by node."""
    rows = CountPlan.objects.filter(operator__in=operator_ids).select_related("node")
    return list(rows.order_by("node__name", "method"))


def plan_at(operator_ids: Collection[int], *, plan_id: int, locked: bool = False) -> CountPlan | None:
    """Find a plan of these operators."""
    rows = CountPlan.objects.filter(operator__in=operator_ids, pk=plan_id).select_related("node")
    return (rows.select_for_update(no_key=True, of=("self",)) if locked else rows).first()


def active_plans() -> list[int]:
    """Give the plans by which bins are chosen day by day."""
    return list(CountPlan.objects.filter(active=True, node__active=True).order_by("pk").values_list("pk", flat=True))


def due_bins(plan: CountPlan, *, now: datetime) -> list[Due]:
    """Give the bins that a plan makes due, at most those of a day, the most urgent first; two statements."""
    asked: dict[str, Any] = {"node": plan.node_id, "now": now, "since": now - _LOOK_BACK}
    with connection.cursor() as db:
        db.execute(statement("inventory", "count_facts"), asked)
        facts = [
            BinFacts(place, code, walk, tuple(skus), units, cents, days, moved, shorts, planned)
            for place, code, walk, skus, units, cents, days, moved, shorts, planned in db.fetchall()
        ]
        if plan.method == "risk":
            return due_by_risk(facts, most=plan.bins_a_day)
        db.execute(statement("inventory", "sku_picks"), asked)
        classes = abc_classes(dict(db.fetchall()))
    every = {"A": plan.a_days, "B": plan.b_days, "C": plan.c_days}
    return due_by_abc(facts, classes=classes, most=plan.bins_a_day, every=every)
