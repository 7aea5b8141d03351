"""Pure calendar of a node: when what is accepted now leaves."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEKDAYS = (1, 2, 3, 4, 5)  # ISO: Monday to Friday


def departure(
    now: datetime, *, cutoff: time, timezone: str, working_days: Collection[int], closed: Collection[date]
) -> datetime:
    """Give a node's next cut-off, in UTC: today's if it is still to come and the node works, else a later one."""
    zone = ZoneInfo(timezone)
    local = now.astimezone(zone)
    day = local.date()
    if local.time() >= cutoff:
        day += timedelta(days=1)
    for _ in range(366):
        if day.isoweekday() in (working_days or WEEKDAYS) and day not in closed:
            break
        day += timedelta(days=1)
    return datetime.combine(day, cutoff, tzinfo=zone).astimezone(UTC)
