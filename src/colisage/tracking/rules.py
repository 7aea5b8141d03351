"""Pure decisions of tracking: what a set of events says, which stage follows, what a code means, who signed."""

import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from colisage.kit.signing import signature
from colisage.tracking.ports import Status

# --- what a set of events says

RANK: Final[Mapping[str, int]] = {
    "unknown": 0, "pending": 1, "picked_up": 2, "in_transit": 3, "delayed": 4, "ready_for_pickup": 5,
    "out_for_delivery": 6, "failed": 7, "returning": 8, "delivered": 9, "returned": 10,
}  # fmt: skip
FINAL: Final = frozenset({"delivered", "returned"})
PROBLEMS: Final = frozenset({"failed", "returning", "returned"})
STEPS: Final = ("pending", "picked_up", "in_transit", "out_for_delivery", "delivered")


@dataclass(frozen=True, slots=True)
class Told:
    """One event, as far as the status depends on it."""

    status: str
    reason: str
    place: str
    occurred_at: datetime
    expected_on: date | None = None


def standing(events: Iterable[Told]) -> Told | None:
    """Say where a parcel stands: the same whatever the order the events came in, and however often.

    The latest event counts. Once delivered or back at the sender nothing else does; once on its way back only its
    arrival does. What is not understood changes nothing, and a mere announcement nothing that is known. None without
    events.
    """
    known = sorted(
        (e for e in events if e.status != "unknown"),
        key=lambda e: (e.occurred_at, RANK[e.status], e.reason, e.place),
    )
    for those in (FINAL, frozenset({"returning"})):
        last = next((e for e in reversed(known) if e.status in those), None)
        if last is not None:
            return last
    real = [e for e in known if e.status != "pending"]
    return next(reversed(real or known), None)


def stage_of(statuses: Sequence[str]) -> str | None:
    """Give the stage of a part whose parcels stand like this: delivered, problem, handed_over; None without parcels."""
    if not statuses:
        return None
    if any(status in PROBLEMS for status in statuses):
        return "problem"
    return "delivered" if all(status == "delivered" for status in statuses) else "handed_over"


def reached(status: str, *, told: Iterable[str]) -> int:
    """Give how many of `STEPS` a parcel has reached, by its status and what was told before."""
    seen = [STEPS.index(s) for s in (*told, status) if s in STEPS]
    if status in {"ready_for_pickup", "failed", "returning", "returned"}:
        seen.append(STEPS.index("in_transit"))
    return max(seen, default=-1) + 1


# --- what a code means: La Poste, Suivi v2

LAPOSTE: Final[Mapping[str, tuple[Status, str]]] = {
    "DR1": ("pending", ""),
    "PC1": ("picked_up", ""),
    "PC2": ("picked_up", ""),
    "ET1": ("in_transit", ""),
    "ET2": ("in_transit", ""),
    "ET3": ("in_transit", ""),
    "ET4": ("in_transit", ""),
    "EP1": ("in_transit", "waiting_for_round"),
    "DO1": ("in_transit", "customs"),
    "DO2": ("in_transit", "customs_cleared"),
    "DO3": ("delayed", "customs_held"),
    "PB1": ("delayed", "carrier"),
    "PB2": ("in_transit", "solved"),
    "MD2": ("out_for_delivery", ""),
    "ND1": ("failed", "undeliverable"),
    "AG1": ("ready_for_pickup", ""),
    "RE1": ("returning", ""),
    "DI1": ("delivered", ""),
    "DI2": ("returned", ""),
}


def laposte(code: str) -> tuple[Status, str]:
    """Give status and reason of a code of La Poste; a code not in the table is unknown, never a guess."""
    return LAPOSTE.get(code.strip().upper(), ("unknown", ""))


# --- who signed: Standard Webhooks

TOLERANCE_SECONDS: Final = 300


class Unsigned(Exception):  # noqa: N818 -- a verdict on a message
    """A message is not signed by whom it says, or too old; the text is for the log, not for the sender."""


def verified(headers: Mapping[str, str], body: bytes, *, secrets: Sequence[bytes], now: datetime) -> str:
    """Give the id of a message that is signed and fresh; raises `Unsigned`. Digests are compared in constant time.

    `headers` are webhook-id, webhook-timestamp, webhook-signature (several, parted by spaces, while a secret changes).
    """
    message_id = headers.get("webhook-id", "")
    stamp = headers.get("webhook-timestamp", "")
    if (
        not message_id
        or len(message_id) > 200
        or not message_id.isprintable()
        or not (stamp.isascii() and stamp.isdigit())
    ):
        raise Unsigned("headers are missing")
    timestamp = int(stamp[:12])
    if abs(now.timestamp() - timestamp) > TOLERANCE_SECONDS:
        raise Unsigned("too old, or from the future")
    given = [s.encode() for s in headers.get("webhook-signature", "").split(" ")[:8]]
    wanted = [signature(s, message_id=message_id, timestamp=timestamp, body=body).encode() for s in secrets]
    if not any([hmac.compare_digest(w, g) for w in wanted for g in given]):  # noqa: C419 -- all are compared, always
        raise Unsigned("the signature is wrong")
    return message_id
