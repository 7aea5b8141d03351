"""When what is owed of orders is expected to be here, and why."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from colisage.orders.models import Backorder
from colisage.orders.rules import EXPECTED_WHY
from colisage.ui import words


@dataclass(frozen=True, slots=True)
class Owing:
    """What is expected of a line: the day (None: nobody knows), the reason in words, and the day expected before."""

    line_id: int
    on: date | None
    why: str
    before: date | None

    @property
    def reason(self) -> str:
        """Say why, in the active language."""
        return str(EXPECTED_WHY[self.why])


def owing_of(order_ids: Collection[int]) -> dict[int, list[Owing]]:
    """Give what is expected of the owed lines of orders, by order; one statement."""
    found: dict[int, list[Owing]] = {}
    rows = Backorder.objects.filter(order__in=order_ids).order_by("order_line_id")
    for order, line, on, why, before in rows.values_list("order_id", "order_line_id", "on", "why", "before"):
        found.setdefault(order, []).append(Owing(line, on, why, before))
    return found


def last_of(owing: Collection[Owing]) -> date | None:
    """Give the day on which the last of what is owed is expected; None when that is not known of all."""
    days = [one.on for one in owing]
    return max((day for day in days if day), default=None) if all(days) else None


def expected_words(verb: str, data: Mapping[str, Any]) -> dict[str, str]:
    """Give the words of what a deed tells about a day on which something is expected; nothing of other deeds."""
    if not verb.startswith("order_expected"):
        return {}
    day = words.day(date.fromisoformat(data["day"]), style="weekday") if data.get("day") else ""
    return {"day": day, "why": str(EXPECTED_WHY.get(str(data.get("why")), ""))}
