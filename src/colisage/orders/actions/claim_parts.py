from collections.abc import Collection

from django.db import transaction

from colisage.orders.models import FulfillmentOrder


@transaction.atomic
def claim_parts(fulfillment_order_ids: Collection[int], *, stage: str = "") -> set[int]:
    """Lock fulfilment orders in key order, before any stock of theirs; give them, or those that stand at a stage."""
    rows = FulfillmentOrder.objects.select_for_update(no_key=True).filter(pk__in=fulfillment_order_ids)
    if stage:
        rows = rows.filter(stage=stage)
    return set(rows.order_by("pk").values_list("pk", flat=True))
