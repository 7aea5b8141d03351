"""Work of the workers: what the calendar does to stock."""

from procrastinate.contrib.django import app

from colisage.inventory.actions.expire_lots import expire_lots


@app.periodic(cron="7 * * * *")  # each hour is midnight somewhere
@app.task(name="inventory.expire", queue="inventory", queueing_lock="inventory.expire")
def expire(timestamp: int) -> None:
    """Expire what is past its date where a day has just begun."""
    expire_lots()
