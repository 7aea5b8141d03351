"""Leaving the parcel that several orders share, before it is packed."""

from collections.abc import Collection

from django.db import transaction

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, tell_deeds
from colisage.orders.events import OrdersParted
from colisage.orders.models import FulfillmentOrder


@transaction.atomic
def part_ways(fulfillment_order_ids: Collection[int], *, why: str, actor: Actor) -> list[int]:
    """Take parts out of the parcels they share; the others stay together. Give the parts that were in one.

    `why` is `held`, `cancelled`, `waiting` or `address`. Only rows of those who leave are locked and
    written: the caller may hold them already. Harmless when repeated.
    """
    rows = FulfillmentOrder.objects.select_for_update(no_key=True).filter(
        pk__in=fulfillment_order_ids, together__isnull=False
    )
    leaving = {row.pk: row for row in rows.order_by("pk")}
    if not leaving:
        return []
    left = FulfillmentOrder.objects.filter(together__in={row.together for row in leaving.values()})
    touched = [*leaving.values(), *left.exclude(pk__in=leaving).order_by("pk")]
    FulfillmentOrder.objects.filter(pk__in=leaving).update(together=None)
    orders = {row.order_id: row for row in touched if row.order_id is not None}
    tell_deeds(
        [
            OrdersParted(merchant_id=row.merchant_id, order_id=order, fulfillment_order_id=row.pk)
            for order, row in orders.items()
        ],
        [Deed("order", order, f"parted_{why}", {}, merchant_id=row.merchant_id) for order, row in orders.items()],
        actor=actor,
    )
    return sorted(leaving)
