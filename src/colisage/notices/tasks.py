"""Work of the workers: sending what waits in the outbox."""

from procrastinate.contrib.django import app

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
