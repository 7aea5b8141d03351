"""The vocabulary of tracking, and what a connector tells in it; sources are named by `settings.COLISAGE_TRACKING`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal, Protocol

Status = Literal[
    "pending",
    "picked_up",
    "in_transit",
    "out_for_delivery",
    "ready_for_pickup",
    "delivered",
    "delayed",
    "failed",
    "returning",
    "returned",
    "unknown",
]
REASONS: Final = (
    "absent", "refused", "wrong_address", "undeliverable", "damaged", "lost", "customs", "customs_held",
    "customs_cleared", "weather", "strike", "carrier", "solved", "waiting_for_round",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierEvent:
    """One thing a carrier tells about one parcel. `key` is the same when the same thing is told again."""

    carrier: str  # the carrier's code
    tracking_number: str
    key: str
    status: Status
    occurred_at: datetime
    reason: str = ""
    code: str = ""  # the carrier's own
    place: str = ""
    expected_on: date | None = None


class Unreadable(Exception):  # noqa: N818 -- a verdict on a message
    """A message is signed, and cannot be understood."""


class TrackingSource(Protocol):
    """Who sends tracking messages, signed as Standard Webhooks ask."""

    def secrets(self) -> Sequence[bytes]:
        """Give the secrets a message may be signed with; several while one is being replaced."""
        ...

    def read(self, body: bytes) -> Sequence[CarrierEvent]:
        """Say in our words what a message tells; raises `Unreadable`."""
        ...
