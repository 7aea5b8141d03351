"""Shops in the fewest words: a channel connected with a simulator, and what a worker would do, done now."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone
from tests.cast import World
from tests.tracking.conftest import OnTheRoad, numbers

from colisage.connectors.actions.connect_shop import connect_shop
from colisage.connectors.actions.poll_shop import poll_shop
from colisage.connectors.actions.tell_shops import tell_shops
from colisage.connectors.misbehaviour import Behaviour
from colisage.connectors.models import Connection, Errand
from colisage.intake.actions.read_messages import read_messages
from colisage.intake.events import AftermathTold
from colisage.intake.models import ShopMessage
from colisage.kit.actors import SYSTEM
from colisage.kit.models import Event
from colisage.orders.models import Order, OrderLine
from colisage.returns.actions.follow_shop import follow_shop
from colisage.shipping.events import ShipmentHandedOver
from colisage.shipping.models import Shipment
from colisage.sourcing.actions.source_orders import source_orders


def connected(world: World, connector: str, **given: str) -> Connection:
    """Connect the world's channel with a shop."""
    pk = connect_shop(
        world.tilleul.pk, channel_id=world.channel.pk, connector=connector, given=given, active=True, actor=SYSTEM
    )
    return Connection.objects.get(pk=pk)


def ask(connection: Connection) -> list[ShopMessage]:
    """Ask the shop, read what it said; give every message of the channel, the eldest first."""
    poll_shop(connection.pk)
    return read(connection)


def read(connection: Connection) -> list[ShopMessage]:
    """Read what waits; give every message of the channel, the eldest first."""
    read_messages(connection.channel_id)
    return list(ShopMessage.objects.filter(channel_id=connection.channel_id).order_by("pk"))


def fates(messages: list[ShopMessage]) -> list[tuple[str, str]]:
    """Give what became of messages: state, and what was done or why not."""
    return [(m.state, m.outcome or m.reason) for m in messages]


def trouble(connection: Connection) -> tuple[str, str, int]:
    """Give the code of what is wrong longest with a connection, its detail and how often; empty where nothing is."""
    first = min(connection.problems.values(), key=lambda one: str(one["since"]), default=None)
    return (first["code"], first["detail"], first["failures"]) if first else ("", "", 0)


TROUBLES = (
    ("error_before_effect", "shop_in_trouble"), ("too_many", "too_many_calls"), ("not_let_in", "not_let_in"),
    ("drop", "not_reached"),
)  # fmt: skip


def lose_nothing_in_trouble(connection: Connection, behaviour: Behaviour, *, way: str, problem: str) -> None:
    """Prove of a shop with one order: in trouble it is asked later and says so, and the order comes in afterwards."""
    behaviour.ways = frozenset({way})
    assert ask(connection) == []
    connection.refresh_from_db()
    assert trouble(connection)[::2] == (problem, 1)
    assert connection.next_poll_at > timezone.now()
    behaviour.ways = frozenset()
    assert fates(ask(connection)) == [("done", "accepted")]
    connection.refresh_from_db()
    assert connection.problems == {}


def order_of(world: World, ref: Any) -> Order:
    """Give the order of a reference."""
    return Order.objects.get(channel=world.channel, external_ref=str(ref))


def taken(connection: Connection, world: World, ref: Any) -> Order:
    """Ask the shop, and decide from where the order of a reference is sent."""
    ask(connection)
    order = order_of(world, ref)
    source_orders([order.pk])
    return order


def follow() -> None:
    """Let the returns hear what the shop told, twice."""
    found = [AftermathTold.read(row.payload) for row in Event.objects.filter(kind="AftermathTold").order_by("pk")]
    follow_shop(found)
    follow_shop(found)


def sent_off(world: World, on_the_road: OnTheRoad, *, ref: str, lines: Mapping[str, str] | None = None) -> str:
    """Send a mug and two boxes of an order the shop calls `ref`, and tell it twice; give the tracking number.

    `lines` are what the shop calls the lines, by SKU.
    """
    [part] = on_the_road((("MUG", 1), ("COFFRET", 2)))
    order = Order.objects.order_by("-pk")[0]
    Order.objects.filter(pk=order.pk).update(external_ref=ref)
    for sku, name in (lines or {}).items():
        OrderLine.objects.filter(order=order, sku_code=sku).update(external_ref=name)
    told = ShipmentHandedOver(
        merchant_id=world.tilleul.pk, order_id=order.pk, fulfillment_order_id=part,
        shipment_id=Shipment.objects.get(fulfillment_order=part).pk, tracking_numbers=tuple(numbers(part)),
    )  # fmt: skip
    tell_shops([told, told])
    return numbers(part)[0]


def due_now() -> None:
    """Let every errand be due."""
    Errand.objects.update(next_try_at=timezone.now() - timedelta(seconds=1))
