"""Work of the workers for the dock: what forms left behind."""

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from colisage.kit.photos import drop_drafts

DRAFTS_KEPT = timedelta(days=2)  # a form is filled in within a shift


@app.periodic(cron="23 * * * *")
@app.task(name="inbound.drafts", queue="inbound", queueing_lock="inbound.drafts")
def drafts(timestamp: int) -> None:
    """Throw away the photos of forms that nobody sent again."""
    drop_drafts(before=timezone.now() - DRAFTS_KEPT)
