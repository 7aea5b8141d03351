"""What consumption of consigned goods means for what is owed to their owner."""

from dataclasses import dataclass
from datetime import date
from typing import Final

LOSSES: Final = frozenset(
    {"lost", "theft", "damaged", "expired", "destroy", "short_pick", "count", "correction", "repair"}
)


@dataclass(frozen=True, slots=True)
class Consumed:
    """Units of a consigned SKU that left the house, or came back to their owner's account."""

    movement_id: int
    sku_id: int
    qty: int
    reason: str
    back: bool = False


def bought(consumed: Consumed, *, pays_lost: bool, lost_before: int) -> int:
    """Give the units bought (negative: credited). Lost ones by contract; found again, as far as losses were paid."""
    if consumed.back:
        return -min(consumed.qty, max(lost_before, 0))
    if consumed.reason in LOSSES and not pays_lost:
        return 0
    return consumed.qty


def month_of(day: date) -> date:
    """Give the first day of the month."""
    return day.replace(day=1)
