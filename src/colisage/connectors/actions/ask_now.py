"""The button “Ask for orders now”."""

from contextlib import suppress

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from colisage.connectors.models import Connection
from colisage.kit.errors import NotThere


@transaction.atomic
def ask_now(merchant_id: int, *, channel_id: int) -> None:
    """Have a worker ask a shop for what changed. Raises `NotThere`."""
    pk = Connection.objects.filter(merchant_id=merchant_id, channel_id=channel_id).values_list("pk", flat=True).first()
    if pk is None:
        raise NotThere
    with suppress(AlreadyEnqueued), transaction.atomic():
        job = app.configure_task("connectors.poll", queue="channels", lock=f"poll:{pk}", queueing_lock=f"poll:{pk}")
        job.defer(connection_id=pk)
