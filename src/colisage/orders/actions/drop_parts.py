from collections.abc import Collection

from django.db import transaction

from colisage.orders.actions.leave_out_inserts import take_back_inserts
from colisage.orders.models import FulfillmentLine, FulfillmentOrder


@transaction.atomic
def drop_parts(order_ids: Collection[int]) -> None:
    """Forget which nodes were to serve orders, so that others can be chosen; their promises stay as they are.

    Only of orders that the caller claimed as untouched: a part on which somebody works is a fact, not a plan. What is
    held for their inserts is given back, and they are asked for again.
    """
    parts = FulfillmentOrder.objects.filter(order__in=order_ids)
    lines = FulfillmentLine.objects.filter(fulfillment_order__in=parts)
    take_back_inserts(lines.filter(order_line=None).values_list("pk", flat=True))
    lines._raw_delete(lines.db)  # noqa: SLF001 -- nothing points to plans, so nothing has to be looked up
    parts._raw_delete(parts.db)  # noqa: SLF001 -- the same
