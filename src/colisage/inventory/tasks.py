"""Work of the workers: what the calendar does to stock, and the bins to count today."""

from procrastinate.contrib.django import app

from colisage.inventory.actions.expire_lots import expire_lots
from colisage.inventory.actions.plan_counts import plan_counts
from colisage.inventory.queries.count_plans import active_plans
from colisage.kit.actors import SYSTEM


@app.periodic(cron="7 * * * *")  # each hour is midnight somewhere
@app.task(name="inventory.expire", queue="inventory", queueing_lock="inventory.expire")
def expire(timestamp: int) -> None:
    """Expire what is past its date where a day has just begun."""
    expire_lots()


@app.periodic(cron="11 * * * *")
@app.task(name="inventory.counts", queue="inventory", queueing_lock="inventory.counts")
def counts(timestamp: int) -> None:
    """Choose the bins of the day at each node where a new day began."""
    plan_counts(active_plans(), actor=SYSTEM)
