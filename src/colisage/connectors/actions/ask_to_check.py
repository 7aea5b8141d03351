"""The button “Try it”: asked for on a screen, done by a worker, since a shop may take its time."""

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from colisage.connectors.models import Connection
from colisage.kit.errors import NotThere


@transaction.atomic
def ask_to_check(merchant_id: int, *, channel_id: int) -> None:
    """Have a worker try the connection of a channel. Raises `NotThere`."""
    found = Connection.objects.filter(merchant_id=merchant_id, channel_id=channel_id).first()
    if found is None:
        raise NotThere
    Connection.objects.filter(pk=found.pk).update(asked_at=timezone.now())
    app.configure_task("connectors.check", queue="channels").defer(connection_id=found.pk)
