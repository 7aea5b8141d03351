from django.db import transaction
from django.utils import timezone

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere
from colisage.notices.models import WebhookCall, WebhookEndpoint
from colisage.notices.queries.webhooks import endpoint_of


@transaction.atomic
def switch_endpoint(merchant_id: int, *, endpoint_id: int, on: bool, actor: Actor) -> None:
    """Switch an endpoint on, its failures forgotten, or off. What waits is kept while it is off.

    What was kept is not sent by itself when it is on again: a person says so (`replay_calls`).
    """
    row = endpoint_of(merchant_id, endpoint_id=endpoint_id, locked=True)
    if row is None:
        raise NotThere
    state = "on" if on else "off"
    if row.state == state:
        return
    WebhookEndpoint.objects.filter(pk=row.pk).update(
        state=state, failures=0, failing_since=None, paused_until=None, changed_at=timezone.now()
    )
    if not on:
        WebhookCall.objects.filter(merchant_id=merchant_id, endpoint=row.pk, state="waiting").update(state="kept")
    record_deeds([Deed("webhook", row.pk, f"webhook_{state}", {}, merchant_id=merchant_id)], actor=actor)
