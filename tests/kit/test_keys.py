"""Keys that are checked a statement at a time promise what keys that are checked row by row do."""

import threading
from contextlib import suppress

import pytest
from django.db import IntegrityError, connection, transaction

from colisage.inventory.models import Reservation
from colisage.kit.actors import SYSTEM
from colisage.kit.walls import behind_the_wall
from colisage.network.models import Channel
from colisage.orders.actions.place_orders import place_orders
from colisage.orders.models import Order, OrderLine
from tests.cast import World

LINE = """
INSERT INTO orders_orderline (merchant_id, order_id, position, sku_id, sku_code, name, quantity, cancelled,
  unit_price_cents, discount_cents, tax_cents, requires_shipping, external_ref, personalisation, served_by)
SELECT %s, o, p, s, 'S', 'S', 1, 0, 0, 0, 0, true, '', '', ''
FROM unnest(%s::bigint[], %s::int[], %s::bigint[]) AS x(o, p, s)
"""
PROMISE = """
INSERT INTO inventory_reservation (merchant_id, owner_kind, owner_id, sku_id, node_id, qty, state, priority)
SELECT %s, 'test', 1, %s, n, 1, 'waiting', 0 FROM unnest(%s::bigint[]) AS n
"""


@pytest.fixture
def order(world: World) -> int:
    [answer] = place_orders([world.order(("MUG", 1))], actor=SYSTEM)
    assert answer.order_id
    return answer.order_id


def run(statement: str, *params: object) -> None:
    with transaction.atomic(), connection.cursor() as db:
        db.execute(statement, list(params))


def theirs(world: World) -> int:
    return world.northwind_skus["MUG"].pk


def test_one_row_of_many_that_points_nowhere_refuses_them_all(world: World, order: int) -> None:
    mug, before = world.sku("MUG").pk, OrderLine.objects.count()
    for orders, skus in (([order, 10**12], [mug, mug]), ([order, order], [mug, 10**12])):
        with pytest.raises(IntegrityError, match="000000000000, which is not there for its merchant"):
            run(LINE, world.tilleul.pk, orders, [8, 9], skus)
    assert OrderLine.objects.count() == before
    run(LINE, world.tilleul.pk, [order, order], [8, 9], [mug, None])
    assert OrderLine.objects.count() == before + 2


def test_a_row_of_another_merchant_is_not_there(world: World, order: int) -> None:
    with pytest.raises(IntegrityError, match="catalog_sku"):
        run(LINE, world.tilleul.pk, [order], [8], [theirs(world)])
    with pytest.raises(IntegrityError, match="orders_order"):
        run(LINE, world.northwind.pk, [order], [8], [theirs(world)])
    with pytest.raises(IntegrityError, match="catalog_sku"):
        run(PROMISE, world.tilleul.pk, theirs(world), [world.lyon.pk])
    with pytest.raises(IntegrityError, match="network_channel"):
        Order.objects.filter(pk=order).update(channel=Channel.objects.exclude(merchant=world.tilleul).first())


def test_a_row_that_is_changed_still_points_to_something(world: World, order: int) -> None:
    for sku in (theirs(world), 10**12):
        with pytest.raises(IntegrityError, match="catalog_sku"):
            run("UPDATE orders_orderline SET sku_id = %s WHERE order_id = %s", sku, order)
    with pytest.raises(IntegrityError, match="network_node"):
        run("UPDATE inventory_reservation SET node_id = %s", 10**12)
    run("UPDATE orders_orderline SET sku_id = %s WHERE order_id = %s", world.sku("LAMPE").pk, order)
    run("UPDATE inventory_reservation SET node_id = NULL, state = 'waiting'")


def test_a_place_that_is_not_there_holds_nothing(world: World, order: int) -> None:
    with pytest.raises(IntegrityError, match="network_node"):
        run(PROMISE, world.tilleul.pk, world.sku("MUG").pk, [world.lyon.pk, 10**12])
    run(PROMISE, world.tilleul.pk, world.sku("MUG").pk, [world.lyon.pk, None])


def test_what_is_pointed_to_stays_and_keeps_its_number(world: World, order: int) -> None:
    channel = Order.objects.get(pk=order).channel_id
    for table, pk, by in (
        ("orders_order", order, "orders_orderline"),
        ("network_channel", channel, "orders_order"),
        ("network_node", world.lyon.pk, "inventory_reservation"),
        ("catalog_sku", world.sku("MUG").pk, "orders_orderline|inventory_reservation"),
    ):
        for change in ("DELETE FROM {} WHERE id = %s", "UPDATE {} SET id = id + 1000000 WHERE id = %s"):
            with pytest.raises(IntegrityError, match=f"rows of ({by}) still point"):
                run(change.format(table), pk)
    assert Order.objects.filter(pk=order).exists()


def test_who_deletes_behind_the_wall_is_told_of_rows_he_does_not_see(world: World, order: int) -> None:
    """Promises of a merchant keep their node, whoever of its operator looks."""
    assert Reservation.objects.filter(node=world.lyon).exists()
    with behind_the_wall(merchants=[], operators=[world.nord.pk]):
        assert not Reservation.objects.exists()
        with pytest.raises(IntegrityError, match="inventory_reservation"):
            run("DELETE FROM network_node WHERE id = %s", world.lyon.pk)


@pytest.mark.django_db(transaction=True)
def test_a_row_that_somebody_is_pointing_to_is_not_deleted_meanwhile(world: World) -> None:
    """The one who deletes waits for the one who writes, and then finds what was written."""
    free = Channel.objects.create(merchant=world.tilleul, kind="api", code="new", name="New")
    told: list[BaseException] = []

    def delete() -> None:
        try:
            with connection.cursor() as db:
                db.execute("DELETE FROM network_channel WHERE id = %s", [free.pk])
        except IntegrityError as error:
            told.append(error)
        finally:
            connection.close()

    other = threading.Thread(target=delete)
    with transaction.atomic():
        place_orders([world.order(("MUG", 1), channel_id=free.pk)], actor=SYSTEM)
        other.start()
        other.join(1)
        assert other.is_alive(), "it waits"
    other.join(20)
    assert "rows of orders_order still point to network_channel" in str(told[0])
    with suppress(Channel.DoesNotExist):
        free.refresh_from_db()
    assert Order.objects.filter(channel=free).count() == 1
