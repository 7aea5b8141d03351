"""Work of the workers: asking shops, telling them, and reading what they said; what partners sent."""

from contextlib import suppress

from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from colisage.connectors.actions import run_errands as errands
from colisage.connectors.actions.check_connection import check_connection
from colisage.connectors.actions.forget_interchanges import forget_interchanges
from colisage.connectors.actions.look_for_lost import look_for_lost
from colisage.connectors.actions.poll_shop import poll_shop
from colisage.connectors.actions.run_soon import run_soon
from colisage.connectors.actions.tell_all_stock import tell_all_stock
from colisage.connectors.epcis.keeping import KEPT, drop_empty_jobs
from colisage.connectors.queries import connections_on, connections_to_poll, connections_to_run
from colisage.intake.actions.read_soon import read_soon
from colisage.intake.queries import channels_to_read


@app.task(name="connectors.run_errands", queue="channels")
def run_errands(connection_id: int) -> None:
    """Tell a shop what it has to know."""
    errands.run_errands(connection_id)
    read_soon(channels_to_read())


@app.task(name="connectors.check", queue="channels")
def check(connection_id: int) -> None:
    """Try a connection."""
    check_connection(connection_id)


@app.task(name="connectors.tell_stock", queue="channels")
def tell_stock(connection_id: int) -> None:
    """Tell a shop of all its stock."""
    tell_all_stock(connection_id, afresh=True)


@app.periodic(cron="11 4 * * *")
@app.task(name="connectors.tell_stock_daily", queue="channels", queueing_lock="connectors.tell_stock_daily")
def tell_stock_daily(timestamp: int) -> None:
    """Tell every shop of stock that no event told of."""
    for pk in connections_on():
        tell_all_stock(pk, afresh=False)


@app.task(name="connectors.poll", queue="channels")
def poll(connection_id: int) -> None:
    """Ask a shop for what changed, and whether it still has what waits here."""
    poll_shop(connection_id)
    look_for_lost(connection_id)
    read_soon(channels_to_read())


@app.periodic(cron="* * * * *")
@app.task(name="connectors.sweep", queue="channels", queueing_lock="connectors.sweep")
def sweep(timestamp: int) -> None:
    """Begin what is due: asking, telling, and reading what nobody was woken for."""
    for pk in connections_to_poll():
        with suppress(AlreadyEnqueued):
            poll.configure(lock=f"poll:{pk}", queueing_lock=f"poll:{pk}").defer(connection_id=pk)
    run_soon(connections_to_run())
    read_soon(channels_to_read())


@app.periodic(cron="43 * * * *")
@app.task(name="connectors.capture_jobs", queue="connectors", queueing_lock="connectors.capture_jobs")
def capture_jobs(timestamp: int) -> None:
    """Throw away what came of documents that were refused long ago."""
    drop_empty_jobs(before=timezone.now() - KEPT)


@app.periodic(cron="29 3 * * *")
@app.task(name="connectors.forget", queue="connectors", queueing_lock="connectors.forget")
def forget(timestamp: int) -> None:
    """Erase what partners sent long ago."""
    forget_interchanges()
