"""Keeping what must not be read from a copy of the database: message bodies, credentials of shops and carriers.

The key follows from the secret key of the installation and a purpose; a copy of the database without it tells nothing.
"""

import base64
import hashlib
from functools import cache

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


class SealBroken(Exception):  # noqa: N818 -- a verdict on what was kept
    """It was sealed under another secret key, or for another purpose."""


def sealed(body: bytes, *, purpose: str) -> bytes:
    """Encrypt bytes for keeping."""
    return _box(settings.SECRET_KEY, purpose).encrypt(body)


def opened(kept: bytes, *, purpose: str) -> bytes:
    """Decrypt bytes that were kept; raises `SealBroken`."""
    try:
        return _box(settings.SECRET_KEY, purpose).decrypt(kept)
    except InvalidToken as error:
        raise SealBroken("it was kept under another secret key") from error


@cache
def _box(secret_key: str, purpose: str) -> Fernet:
    digest = hashlib.sha256(f"colisage.{purpose}:{secret_key}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
