"""Waking the reader of a channel's messages."""

from collections.abc import Iterable
from contextlib import suppress

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued


def read_soon(channel_ids: Iterable[int]) -> None:
    """Have a worker read the messages of channels; a job that waits already will find them too."""
    for channel_id in sorted(channel_ids):
        name = f"intake.read_messages:{channel_id}"
        with suppress(AlreadyEnqueued), transaction.atomic():
            job = app.configure_task("intake.read_messages", queue="channels", lock=name, queueing_lock=name)
            job.defer(channel_id=channel_id)
