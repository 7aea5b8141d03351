"""What may be done with a lot, and in which condition its units lie while it is held back."""

from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext_lazy as _

from colisage.kit.errors import Malformed, NotAllowed, Refused

CONDITION: Final = {"approved": "sellable", "quarantined": "held", "recalled": "held", "expired": "expired"}
REASON: Final = {"approved": "lot_freed", "quarantined": "lot_held", "recalled": "lot_recalled", "expired": "expired"}


class UnknownStatus(Malformed):
    """A lot is approved, quarantined, recalled or expired."""

    code = "unknown_status"
    text = _("Choose what becomes of the lot.")


class ReasonMissing(Malformed):
    """Whoever changes what may be done with a lot says why."""

    code = "reason_missing"
    text = _("Say why, in a few words.")


class RecallStands(NotAllowed):
    """Only a manager ends a recall."""

    code = "recall_stands"
    text = _("Lot %(lot)s is recalled. Only a manager can end the recall.")


class PastItsDate(Refused):
    """A lot past its date is not sold; a wrong date is corrected first."""

    code = "past_its_date"
    text = _("Lot %(lot)s expired on %(day)s. If the date is wrong, correct it first.")


def refuse_status(lot: str, *, was: str, becomes: str, expires_on: date | None, today: date, by_manager: bool) -> None:
    """Raise the refusal of a change of a lot's status, if there is one."""
    if was == "recalled" and becomes != "recalled" and not by_manager:
        raise RecallStands(lot=lot)
    if becomes == "approved" and expires_on is not None and expires_on < today:
        raise PastItsDate(lot=lot, day=expires_on.isoformat())


def lies(condition: str, *, status: str | None, booked: bool = True) -> str:
    """Give the condition in which units of a lot lie now that were once written down in this one.

    Good units follow their lot (`status`; null: units without one), also those it held or expired. What a person saw to
    be expired (not `booked` so before) stays what was seen.
    """
    if status is None or condition not in CONDITION.values() or (condition == "expired" and not booked):
        return condition
    return CONDITION[status]


def too_near(expires_on: date | None, *, days: int, today: date) -> bool:
    """Say whether a lot is so near its date that it is no longer sold; with 0 days it is sold on its last day."""
    return expires_on is not None and days > 0 and expires_on - timedelta(days=days) < today
