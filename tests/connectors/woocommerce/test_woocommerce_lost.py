"""An order that was deleted for good stands in no list of the shop: it is asked for those that wait here."""

import pytest
from tests.cast import World
from tests.connectors.shops import TROUBLES, ask, fates, order_of, read, trouble
from tests.connectors.woocommerce.conftest import woo_order

from colisage.connectors.actions import look_for_lost as looking
from colisage.connectors.actions.look_for_lost import look_for_lost
from colisage.connectors.models import Connection
from colisage.connectors.woocommerce.simulator import API, WooShop
from colisage.kit.actors import SYSTEM
from colisage.orders.actions.place_orders import place_orders
from colisage.orders.actions.release_hold import release_hold
from colisage.orders.models import FulfillmentOrder, Hold, Order
from colisage.sourcing.actions.source_orders import source_orders


def wait_here(shop: WooShop, connection: Connection, *numbers: int) -> None:
    """Let orders come in from the shop, and be sourced."""
    for number in numbers:
        shop.orders[number] = woo_order(number, ("MUG", 1, "18.00"))
    ask(connection)
    source_orders(Order.objects.values_list("pk", flat=True))


def delete(shop: WooShop, *numbers: int) -> None:
    """Delete orders for good: nothing tells of it."""
    for number in numbers:
        del shop.orders[number]


def states() -> dict[str, str]:
    return dict(Order.objects.order_by("pk").values_list("external_ref", "state"))


def held() -> list[str]:
    rows = Hold.objects.filter(reason="lost_in_shop", released_at=None).order_by("order_id")
    return list(rows.values_list("order__external_ref", flat=True))


def test_an_order_that_is_gone_is_cancelled_as_if_its_message_had_come(
    balanced: World, shop: WooShop, connection: Connection
) -> None:
    wait_here(shop, connection, 41, 42, 43)
    assert look_for_lost(connection.pk) == 0
    delete(shop, 42)
    assert look_for_lost(connection.pk) == 1
    assert fates(read(connection))[-1] == ("done", "cancelled")
    assert states() == {"41": "open", "42": "cancelled", "43": "open"}
    assert look_for_lost(connection.pk) == 0
    assert held() == []


def test_what_has_gone_too_far_is_held(balanced: World, shop: WooShop, connection: Connection) -> None:
    wait_here(shop, connection, 41, 42)
    FulfillmentOrder.objects.filter(order=order_of(balanced, 41)).update(stage="picked")
    delete(shop, 41)
    for _ in range(2):
        look_for_lost(connection.pk)
        read(connection)
    assert states()["41"] == "open"
    assert list(Hold.objects.values_list("order__external_ref", "reason")) == [("41", "cancelled_in_shop")]


@pytest.mark.usefixtures("balanced")
@pytest.mark.parametrize(("way", "problem"), [*TROUBLES, ("not_there", "not_a_shop")])
@pytest.mark.parametrize("call", ["/orders", "/orders/42"])
def test_a_shop_in_trouble_cancels_and_holds_nothing(
    shop: WooShop, connection: Connection, call: str, way: str, problem: str
) -> None:
    wait_here(shop, connection, 41, 42, 43)
    delete(shop, 42)
    shop.behaviour.ways, shop.behaviour.only = frozenset({way}), frozenset({("GET", API + call)})
    assert look_for_lost(connection.pk) == 0
    connection.refresh_from_db()
    assert (trouble(connection)[0], set(states().values()), held()) == (problem, {"open"}, [])
    shop.behaviour.ways = frozenset()
    ask(connection)
    look_for_lost(connection.pk)
    read(connection)
    assert states() == {"41": "open", "42": "cancelled", "43": "open"}


def test_a_list_that_leaves_orders_out_is_not_believed(balanced: World, shop: WooShop, connection: Connection) -> None:
    wait_here(shop, connection, *range(41, 51))
    shop.behaviour.ways, shop.behaviour.only = frozenset({"nothing"}), frozenset({("GET", f"{API}/orders")})
    assert look_for_lost(connection.pk) == 0
    shop.behaviour.ways = frozenset()
    shop.orders[44]["status"] = "trash"  # the bin is looked into elsewhere
    assert look_for_lost(connection.pk) == 0
    assert (set(states().values()), held()) == ({"open"}, [])


@pytest.mark.parametrize(("left", "gone"), [((41, 42), (43,)), ((50,), range(41, 50)), ((), (41,))])
def test_a_shop_restored_from_a_copy_cancels_nothing_and_a_person_decides(
    balanced: World, shop: WooShop, connection: Connection, left: tuple[int, ...], gone: tuple[int, ...]
) -> None:
    wait_here(shop, connection, *left, *gone)
    delete(shop, *gone)
    look_for_lost(connection.pk)
    read(connection)
    assert (set(states().values()), held()) == ({"open"}, [str(number) for number in gone])
    release_hold(balanced.tilleul.pk, hold_ids=list(Hold.objects.values_list("pk", flat=True)), actor=SYSTEM)
    shop.orders[99] = woo_order(99, ("MUG", 1, "18.00"))
    assert look_for_lost(connection.pk) == 0  # somebody decided
    assert held() == []


def test_only_what_the_shop_told_of_and_is_still_to_be_sent_is_asked_for(
    balanced: World, shop: WooShop, connection: Connection
) -> None:
    wait_here(shop, connection, 41, 42, 43)
    place_orders([balanced.order(("MUG", 1), external_ref="77")], actor=SYSTEM)  # of a file: the number, not the id
    source_orders([order_of(balanced, 77).pk])
    FulfillmentOrder.objects.filter(order=order_of(balanced, 41)).update(stage="handed_over")
    delete(shop, 41)
    shop.behaviour.calls.clear()
    assert look_for_lost(connection.pk) == 0
    assert shop.behaviour.calls == [("GET", f"{API}/orders")]
    assert set(states().values()) == {"open"}


def test_many_orders_are_gone_through_a_part_at_each_look(
    balanced: World, shop: WooShop, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "AT_ONCE", 2)
    wait_here(shop, connection, *range(41, 46))
    delete(shop, 42, 44)
    assert [look_for_lost(connection.pk) for _ in range(3)] == [1, 1, 0]
    read(connection)
    assert [ref for ref, state in states().items() if state == "cancelled"] == ["42", "44"]
    assert [look_for_lost(connection.pk) for _ in range(2)] == [0, 0]
