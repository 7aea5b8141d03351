"""Work of the workers: holds that end by themselves, and the doors of open orders."""

from django.utils import timezone
from procrastinate.contrib.django import app

from colisage.orders.actions.end_due_holds import end_due_holds
from colisage.orders.actions.tidy_doorsteps import tidy_doorsteps


@app.periodic(cron="13 * * * *")  # each hour is morning somewhere
@app.task(name="orders.end_holds", queue="orders", queueing_lock="orders.end_holds")
def end_holds(timestamp: int) -> None:
    """Release the holds whose last day is over."""
    end_due_holds(now=timezone.now())


@app.periodic(cron="*/10 * * * *")
@app.task(name="orders.tidy_doorsteps", queue="orders", queueing_lock="orders.tidy_doorsteps")
def tidy_doors(timestamp: int) -> None:
    """Forget the doors of orders that are done with, and note those that are missing."""
    tidy_doorsteps()
