"""Every night, merchant by merchant: what is past its date is expired, what is too near it is held."""

from collections import defaultdict
from datetime import date, datetime
from typing import Final

from django.db import connection, transaction
from django.utils import timezone

from colisage.inventory.actions.set_lot_status import set_lot_status
from colisage.kit.actors import SYSTEM
from colisage.kit.statements import statement

BATCH: Final = 500
REASONS: Final = {"expired": "past_its_date", "quarantined": "too_near_its_date"}  # said by `queries.lots.SAID`


def expire_lots(now: datetime | None = None) -> int:
    """Expire lots past their date and hold those too near it; give how many lots changed. Harmless when repeated.

    The day is the one at the merchant: a lot that expires on the 30th is sold until the 30th ends there. With
    `days_left` of its SKU, a lot is held (as if quarantined) from the day on which fewer days are left; somebody may
    free it again to be sold to the end. Batches of their own transactions: what is done stays done.
    """
    moment, changed = now or timezone.now(), 0
    while batch := _batch(moment):
        changed += batch
    return changed


@transaction.atomic
def _batch(moment: datetime) -> int:
    due: dict[tuple[int, str, date], list[int]] = defaultdict(list)
    with connection.cursor() as db:
        db.execute(statement("inventory", "lots_past_their_day"), {"now": moment, "most": BATCH})
        for lot, merchant, expired, today in db.fetchall():
            due[merchant, "expired" if expired else "quarantined", today].append(lot)
    for (merchant, status, today), lots in due.items():
        set_lot_status(merchant, lot_ids=lots, status=status, reason=REASONS[status], actor=SYSTEM, today=today)
    return sum(len(lots) for lots in due.values())
