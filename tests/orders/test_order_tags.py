"""Orders found by a tag: by an index behind the wall, whatever the capitals, after every way by which tags come."""

from typing import Any

import pytest
from django.db import connection

from colisage.kit.actors import SYSTEM
from colisage.orders.actions.place_orders import place_orders
from colisage.orders.actions.tag_orders import tag_orders
from colisage.orders.models import Order, OrderTag
from colisage.orders.queries import Filters, orders_page
from tests.cast import World


def placed(world: World, *tags: str, **changes: Any) -> int:
    [answer] = place_orders([world.order(("CARTE", 1), tags=tags, **changes)], actor=SYSTEM)
    return answer.order_id or 0


def found(world: World, tag: str) -> list[int]:
    return [order.pk for order in orders_page([world.tilleul.pk], filters=Filters(tag=tag))]


def test_orders_are_found_by_the_tags_they_came_with_and_got(world: World) -> None:
    one, other, none = placed(world, "VIP", "été"), placed(world, "vip", "Vip"), placed(world)
    assert found(world, "vip") == [other, one]
    assert found(world, "ÉTÉ") == [one]
    tag_orders(world.tilleul.pk, order_ids=[one, none], add=["Late"], drop=["vip"], actor=SYSTEM)
    assert (found(world, "vip"), found(world, "late")) == ([other], [none, one])
    assert orders_page([world.northwind.pk], filters=Filters(tag="late")) == []


def test_what_orders_are_found_by_is_what_they_are_tagged_with(world: World) -> None:
    for tags in (("a", "A", "b"), (), ("x" * 2_000, "y"), ("ß",)):
        pk = placed(world, *tags)
        for add, drop in ((["c", "C"], []), (["a"], ["A", "b"]), ([], ["c", "y"])):
            tag_orders(world.tilleul.pk, order_ids=[pk], add=add, drop=drop, actor=SYSTEM)
            with connection.cursor() as db:
                db.execute(
                    'SELECT DISTINCT left(upper(tag), 300) COLLATE "C" FROM orders_order,'
                    " jsonb_array_elements_text(tags) tag WHERE id = %s ORDER BY 1",
                    [pk],
                )
                wanted = [key for (key,) in db.fetchall()]
            assert list(OrderTag.objects.filter(order=pk).order_by("key").values_list("key", flat=True)) == wanted


def test_a_tag_that_many_have_fills_pages_and_an_order_sent_twice_is_tagged_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("colisage.kit.narrowing.MANY", 2)
    ids = [placed(world, "vip") for _ in range(4)]
    placed(world, "other")
    assert found(world, "VIP") == ids[::-1]
    reference = Order.objects.get(pk=ids[0]).external_ref
    placed(world, "vip", external_ref=reference)
    assert OrderTag.objects.filter(order=ids[0]).count() == 1
