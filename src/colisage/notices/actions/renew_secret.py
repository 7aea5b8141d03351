from django.db import transaction
from django.db.models import F
from django.utils import timezone

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere
from colisage.notices.queries.secrets import kept_secret, new_secret
from colisage.notices.queries.webhooks import living
from colisage.notices.rules.webhooks import BOTH_SECRETS


@transaction.atomic
def renew_secret(merchant_id: int, *, endpoint_id: int, actor: Actor) -> str:
    """Give an endpoint a new secret, which is shown once. The former one signs too for a day, then no more."""
    secret = new_secret()
    now = timezone.now()
    changed = (
        living(merchant_id)
        .filter(pk=endpoint_id)
        .update(former_secret=F("secret"), former_until=now + BOTH_SECRETS, secret=kept_secret(secret), changed_at=now)
    )
    if not changed:
        raise NotThere
    record_deeds([Deed("webhook", endpoint_id, "webhook_secret_renewed", {}, merchant_id=merchant_id)], actor=actor)
    return secret
