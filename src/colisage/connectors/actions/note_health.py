"""What is remembered of how a shop answered."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from django.db import transaction
from django.utils import timezone

from colisage.connectors.models import Connection
from colisage.connectors.ports import ANYWHERE, ShopRefused

POLL_EVERY = timedelta(minutes=5)
LONGEST = timedelta(hours=1)
NOT_ALLOWED: Final = "not_allowed"  # what a key lacks is named when it is tried, until it is tried again
HEARD: Final = "heard"  # where the shop calls us; everywhere else we call it
Door = Literal["asked", "told", "lost", "tried"]


@transaction.atomic
def note_health(connection_id: int, *, fault: ShopRefused | None, door: Door, said: str | None = None) -> None:
    """Remember that a shop answered well, or what was wrong, and at which door.

    It was `asked` for orders, `told` of parcels and stock, asked for what is `lost`, or `tried`, where `said` is who it
    said it is. What is wrong at one door stays while another works: a key that may read orders and not write stock is
    no good. A shop that answered well when it was tried begins anew, until something is wrong again.

    Only being asked for orders moves when it is asked the next time: the more often that fails, the later. A shop that
    is told of stock every minute, or refuses to be, is asked all the same. One that answers again after trouble is
    asked at once. That its messages are not signed is no news of how it answers, and stays.
    """
    row = Connection.objects.select_for_update(no_key=True).get(pk=connection_id)
    now = timezone.now()
    if said is not None:
        row.said, row.tried_at = said[:200], now
    before = row.problems
    row.problems = _still(before, door) if fault is None else {**before, door: wrong(before.get(door), fault, now=now)}
    if fault is None and row.problems != before:
        row.next_poll_at = now
    if door == "asked":
        row.polled_at = row.polled_at if fault else now
        failures = row.problems[door]["failures"] if fault else 1
        row.next_poll_at = now + min(LONGEST, POLL_EVERY * 2 ** min(failures - 1, 8))
    row.save()


def wrong(before: Mapping[str, Any] | None, fault: ShopRefused, *, now: datetime) -> dict[str, Any]:
    """Give what is noted of a door where something is wrong, after what was noted of it before."""
    # Asked for nothing in particular, and not found: the door of the shop is not there.
    code = "not_a_shop" if fault.code == "unknown_to_shop" else fault.code
    before = before or {}
    return {
        "code": code,
        "detail": fault.detail,
        "since": before["since"] if before.get("code") == code else now.isoformat(),
        "failures": before.get("failures", 0) + 1,
    }


def _still(problems: Mapping[str, Any], door: Door) -> dict[str, Any]:
    """Give what is still wrong after a shop answered well at a door; what it only said when tried is no news then."""

    def stays(at: str, code: str) -> bool:
        return at == HEARD or not (door in {"tried", at} or code in ANYWHERE or (at == "tried" and code != NOT_ALLOWED))

    return {at: one for at, one in problems.items() if stays(at, one["code"])}
