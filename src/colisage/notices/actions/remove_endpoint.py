from django.db import transaction

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere
from colisage.notices.models import WebhookCall, WebhookEndpoint


@transaction.atomic
def remove_endpoint(merchant_id: int, *, endpoint_id: int, actor: Actor) -> None:
    """Forget an endpoint, its secret and the log of its calls; what waits for it is not sent any more."""
    endpoint = WebhookEndpoint.objects.select_for_update().filter(merchant_id=merchant_id, pk=endpoint_id).first()
    if endpoint is None:
        raise NotThere
    WebhookCall.objects.filter(merchant_id=merchant_id, endpoint=endpoint.pk).delete()
    url = endpoint.url
    endpoint.delete()
    record_deeds([Deed("webhook", endpoint_id, "webhook_removed", {"url": url}, merchant_id=merchant_id)], actor=actor)
