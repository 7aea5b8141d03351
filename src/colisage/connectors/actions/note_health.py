"""What is remembered of how a shop answered."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from colisage.connectors.models import Connection
from colisage.connectors.ports import ShopRefused

POLL_EVERY = timedelta(minutes=5)
LONGEST = timedelta(hours=1)


@transaction.atomic
def note_health(
    connection_id: int, *, fault: ShopRefused | None, polled: bool = False, said: str | None = None
) -> None:
    """Remember that a shop answered well, or what was wrong; the more often it fails, the later it is asked again.

    `said` is who it said it is, when it was tried.
    """
    row = Connection.objects.select_for_update(no_key=True).get(pk=connection_id)
    now = timezone.now()
    if said is not None:
        row.said, row.tried_at = said[:200], now
    if fault is None:
        row.problem, row.problem_detail, row.problem_since, row.failures = "", "", None, 0
        row.next_poll_at = now + POLL_EVERY
        if polled:
            row.polled_at = now
    else:
        row.problem_since = row.problem_since if row.problem == fault.code else now
        row.problem, row.problem_detail, row.failures = fault.code, fault.detail, row.failures + 1
        row.next_poll_at = now + min(LONGEST, POLL_EVERY * 2 ** min(row.failures - 1, 8))
    row.save()
