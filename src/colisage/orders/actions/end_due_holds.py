from collections import defaultdict
from datetime import datetime
from zoneinfo import ZoneInfo

from colisage.kit.actors import SYSTEM
from colisage.orders.actions.release_hold import release_hold
from colisage.orders.models import Hold
from colisage.people.queries import merchants_by_id


def end_due_holds(*, now: datetime) -> int:
    """Release the holds whose last day is over where their merchant is; give how many. Harmless when repeated."""
    due = Hold.objects.filter(released_at=None, until__lte=now.date()).order_by("pk")
    of_merchant: dict[int, list[Hold]] = defaultdict(list)
    for hold in due:
        of_merchant[hold.merchant_id].append(hold)
    ended = 0
    for merchant, party in sorted(merchants_by_id(set(of_merchant)).items()):
        today = now.astimezone(ZoneInfo(party.timezone)).date()
        over = [hold.pk for hold in of_merchant[merchant] if hold.until is not None and hold.until < today]
        ended += release_hold(merchant, hold_ids=over, actor=SYSTEM, ended=True) if over else 0
    return ended
