"""Which SKUs go fast: reckoned every hour, so that who puts goods away does not read every pick."""

from datetime import datetime, timedelta
from typing import Final

from django.db import connection, transaction

from colisage.kit.statements import statement

DAYS: Final = 30


@transaction.atomic
def sort_skus(*, now: datetime) -> None:
    """Sort the SKUs of each merchant by their picks of the last 30 days, in one statement. Harmless when repeated."""
    with connection.cursor() as db:
        db.execute(statement("inventory", "sort_skus"), {"since": now - timedelta(days=DAYS)})
