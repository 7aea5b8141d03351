"""The life of a return to a supplier."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

STEPS: Final[Mapping[str, frozenset[str]]] = {
    "draft": frozenset({"announced", "sent", "cancelled"}),
    "announced": frozenset({"sent", "cancelled"}),
    "sent": frozenset({"credited", "refused"}),
    "credited": frozenset(),
    "refused": frozenset(),
    "cancelled": frozenset(),
}
CREDIT_DAYS: Final = 30  # after sending; then somebody should ask where the credit is


def may_become(state: str, to: str) -> bool:
    """Say whether a return in a state may take this step."""
    return to in STEPS.get(state, frozenset())


def is_overdue(state: str, *, claim_until: date, sent_on: date | None, today: date) -> bool:
    """Say whether it is late: not sent by the day to claim, or sent long ago and not credited."""
    if state in {"draft", "announced"}:
        return today > claim_until
    return state == "sent" and sent_on is not None and today > sent_on + timedelta(days=CREDIT_DAYS)


def reason_of(condition: str) -> str:
    """Give the usual reason for units in a condition."""
    return {"damaged": "damaged", "expired": "expired", "quarantine": "wrong"}.get(condition, "other")
