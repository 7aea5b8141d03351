from collections.abc import Collection

from django.db import transaction

from colisage.orders.models import FulfillmentOrder


@transaction.atomic
def claim_parts(fulfillment_order_ids: Collection[int], *, stage: str) -> set[int]:
    """Lock fulfilment orders in key order, before anything of theirs is; give those that stand at the stage."""
    rows = FulfillmentOrder.objects.select_for_update(no_key=True).filter(pk__in=fulfillment_order_ids, stage=stage)
    return set(rows.order_by("pk").values_list("pk", flat=True))
