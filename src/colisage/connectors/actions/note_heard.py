"""What is remembered of the messages of a shop."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from colisage.connectors.models import Connection


@transaction.atomic
def note_heard(channel_id: int, *, signed: bool) -> None:
    """Remember that a message arrived, signed or not."""
    rows = Connection.objects.filter(channel_id=channel_id)
    now = timezone.now()
    if signed:
        rows.filter(problem="not_signed").update(problem="", problem_detail="", problem_since=None, failures=0)
        rows.update(heard_at=now)
    else:
        rows.exclude(problem="not_signed").update(problem="not_signed", problem_detail="", problem_since=now)
        rows.update(failures=F("failures") + 1)
