"""Reasons for which stock is corrected: a list that is enough for most, and each merchant's own."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import get_language

from colisage.inventory.models import AdjustmentReason
from colisage.inventory.queries import REASONS

# The usual ones: code, what they may do, whether what goes out for them went missing (shrinkage) or was used.
USUAL: Final[Mapping[str, tuple[str, bool]]] = {
    "found": ("in", True),
    "unrecorded_in": ("in", True),
    "lost": ("out", True),
    "theft": ("out", True),
    "damaged": ("out", True),
    "expired": ("out", True),
    "unrecorded_out": ("out", True),
    "sample": ("out", False),
    "own_use": ("out", False),
    "donated": ("out", False),
    "quality_test": ("out", False),
    "correction": ("either", True),
}
# What goes missing without anybody's word for it.
UNWANTED: Final = ("count", "short_pick")


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason for which a merchant's stock may be corrected."""

    code: str
    name: str | Promise
    direction: str  # in | out | either
    shrinkage: bool
    own: bool
    active: bool

    def fits(self, difference: int) -> bool:
        """Say whether stock may change by so many units for it."""
        return self.direction == "either" or (difference > 0) == (self.direction == "in")


def reasons_of(merchant_id: int) -> list[Reason]:
    """Give the reasons of a merchant, the usual ones first, those it does without too."""
    rows = {row.code: row for row in AdjustmentReason.objects.filter(merchant_id=merchant_id).order_by("pk")}
    usual = [
        Reason(code, REASONS[code], direction, shrinks, own=False, active=code not in rows or rows[code].active)
        for code, (direction, shrinks) in USUAL.items()
    ]
    own = [
        Reason(row.code, _own_name(row), row.direction, row.shrinkage, own=True, active=row.active)
        for row in rows.values()
        if row.code not in USUAL
    ]
    return usual + own


def adjustment_choices(merchant_id: int) -> list[tuple[str, str | Promise]]:
    """Give the reasons that may be chosen for a correction of a merchant's stock, as (code, name)."""
    return [(reason.code, reason.name) for reason in reasons_of(merchant_id) if reason.active]


def reason_words(merchant_ids: Collection[int]) -> dict[str, str | Promise]:
    """Give the words of every reason that movements of these merchants may have, by code."""
    own = AdjustmentReason.objects.filter(merchant__in=merchant_ids).exclude(code__in=USUAL).order_by("pk")
    return {**REASONS, **{row.code: _own_name(row) for row in own}}


def shrinking(merchant_ids: Collection[int]) -> list[str]:
    """Give the codes of the reasons for which what goes out went missing."""
    own = AdjustmentReason.objects.filter(merchant__in=merchant_ids, shrinkage=True).exclude(code__in=USUAL)
    usual = [code for code, (_direction, shrinks) in USUAL.items() if shrinks]
    return [*UNWANTED, *usual, *own.values_list("code", flat=True)]


def _own_name(row: AdjustmentReason) -> str:
    english = (get_language() or "").startswith("en")
    first, second = (row.name_en, row.name_fr) if english else (row.name_fr, row.name_en)
    return first or second or row.code
