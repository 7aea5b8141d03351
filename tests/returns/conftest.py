from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from colisage.kit.actors import Actor
from colisage.orders.actions.place_orders import place_orders
from colisage.orders.models import FulfillmentLine, FulfillmentOrder, OrderLine
from colisage.returns.actions.request_return import Wanted, request_return
from tests.cast import World

Delivered = Callable[..., int]
Asked = Callable[..., int]


@pytest.fixture
def chen(world: World) -> Actor:
    return Actor(kind="person", id=world.chen.pk, name="Chen")


@pytest.fixture
def delivered(world: World, chen: Actor) -> Delivered:
    """Make an order that left Lyon as a whole and was delivered some days ago."""
    return partial(deliver, world, chen)


@pytest.fixture
def asked(world: World, chen: Actor) -> Asked:
    """Ask to send units of SKUs of an order back."""
    return partial(ask, world)


def deliver(
    world: World, actor: Actor, *wants: tuple[str, int], days_ago: int = 3, stage: str = "delivered", **changes: Any
) -> int:
    """Place an order that left Lyon as a whole; give its id."""
    [answer] = place_orders([world.order(*wants, **changes)], actor=actor)
    assert answer.order_id is not None
    part = FulfillmentOrder.objects.create(
        merchant=world.tilleul,
        order_id=answer.order_id,
        node=world.lyon,
        stage=stage,
        stage_at=timezone.now() - timedelta(days=days_ago),
    )
    for line in OrderLine.objects.filter(order_id=answer.order_id):
        for sku, units in line.recipe or [[line.sku_id, 1]]:
            FulfillmentLine.objects.create(
                merchant=world.tilleul,
                fulfillment_order=part,
                order_line=line,
                sku_id=sku,
                quantity=units * line.quantity,
            )
    return answer.order_id


def ask(world: World, order_id: int, *wants: tuple[str, int], reason: str = "changed_mind", **changes: Any) -> int:
    """Ask for a return; give its id."""
    lines = dict(OrderLine.objects.filter(order_id=order_id).values_list("sku_code", "pk"))
    return request_return(
        world.tilleul.pk,
        order_id=order_id,
        lines=[Wanted(lines[code], n, reason) for code, n in wants],
        actor=changes.pop("actor", Actor(kind="customer", name="Camille")),
        **changes,
    )


LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
