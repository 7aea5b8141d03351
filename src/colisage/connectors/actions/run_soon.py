"""Waking whoever tells shops what they have to know."""

from collections.abc import Iterable
from contextlib import suppress

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued


def run_soon(connection_ids: Iterable[int]) -> None:
    """Have a worker run the errands of connections; a job that waits already will find them too."""
    for pk in sorted(connection_ids):
        with suppress(AlreadyEnqueued), transaction.atomic():
            job = app.configure_task(
                "connectors.run_errands", queue="channels", lock=f"errands:{pk}", queueing_lock=f"errands:{pk}"
            )
            job.defer(connection_id=pk)
