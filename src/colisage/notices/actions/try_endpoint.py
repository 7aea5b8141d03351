from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere
from colisage.notices.actions.replay_calls import SwitchedOff
from colisage.notices.actions.tell_webhooks import call_of
from colisage.notices.queries.webhooks import endpoint_of
from colisage.notices.rules.webhooks import TEST


@transaction.atomic
def try_endpoint(merchant_id: int, *, endpoint_id: int, actor: Actor) -> int:
    """Have a test message sent to an endpoint; give the call. Raises `SwitchedOff`."""
    endpoint = endpoint_of(merchant_id, endpoint_id=endpoint_id)
    if endpoint is None:
        raise NotThere
    if endpoint.state != "on":
        raise SwitchedOff
    call = call_of(endpoint, kind=TEST, said={"note": endpoint.note}, at=timezone.now())
    call.save(force_insert=True)
    app.configure_task("notices.call", queue="notices").defer()
    record_deeds(
        [Deed("webhook", endpoint_id, "webhook_tried", {"call": call.pk}, merchant_id=merchant_id)], actor=actor
    )
    return call.pk
