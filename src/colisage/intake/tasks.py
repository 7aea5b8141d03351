"""Work of the workers: reading files."""

from procrastinate.contrib.django import app

from colisage.intake.actions.run_import import run_import


@app.task(name="intake.run_import", queue="files", retry=3)
def read_file(run_id: int) -> None:
    """Read an import to its end."""
    run_import(run_id)
