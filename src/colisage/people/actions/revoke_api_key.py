from django.db import transaction
from django.utils import timezone

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.people.models import ApiKey


@transaction.atomic
def revoke_api_key(merchant_id: int, *, key_id: int, actor: Actor) -> bool:
    """End a key of this merchant; say whether there was a living one."""
    ended = ApiKey.objects.filter(merchant_id=merchant_id, pk=key_id, revoked_at=None).update(revoked_at=timezone.now())
    if ended:
        record_deeds([Deed("api_key", key_id, "api_key_revoked", {}, merchant_id=merchant_id)], actor=actor)
    return bool(ended)
