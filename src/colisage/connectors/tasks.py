"""Work of the workers for what partners sent."""

from django.utils import timezone
from procrastinate.contrib.django import app

from colisage.connectors.epcis.keeping import KEPT, drop_empty_jobs


@app.periodic(cron="43 * * * *")
@app.task(name="connectors.capture_jobs", queue="connectors", queueing_lock="connectors.capture_jobs")
def capture_jobs(timestamp: int) -> None:
    """Throw away what came of documents that were refused long ago."""
    drop_empty_jobs(before=timezone.now() - KEPT)
