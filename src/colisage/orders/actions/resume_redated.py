from django.db import transaction

from colisage.kit.events import tell
from colisage.network.queries.disruptions import Disruption
from colisage.orders.events import OrderResumed
from colisage.orders.models import OrderChange


@transaction.atomic
def resume_redated(merchant_id: int, *, disruption: Disruption, after: int = 0, most: int = 500) -> int:
    """Tell of the next open orders that what moved their promised day is over before its time; give the last one's id.

    Their promise stays as it is. 0 when there are no more.
    """
    rows = OrderChange.objects.filter(
        merchant_id=merchant_id, disruption=disruption.pk, order_id__gt=after, order__state="open"
    )
    orders = list(rows.order_by("order_id").values_list("order_id", flat=True)[:most])
    tell(
        OrderResumed(merchant_id=merchant_id, order_id=pk, disruption_id=disruption.pk, effect="redate")
        for pk in orders
    )
    return orders[-1] if len(orders) == most else 0
