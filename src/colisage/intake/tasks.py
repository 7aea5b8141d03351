"""Work of the workers: reading files."""

from contextlib import suppress

from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from colisage.intake.actions.forget_messages import forget_messages
from colisage.intake.actions.read_messages import read_messages
from colisage.intake.actions.run_import import run_import
from colisage.intake.queries import unfinished_imports


@app.task(name="intake.run_import", queue="files", retry=3)
def read_file(run_id: int) -> None:
    """Read an import to its end."""
    run_import(run_id)


@app.periodic(cron="* * * * *")
@app.task(name="intake.sweep", queue="files", queueing_lock="intake.sweep")
def sweep(timestamp: int) -> None:
    """Have every file read to its end whose worker was killed, or lost its database; one that is being read is."""
    for run_id in unfinished_imports():
        with suppress(AlreadyEnqueued):
            read_file.configure(queueing_lock=f"intake.run_import:{run_id}").defer(run_id=run_id)


@app.task(name="intake.read_messages", queue="channels", retry=3)
def read(channel_id: int) -> None:
    """Read what a shop said."""
    read_messages(channel_id)


@app.periodic(cron="23 3 * * *")
@app.task(name="intake.forget", queue="files", queueing_lock="intake.forget")
def forget(timestamp: int) -> None:
    """Erase what shops said long ago: it holds names and addresses, and everything it asked for is done."""
    forget_messages()
