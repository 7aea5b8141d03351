import hashlib
import secrets
from collections.abc import Iterable

from django.db import transaction

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.people.models import ApiKey


@transaction.atomic
def make_api_key(merchant_id: int, *, name: str, scopes: Iterable[str], actor: Actor) -> str:
    """Make a key for a program and give its token, which is shown once and never kept."""
    prefix = f"co_{secrets.token_hex(4)}"
    token = f"{prefix}.{secrets.token_urlsafe(32)}"
    digest = hashlib.sha256(token.encode()).hexdigest()
    key = ApiKey.objects.create(merchant_id=merchant_id, name=name, prefix=prefix, digest=digest, scopes=sorted(scopes))
    record_deeds([Deed("api_key", key.pk, "api_key_made", {"name": name}, merchant_id=merchant_id)], actor=actor)
    return token
