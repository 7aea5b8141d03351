from collections.abc import Collection

from django.db import transaction

from colisage.inventory.actions.raise_priority import raise_priority
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.once import insert_once
from colisage.orders.models import FulfillmentOrder, Instruction, OrderLine


@transaction.atomic
def instruct_orders(merchant_id: int, *, order_ids: Collection[int], kind: str, value: str, actor: Actor) -> None:
    """Ask later steps to do something otherwise with orders; the same twice is once.

    What was decided already stays: a node that is chosen, a parcel that is planned, a label that is bought. Priority
    counts at once, for parts that are not in a wave yet and for whoever waits for units.
    """
    insert_once(
        (
            Instruction(merchant_id=merchant_id, order_id=pk, kind=kind, value=value, by_name=actor.name[:150])
            for pk in order_ids
        ),
        by=["order_id", "kind", "value"],
    )
    if kind == "priority":
        parts = FulfillmentOrder.objects.filter(merchant_id=merchant_id, order__in=order_ids)
        lines = OrderLine.objects.filter(merchant_id=merchant_id, order__in=order_ids).values_list("pk", flat=True)
        raise_priority("order_line", owner_ids=list(lines), to=int(value))
        parts.filter(stage__in=["waiting", "ready"], priority__lt=int(value)).update(priority=int(value))
    said = {"kind": kind, "value": value}
    record_deeds(
        (Deed("order", pk, "order_instructed", said, merchant_id=merchant_id) for pk in sorted(order_ids)), actor=actor
    )
