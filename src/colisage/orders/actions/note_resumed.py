from collections.abc import Sequence

from django.db import transaction
from django.db.models import F

from colisage.orders.events import OrderResumed
from colisage.orders.models import Backorder


@transaction.atomic
def note_resumed(events: Sequence[OrderResumed]) -> None:
    """Keep that customers whose orders go on hear the day of what is owed anew: any later one is news again."""
    rows = Backorder.objects.filter(order__in={event.order_id for event in events}, told=True, on__lt=F("told_on"))
    rows.update(told_on=F("on"))
