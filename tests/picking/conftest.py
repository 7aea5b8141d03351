from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from colisage.inventory.queries import promises_of
from colisage.kit.actors import SYSTEM, Actor
from colisage.orders.actions.create_fulfillment_orders import Part, create_fulfillment_orders
from colisage.orders.actions.place_orders import place_orders
from colisage.orders.queries import lines_of
from tests.cast import World

Ready = Callable[..., list[int]]


@pytest.fixture
def ada(world: World) -> Actor:
    return Actor(kind="person", id=world.ada.pk, name="Ada")


@pytest.fixture
def ready(world: World) -> Ready:
    """Accept orders and give each to the node that holds its units, as sourcing would."""

    def make(*wants: tuple[tuple[str, int], ...], ship_by: datetime | None = None, **changes: Any) -> list[int]:
        orders = [world.order(*each, **changes) for each in wants]
        answers = place_orders(orders, actor=SYSTEM)
        return [part_of(answer.order_id or 0, orders[0].merchant_id, ship_by) for answer in answers]

    return make


def part_of(order_id: int, merchant_id: int, ship_by: datetime | None) -> int:
    lines = {line.pk for line in lines_of([order_id])[order_id]}
    promises = promises_of(merchant_id, owner_kind="order_line", owner_ids=lines)
    node = next(p.node_id for p in promises if p.node_id)
    made = Part(
        merchant_id,
        order_id,
        node,
        tuple((p.owner_id, p.sku_id, p.qty, p.id) for p in promises),
        waiting=any(p.state == "waiting" for p in promises),
        ship_by=ship_by,
    )
    return create_fulfillment_orders([made])[0]
