from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.db.models import F

from colisage.kit.actors import SYSTEM
from colisage.kit.events import tell
from colisage.network.actions.claim_disruptions import claim_disruptions
from colisage.network.queries.disruptions import Disruption
from colisage.orders.actions.note_changes import note_changes
from colisage.orders.events import OrderDisrupted
from colisage.orders.models import Order, OrderChange


@transaction.atomic
def redate_disrupted(merchant_id: int, *, order_ids: Collection[int], disruption: Disruption) -> int:
    """Move the promised day of open orders by the days of a disruption; give of how many.

    The change is a document with the day before. Each order is moved by it once; one to which nothing is promised, and
    one that ended meanwhile, move nothing.
    """
    if not order_ids or not claim_disruptions([disruption.pk]):
        return 0
    rows = Order.objects.select_for_update(no_key=True).filter(
        merchant_id=merchant_id, pk__in=order_ids, state="open", promised_on__isnull=False
    )
    known = OrderChange.objects.filter(disruption=disruption.pk, order__in=order_ids)
    moved = set(known.values_list("order_id", flat=True))
    orders = [order for order in rows.order_by("pk") if order.pk not in moved]
    later = timedelta(days=disruption.delay_days or 0)
    Order.objects.filter(pk__in=[order.pk for order in orders]).update(promised_on=F("promised_on") + later)
    note_changes(
        [
            (order, {"promised_on": day.isoformat()}, {"promised_on": (day + later).isoformat()})
            for order in orders
            if (day := order.promised_on)
        ],
        kind="delivery",
        reason=disruption.about,
        disruption_id=disruption.pk,
        actor=SYSTEM,
    )
    tell(
        OrderDisrupted(merchant_id=merchant_id, order_id=order.pk, disruption_id=disruption.pk, effect="redate")
        for order in orders
    )
    return len(orders)
