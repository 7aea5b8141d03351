from collections.abc import Collection

from django.db import transaction

from colisage.orders.actions.claim_orders import claim_orders
from colisage.orders.models import FulfillmentOrder, Order

UNTOUCHED = frozenset({"waiting", "ready"})


@transaction.atomic
def claim_untouched(order_ids: Collection[int]) -> list[Order]:
    """Lock the open orders among these that have nodes and of which nobody works on anything, with their parts.

    What shares its parcel with another order is left out. Whoever releases work meanwhile waits for the lock, or was
    first and keeps the order.
    """
    orders = claim_orders(order_ids)
    rows = FulfillmentOrder.objects.select_for_update(no_key=True).filter(order__in=[order.pk for order in orders])
    served: set[int | None] = set()
    begun: set[int | None] = set()
    for order, stage, together in rows.order_by("pk").values_list("order_id", "stage", "together"):
        served.add(order)
        if stage not in UNTOUCHED or together is not None:
            begun.add(order)
    return [order for order in orders if order.pk in served - begun]
