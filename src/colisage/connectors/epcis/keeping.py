"""How long what came of a document is kept when nothing of it was."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from colisage.connectors.models import CaptureJob

KEPT: Final = timedelta(days=90)  # a partner asks about a refusal within a quarter


@transaction.atomic
def drop_empty_jobs(*, before: datetime, most: int = 10_000) -> int:
    """Throw away the jobs from before a moment of which no event was kept, the oldest first; give how many.

    A document with a kept event stays: its job says who sent the event. A job that somebody works on now stays too.
    """
    rows = CaptureJob.objects.filter(captured=0, at__lt=before).order_by("pk")
    ids = list(rows.select_for_update(skip_locked=True).values_list("pk", flat=True)[:most])
    gone, _rows = CaptureJob.objects.filter(pk__in=ids).delete()
    return gone
