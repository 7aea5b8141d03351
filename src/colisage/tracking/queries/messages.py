"""Messages of tracking sources: who may send them, and how they are kept."""

from django.conf import settings
from django.utils.module_loading import import_string

from colisage.kit import sealing
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
    return sealing.sealed(body, purpose="tracking.messages")


def opened(kept: bytes) -> bytes:
    """Decrypt a message that was kept; raises `Unreadable` when the secret key of the installation has changed."""
    try:
        return sealing.opened(kept, purpose="tracking.messages")
    except sealing.SealBroken as error:
        raise Unreadable(str(error)) from error
