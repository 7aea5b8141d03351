"""Pure decisions about messages: what news is told, when a failed one is tried again, what an SMTP answer means."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

MOVED: Final[Mapping[str, str]] = {  # the status of a parcel -> the kind of message
    "out_for_delivery": "out_for_delivery",
    "ready_for_pickup": "ready_for_pickup",
    "delivered": "delivered",
    "delayed": "delayed",
    "failed": "failed",
}
RETURNS: Final[Mapping[str, str]] = {  # the event -> the kind of message
    "ReturnRequested": "return_asked",
    "ReturnApproved": "return_label",
    "ReturnRefused": "return_refused",
    "ReturnReceived": "return_received",
    "Refunded": "refunded",
}
STALE: Final = timedelta(days=2)  # a message older than this would mislead: it is kept, and not sent
SILENT: Final = timedelta(minutes=10)  # a worker that has not said what came of a message by then has died
_WAITS: Final = (1, 5, 15, 60, 240, 720)  # minutes before each further attempt
MOST_ATTEMPTS: Final = len(_WAITS) + 1


def wait(attempts: int) -> timedelta | None:
    """Say how long to wait after so many attempts; None when a person has to decide."""
    return timedelta(minutes=_WAITS[attempts - 1]) if attempts < MOST_ATTEMPTS else None


def verdict(code: int) -> str:
    """Say what an SMTP reply means: `later` for a passing trouble (4yz), else `refused`."""
    return "later" if 400 <= code < 500 else "refused"


def one_line(text: str) -> str:
    """Put a text on one line: nothing of it may become a header of its own."""
    return " ".join(text.split())
