import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.people.models import ApiKey


@transaction.atomic
def make_api_key(
    merchant_id: int, *, name: str, scopes: Iterable[str], actor: Actor, expires_at: datetime | None = None
) -> str:
    """Make a key for a program and give its token, which is shown once and never kept. Expired, it is refused."""
    prefix = f"co_{secrets.token_hex(4)}"
    token = f"{prefix}.{secrets.token_urlsafe(32)}"
    digest = hashlib.sha256(token.encode()).hexdigest()
    wanted = sorted(scopes)
    key = ApiKey.objects.create(
        merchant_id=merchant_id, name=name, prefix=prefix, digest=digest, scopes=wanted, expires_at=expires_at
    )
    data = {"name": name, "scopes": wanted, "expires_at": expires_at.isoformat() if expires_at else None}
    record_deeds([Deed("api_key", key.pk, "api_key_made", data, merchant_id=merchant_id)], actor=actor)
    return token
