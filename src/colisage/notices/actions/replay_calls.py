"""Sending webhook calls again: single ones, or those of a time."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere, Refused
from colisage.notices.models import WebhookCall, WebhookEndpoint
from colisage.notices.queries.webhooks import endpoint_of

AGAIN = ("failed", "kept", "sent")


class SwitchedOff(Refused):
    """Nothing is sent to an endpoint that is off."""

    code = "endpoint_switched_off"
    text = _("This endpoint is switched off. Switch it on first.")


@transaction.atomic
def replay_calls(
    merchant_id: int,
    *,
    endpoint_id: int,
    actor: Actor,
    call_ids: Collection[int] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    states: Collection[str] = AGAIN,
) -> int:
    """Have calls of an endpoint made again, with the same id and body; give how many.

    Those of `call_ids`, else those written from `since` until `until`, in one of `states`. What waits or is being
    sent is left alone. Raises `SwitchedOff`.
    """
    endpoint = endpoint_of(merchant_id, endpoint_id=endpoint_id)
    if endpoint is None:
        raise NotThere
    if endpoint.state != "on":
        raise SwitchedOff
    rows = WebhookCall.objects.filter(
        merchant_id=merchant_id, endpoint=endpoint_id, state__in=[s for s in states if s in AGAIN]
    )
    if call_ids is not None:
        rows = rows.filter(pk__in=call_ids)
    if since is not None:
        rows = rows.filter(created_at__gte=since)
    if until is not None:
        rows = rows.filter(created_at__lt=until)
    count = rows.update(state="waiting", attempts=0, next_try_at=timezone.now())
    if count:
        WebhookEndpoint.objects.filter(pk=endpoint_id).update(paused_until=None)
        app.configure_task("notices.call", queue="notices").defer()
        record_deeds(
            [Deed("webhook", endpoint_id, "webhook_replayed", {"calls": count}, merchant_id=merchant_id)], actor=actor
        )
    return count
