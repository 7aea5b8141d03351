from django.db import transaction
from django.utils import timezone

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere
from colisage.notices.models import WebhookCall
from colisage.notices.queries.webhooks import endpoint_of


@transaction.atomic
def remove_endpoint(merchant_id: int, *, endpoint_id: int, actor: Actor) -> None:
    """Forget an endpoint and its secrets; what waits for it is given up. The log of its calls stays as long as any."""
    endpoint = endpoint_of(merchant_id, endpoint_id=endpoint_id, locked=True)
    if endpoint is None:
        raise NotThere
    calls = WebhookCall.objects.filter(merchant_id=merchant_id, endpoint=endpoint.pk, state__in=["waiting", "kept"])
    calls.update(state="failed")
    endpoint.state, endpoint.events, endpoint.changed_at = "gone", [], timezone.now()
    endpoint.secret, endpoint.former_secret, endpoint.former_until = b"", None, None
    endpoint.save()
    deed = Deed("webhook", endpoint_id, "webhook_removed", {"url": endpoint.url}, merchant_id=merchant_id)
    record_deeds([deed], actor=actor)
