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


class ShopSwitchedOff(Refused):
    """Nothing is taken over from this shop, nor told to it."""

    code = "switched_off"
    text = _("This shop is switched off: nothing is taken over from it.")


@transaction.atomic
def ask_now(merchant_id: int, *, channel_id: int) -> None:
    """Have a worker ask a shop for what changed.

    Raises `NotThere`, `OnlySends` for a shop that is not asked, `ShopSwitchedOff`.
    """
    found = Connection.objects.filter(merchant_id=merchant_id, channel_id=channel_id)
    row = found.values_list("pk", "connector", "active").first()
    if row is None:
        raise NotThere
    pk, connector, active = row
    if connector not in asked_shops():
        raise OnlySends
    if not active:
        raise ShopSwitchedOff
    with suppress(AlreadyEnqueued), transaction.atomic():
        job = app.configure_task("connectors.poll", queue="channels", lock=f"poll:{pk}", queueing_lock=f"poll:{pk}")
        job.defer(connection_id=pk)
