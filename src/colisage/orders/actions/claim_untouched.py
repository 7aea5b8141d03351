from collections.abc import Collection

from django.db import transaction

from colisage.orders.actions.claim_orders import claim_orders
from colisage.orders.models import FulfillmentOrder, Order

UNTOUCHED = frozenset({"waiting", "ready"})


@transaction.atomic
def claim_untouched(order_ids: Collection[int]) -> list[Order]:
    """Lock the open orders among these that have nodes and on which nobody ever worked, with their parts.

    A part that moved from its first stage is left out with its order: it may have been on the floor and come back, and
    what was done there points to it. So is what shares its parcel. Whoever releases work meanwhile waits for the lock,
    or was first and keeps the order.
    """
    orders = claim_orders(order_ids)
    rows = FulfillmentOrder.objects.select_for_update(no_key=True).filter(order__in=[order.pk for order in orders])
    served: set[int | None] = set()
    begun: set[int | None] = set()
    for part in rows.order_by("pk"):
        served.add(part.order_id)
        if part.stage not in UNTOUCHED or part.stage_at != part.created_at or part.together is not None:
            begun.add(part.order_id)
    return [order for order in orders if order.pk in served - begun]
