from collections.abc import Collection

from django.db import transaction

from colisage.orders.models import FulfillmentOrder
from colisage.orders.queries.together import with_mates


@transaction.atomic
def claim_parts(fulfillment_order_ids: Collection[int], *, stage: str = "") -> set[int]:
    """Lock fulfilment orders in key order, before any stock of theirs; give them, or those that stand at a stage.

    What goes in one parcel with them is locked as well, and not given: whoever moves the parcel needs all of it.
    """
    asked = set(fulfillment_order_ids)
    rows = FulfillmentOrder.objects.select_for_update(no_key=True).filter(pk__in=with_mates(asked))
    return {pk for pk, at in rows.order_by("pk").values_list("pk", "stage") if pk in asked and stage in {"", at}}
