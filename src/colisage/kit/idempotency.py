"""One answer for one request, however often it is sent: the answer is kept under the sender's key."""

import hashlib
from collections.abc import Callable, Collection

from django.db import connection
from django.utils.translation import gettext_lazy as _

from colisage.kit.described import LONGEST_KEY
from colisage.kit.errors import Malformed, Refused
from colisage.kit.models import Receipt
from colisage.kit.statements import statement

Answer = tuple[int, bytes]  # HTTP status and body


class KeyReused(Malformed):
    """The key came before with another request."""

    code = "idempotency_key_reused"
    text = _("This idempotency key came before with another request.")


class KeyTooLong(Malformed):
    """The key is longer than is kept: cut, two keys that begin alike would be one."""

    code = "idempotency_key_too_long"
    text = _("An idempotency key has %(most)s characters at most.")


class InFlight(Refused):
    """The first request with the key is not answered yet."""

    code = "in_flight"
    text = _("The first request with this idempotency key is still being answered.")


def known_key(said: str) -> str:
    """Give the key that was sent, empty for none; raise `KeyTooLong`."""
    if len(said) > LONGEST_KEY:
        raise KeyTooLong(most=LONGEST_KEY)
    return said


def once(owner: str, *, key: str, body: bytes, merchants: Collection[int], answer: Callable[[], Answer]) -> Answer:
    """Give the answer of then to a request that came before under the same key, else answer and keep it.

    Runs in the caller's transaction: what is refused by an exception is not kept, and may be tried again. Raises
    `KeyReused`, `KeyTooLong`, and `InFlight` while another transaction answers the same key.
    """
    if not known_key(key):
        return answer()
    digest = hashlib.sha256(body).digest()
    with connection.cursor() as db:
        db.execute(statement("kit", "claim_key"), [owner, key, digest, list(merchants)])
        fresh = db.fetchone() is not None
    kept = Receipt.objects.filter(owner=owner, key=key)
    if not fresh:
        known = kept.first()
        if known is None:
            raise InFlight
        if bytes(known.digest) != digest:
            raise KeyReused
        return int(known.status or 0), bytes(known.body or b"")
    status, told = answer()
    kept.update(status=status, body=told)
    return status, told
