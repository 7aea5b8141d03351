"""Work of the workers: sending what waits in the outbox, and calling the programs that want to hear."""

from procrastinate.contrib.django import app

from colisage.notices.actions.forget_calls import forget_calls
from colisage.notices.actions.make_calls import make_calls
from colisage.notices.actions.send_messages import send_messages


@app.task(name="notices.send", queue="notices")
def send() -> None:
    """Send what is due."""
    send_messages()


@app.periodic(cron="* * * * *")
@app.task(name="notices.sweep", queue="notices", queueing_lock="notices.sweep")
def sweep(timestamp: int) -> None:
    """Try again what a mail server asked to have later, and settle what a dead worker left behind."""
    send_messages()


@app.task(name="notices.call", queue="notices")
def call() -> None:
    """Make the webhook calls that are due."""
    make_calls()


@app.periodic(cron="* * * * *")
@app.task(name="notices.call_again", queue="notices", queueing_lock="notices.call_again")
def call_again(timestamp: int) -> None:
    """Make the webhook calls whose pause is over, and those a dead worker left behind."""
    make_calls()


@app.periodic(cron="20 3 * * *")
@app.task(name="notices.forget_calls", queue="notices", queueing_lock="notices.forget_calls")
def forget(timestamp: int) -> None:
    """Forget old webhook calls."""
    forget_calls()
