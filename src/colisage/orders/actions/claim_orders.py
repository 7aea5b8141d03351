from collections.abc import Collection

from django.db import transaction

from colisage.orders.models import Order


@transaction.atomic
def claim_orders(order_ids: Collection[int]) -> list[Order]:
    """Lock the open orders among these in the order of arrival, with merchant and channel; history is left out."""
    rows = Order.objects.select_for_update(no_key=True, of=("self",)).filter(
        pk__in=order_ids, state="open", quiet=False
    )
    return list(rows.select_related("merchant", "channel").order_by("pk"))
