"""The button “Ask for orders now”."""

from contextlib import suppress

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from colisage.connectors.models import Connection
from colisage.connectors.queries.connections import asked_shops
from colisage.kit.errors import NotThere, Refused


class OnlySends(Refused):
    """Nobody asks this kind of shop: it sends."""

    code = "only_sends"
    text = _("This shop sends its orders by itself; it cannot be asked.")


@transaction.atomic
def ask_now(merchant_id: int, *, channel_id: int) -> None:
    """Have a worker ask a shop for what changed. Raises `NotThere`, and `OnlySends` for a shop that is not asked."""
    found = Connection.objects.filter(merchant_id=merchant_id, channel_id=channel_id)
    row = found.values_list("pk", "connector").first()
    if row is None:
        raise NotThere
    pk, connector = row
    if connector not in asked_shops():
        raise OnlySends
    with suppress(AlreadyEnqueued), transaction.atomic():
        job = app.configure_task("connectors.poll", queue="channels", lock=f"poll:{pk}", queueing_lock=f"poll:{pk}")
        job.defer(connection_id=pk)
