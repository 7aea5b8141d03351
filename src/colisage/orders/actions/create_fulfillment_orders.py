"""Splitting orders into the parts that nodes serve; the parts are decided by sourcing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from colisage.kit.statements import ask, rows
from colisage.orders.models import FulfillmentOrder, Hold
from colisage.orders.queries.instructions import counting_instructions


@dataclass(frozen=True, slots=True)
class Part:
    """What one node serves of an order: `lines` are (order line id, SKU id, units, reservation id)."""

    merchant_id: int
    order_id: int
    node_id: int
    lines: tuple[tuple[int, int, int, int | None], ...]
    waiting: bool = False  # stock is missing
    ship_by: datetime | None = None
    priority: int = 0


@transaction.atomic
def create_fulfillment_orders(parts: Sequence[Part]) -> list[int]:
    """Write the parts of many orders; give their ids in the order of the parts.

    An order that has fulfilment orders already gets no second set: its parts are left out, with id 0.
    """
    existing = set(
        FulfillmentOrder.objects.filter(order__in={p.order_id for p in parts}).values_list("order_id", flat=True)
    )
    held = set(
        Hold.objects.filter(order__in={p.order_id for p in parts}, released_at=None).values_list("order_id", flat=True)
    )
    asked = counting_instructions({p.order_id for p in parts}, kind="priority")
    fresh = [part for part in parts if part.order_id not in existing]
    told = (
        {
            "merchant_id": part.merchant_id,
            "order_id": part.order_id,
            "node_id": part.node_id,
            "stage": "waiting" if part.waiting else "ready",
            "held": part.order_id in held,
            "ship_by": part.ship_by,
            "priority": max(part.priority, int(asked.get(part.order_id, 0))),
            "lines": part.lines,
        }
        for part in fresh
    )
    made = ask("orders", "insert_parts", [rows(told)]) if fresh else []
    ids = {(part.order_id, part.node_id, part.waiting): pk for part, (pk,) in zip(fresh, made, strict=True)}
    return [ids.get((part.order_id, part.node_id, part.waiting), 0) for part in parts]
