"""What is remembered of how a shop answered."""

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from colisage.connectors.models import Connection
from colisage.connectors.ports import ShopRefused

POLL_EVERY = timedelta(minutes=5)
LONGEST = timedelta(hours=1)
NOT_SIGNED: Final = "not_signed"


@transaction.atomic
def note_health(
    connection_id: int, *, fault: ShopRefused | None, polled: bool = False, said: str | None = None
) -> None:
    """Remember that a shop answered well, or what was wrong. `said` is who it said it is, when it was tried.

    Only being asked for orders (`polled`) moves when it is asked the next time: the more often that fails, the later.
    A shop that is told of stock every minute, or refuses to be, is asked all the same. One that answers again after
    trouble is asked at once. That its messages are not signed is no news of how it answers, and stays.
    """
    row = Connection.objects.select_for_update(no_key=True).get(pk=connection_id)
    now = timezone.now()
    if said is not None:
        row.said, row.tried_at = said[:200], now
    if fault is not None:
        # Asked for nothing in particular, and not found: the door of the shop is not there.
        code = "not_a_shop" if fault.code == "unknown_to_shop" else fault.code
        row.problem_since = row.problem_since if row.problem == code else now
        row.failures = 1 if row.problem == NOT_SIGNED else row.failures + 1
        row.problem, row.problem_detail = code, fault.detail
    elif row.problem not in {"", NOT_SIGNED}:
        row.problem, row.problem_detail, row.problem_since, row.failures = "", "", None, 0
        row.next_poll_at = now
    if polled:
        row.polled_at = row.polled_at if fault else now
        pause = POLL_EVERY * 2 ** min(row.failures - 1, 8) if fault else POLL_EVERY
        row.next_poll_at = now + min(LONGEST, pause)
    row.save()
