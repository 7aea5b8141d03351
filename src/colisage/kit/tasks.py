"""Work of the workers: rows of files that are sent again."""

from contextlib import suppress

from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from colisage.kit.sent_files import kind_called, kinds, runs_with_waiting_rows, send_waiting_rows


@app.task(name="kit.send_rows", queue="files", retry=3)
def read_rows_again(kind: str, run_id: int) -> None:
    """Send rows of a file again that wait for it."""
    send_waiting_rows(kind_called(kind), run_id)


@app.periodic(cron="* * * * *")
@app.task(name="kit.sweep_rows", queue="files", queueing_lock="kit.sweep_rows")
def sweep_rows(timestamp: int) -> None:
    """Have the rows of every file sent again whose worker was killed, or lost its database."""
    for kind in kinds():
        for run_id in runs_with_waiting_rows(kind_called(kind)):
            with suppress(AlreadyEnqueued):
                read_rows_again.configure(queueing_lock=f"kit.rows:{kind}:{run_id}").defer(kind=kind, run_id=run_id)
