"""Work of the workers: holds that end by themselves."""

from django.utils import timezone
from procrastinate.contrib.django import app

from colisage.orders.actions.end_due_holds import end_due_holds


@app.periodic(cron="13 * * * *")  # each hour is morning somewhere
@app.task(name="orders.end_holds", queue="orders", queueing_lock="orders.end_holds")
def end_holds(timestamp: int) -> None:
    """Release the holds whose last day is over."""
    end_due_holds(now=timezone.now())
