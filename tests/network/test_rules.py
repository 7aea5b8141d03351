from datetime import UTC, date, datetime, time

import pytest

from colisage.network.rules import departure


@pytest.mark.parametrize(
    ("now", "closed", "leaves"),
    [
        ("2026-11-23T14:59", [], "2026-11-23T15:00"),  # Monday, a minute before 16:00 in Paris
        ("2026-11-23T15:00", [], "2026-11-24T15:00"),  # at the cut-off it is too late
        ("2026-11-27T15:30", [], "2026-11-30T15:00"),  # Friday evening: Monday
        ("2026-11-23T10:00", [date(2026, 11, 23)], "2026-11-24T15:00"),
        ("2026-07-06T13:30", [], "2026-07-06T14:00"),  # summer time
    ],
)
def test_what_is_accepted_leaves_at_the_next_cut_off(now: str, closed: list[date], leaves: str) -> None:
    found = departure(
        datetime.fromisoformat(now).replace(tzinfo=UTC),
        cutoff=time(16),
        timezone="Europe/Paris",
        working_days=[],
        closed=closed,
    )
    assert found == datetime.fromisoformat(leaves).replace(tzinfo=UTC)


def test_a_cut_off_is_on_a_day_of_its_node() -> None:
    evening = datetime(2026, 11, 23, 23, tzinfo=UTC)  # Monday, 15:00 in Vancouver
    found = departure(evening, cutoff=time(17), timezone="America/Vancouver", working_days=[], closed=[])
    assert (found, found.date()) == (datetime(2026, 11, 24, 1, tzinfo=UTC), date(2026, 11, 23))
