"""Fulfilment orders of the world, made as sourcing makes them."""

from typing import Any

from colisage.inventory.models import Reservation
from colisage.kit.actors import SYSTEM
from colisage.orders.actions.create_fulfillment_orders import Part, create_fulfillment_orders
from colisage.orders.actions.place_orders import place_orders
from colisage.orders.models import FulfillmentOrder, OrderLine
from tests.cast import World


def part_of(world: World, *wants: tuple[str, int], **changes: Any) -> FulfillmentOrder:
    """Place an order and make one part of it, in Lyon."""
    (answer,) = place_orders([world.order(*wants, **changes)], actor=SYSTEM)
    (pk,) = create_fulfillment_orders([sourced(world, answer.order_id or 0)])
    return FulfillmentOrder.objects.get(pk=pk)


def sourced(world: World, order_id: int, **changes: Any) -> Part:
    """Decide that Lyon serves the whole order."""
    lines = OrderLine.objects.filter(order=order_id).order_by("position")
    promises = Reservation.objects.filter(owner_id__in=lines.values("pk")).order_by("pk")
    return Part(
        merchant_id=world.tilleul.pk,
        order_id=order_id,
        node_id=world.lyon.pk,
        lines=tuple((r.owner_id, r.sku_id, r.qty, r.pk) for r in promises),
        **changes,
    )
