from collections.abc import Collection

from django.db import transaction

from colisage.orders.models import FulfillmentOrder, Order


@transaction.atomic
def claim_unsourced(order_ids: Collection[int]) -> list[Order]:
    """Lock the open orders among these that no node was chosen for, in the order of arrival; history is left out.

    An order that is cancelled at the same moment is either cancelled first, and not among them, or waits for its parts.
    """
    open_orders = Order.objects.select_for_update(no_key=True, of=("self",)).filter(
        pk__in=order_ids, state="open", quiet=False
    )
    locked = list(open_orders.select_related("merchant").order_by("pk"))
    served = set(FulfillmentOrder.objects.filter(order__in=[o.pk for o in locked]).values_list("order_id", flat=True))
    return [order for order in locked if order.pk not in served]
