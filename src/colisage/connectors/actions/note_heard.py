"""What is remembered of the messages of a shop."""

from django.db import transaction
from django.utils import timezone

from colisage.connectors.actions.note_health import HEARD, wrong
from colisage.connectors.models import Connection
from colisage.connectors.ports import ShopRefused


@transaction.atomic
def note_heard(channel_id: int, *, signed: bool) -> None:
    """Remember that a message arrived, signed or not."""
    rows = Connection.objects.filter(channel_id=channel_id)
    now = timezone.now()
    if signed:
        rows.update(heard_at=now)
        rows = rows.filter(problems__has_key=HEARD)
    row = rows.select_for_update(no_key=True).first()
    if row is None:
        return
    noted = row.problems.pop(HEARD, None)
    if not signed:
        row.problems[HEARD] = wrong(noted, ShopRefused("not_signed"), now=now)
    row.save(update_fields=["problems"])
