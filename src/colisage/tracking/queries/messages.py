"""Messages of tracking sources: who may send them, and how they are kept."""

import base64
import hashlib
from functools import cache

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.utils.module_loading import import_string

from colisage.tracking.ports import TrackingSource, Unreadable


def source_called(name: str) -> TrackingSource | None:
    """Find a source that this installation listens to."""
    sources: dict[str, str] = getattr(settings, "COLISAGE_TRACKING", {})
    if name not in sources:
        return None
    source: TrackingSource = import_string(sources[name])()
    return source


def sealed(body: bytes) -> bytes:
    """Encrypt a message for keeping."""
    return _box(settings.SECRET_KEY).encrypt(body)


def opened(kept: bytes) -> bytes:
    """Decrypt a message that was kept; raises `Unreadable` when the secret key of the installation has changed."""
    try:
        return _box(settings.SECRET_KEY).decrypt(kept)
    except InvalidToken as error:
        raise Unreadable("it was kept under another secret key") from error


@cache
def _box(secret_key: str) -> Fernet:
    digest = hashlib.sha256(b"colisage.tracking.messages:" + secret_key.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
