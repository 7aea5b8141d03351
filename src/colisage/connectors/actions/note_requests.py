"""What a shop waits to hear, seen in what it told."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from colisage.connectors.models import Connection, Errand
from colisage.intake.ports import Arrived
from colisage.kit.once import insert_or_change


@transaction.atomic
def note_requests(found: Connection, arrived: Iterable[Arrived]) -> None:
    """Write an errand for each answer a shop waits for; one that was given before and is asked for again is opened."""
    now = timezone.now()
    rows = [
        Errand(merchant_id=found.merchant_id, connection=found, kind="request", key=key[:80], next_try_at=now)
        for key in dict.fromkeys(key for one in arrived for key in one.requests)
    ]
    insert_or_change(
        rows,
        by=["connection_id", "kind", "key"],
        change=["state", "tries", "next_try_at"],
    )
