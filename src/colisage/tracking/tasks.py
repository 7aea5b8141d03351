"""Work of the workers: reading the messages that came in."""

from procrastinate.contrib.django import app

from colisage.tracking.actions.apply_deliveries import apply_deliveries
from colisage.tracking.actions.forget_deliveries import forget_deliveries


@app.task(name="tracking.apply", queue="tracking", queueing_lock="tracking.apply")
def apply() -> None:
    """Read every message that waits."""
    apply_deliveries()


@app.periodic(cron="* * * * *")
@app.task(name="tracking.sweep", queue="tracking", queueing_lock="tracking.sweep")
def sweep(timestamp: int) -> None:
    """Read what nobody was woken for, and what named parcels not known before."""
    apply_deliveries(unclaimed=True)


@app.periodic(cron="17 3 * * *")
@app.task(name="tracking.forget", queue="tracking", queueing_lock="tracking.forget")
def forget(timestamp: int) -> None:
    """Erase what may not be kept longer."""
    forget_deliveries()
