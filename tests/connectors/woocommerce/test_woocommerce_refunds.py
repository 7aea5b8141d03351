"""Money that WooCommerce gives back, before, while and after things leave; told twice, by itself and when asked."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.cast import World
from tests.connectors.shopify.test_shopify_aftermath import came
from tests.connectors.shopify.test_shopify_parts import costs
from tests.connectors.shops import ask, due_now, fates, follow, read, taken
from tests.connectors.woocommerce.conftest import woo_order

from colisage.connectors.actions.run_errands import run_errands
from colisage.connectors.actions.tell_shops import tell_shops
from colisage.connectors.models import Connection
from colisage.connectors.woocommerce.simulator import WooShop
from colisage.intake.events import OrderAskedFor
from colisage.intake.models import ShopMessage
from colisage.inventory.models import Reservation
from colisage.kit.actors import SYSTEM
from colisage.kit.models import Event
from colisage.orders.models import FulfillmentLine, FulfillmentOrder, Hold, Order, OrderLine
from colisage.returns.actions.finish_return import finish_return
from colisage.returns.actions.request_return import Wanted, request_return
from colisage.returns.models import Refund, ReturnRequest, ShopRefund

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def order(balanced: World, shop: WooShop, connection: Connection) -> Order:
    """Give an order of three mugs (54.00) and a card (2.50), carriage 4.90, that waits for its wave."""
    shop.orders[8] = woo_order(8, ("MUG", 3, "54.00"), ("CARTE", 1, "2.50"))
    return taken(connection, balanced, 8)


def leave(order: Order, shop: WooShop | None = None) -> None:
    """Let an order have left whole, and its shop know it."""
    FulfillmentOrder.objects.filter(order=order).update(stage="handed_over")
    Order.objects.filter(pk=order.pk).update(state="closed")
    if shop is not None:
        shop.touch(8, status="completed")


def looked(connection: Connection) -> tuple[str, str]:
    """Ask the shop, and let the returns follow; give what became of the last message."""
    connection.refresh_from_db()
    fate = fates(ask(connection))[-1]
    follow()
    return fate


def stands(order: Order) -> tuple[int, dict[str, int], str]:
    """Give what an order costs, what is wanted of it, and its state."""
    cents, lines = costs(order), OrderLine.objects.filter(order=order).order_by("pk")
    return cents, {line.sku_code: line.wanted for line in lines}, order.state


def paid_back() -> list[tuple[str, int, list[list[int]]]]:
    """Give what the shop paid back: by its number, the cents, of lines the units and those that had left."""
    return [(one.key, one.total_cents, [line[1:3] for line in one.lines]) for one in ShopRefund.objects.order_by("pk")]


WHOLE = (6140, {"MUG": 3, "CARTE": 1}, "closed")


def test_a_refund_of_what_left_is_told_beside_the_order_and_changes_nothing_of_it(
    balanced: World, shop: WooShop, connection: Connection, order: Order
) -> None:
    leave(order, shop)
    assert looked(connection) == ("ignored", "nothing_new")
    pk = shop.refund(8, cents=1800, units={80: (1, 1800)})
    for _twice in range(2):
        assert looked(connection) == ("ignored", "nothing_new")
        assert paid_back() == [(str(pk), 1800, [[1, 1]])]
    assert stands(order) == WHOLE
    second = shop.refund(8, cents=4340, units={80: (2, 3600), 81: (1, 250)}, status="refunded")
    assert looked(connection) == ("ignored", "nothing_new")
    assert paid_back()[1:] == [(str(second), 4340, [[2, 2], [1, 1]])]
    assert (stands(order), order.payment) == (WHOLE, "paid")
    assert not Hold.objects.filter(order=order).exists()
    assert not ShopMessage.objects.filter(state="refused").exists()


def test_what_is_refunded_before_it_leaves_is_not_sent_and_stays_so_when_the_rest_has_left(
    balanced: World, shop: WooShop, connection: Connection, order: Order
) -> None:
    shop.refund(8, cents=2050, units={80: (1, 1800), 81: (1, 250)})
    assert looked(connection) == ("done", "changed")
    assert stands(order) == (4090, {"MUG": 2, "CARTE": 0}, "open")
    held = Reservation.objects.filter(owner_kind="order_line", state__in=["held", "waiting"])
    assert dict(held.values_list("sku__code", "qty")) == {"MUG": 2}
    leave(order, shop)
    assert looked(connection) == ("ignored", "nothing_new")
    shop.refund(8, cents=1800, units={80: (1, 1800)})
    assert looked(connection) == ("ignored", "nothing_new")
    assert stands(order) == (4090, {"MUG": 2, "CARTE": 0}, "closed")
    assert [lines for _key, _cents, lines in paid_back()] == [[[1, 0], [1, 0]], [[1, 1]]]


def test_an_order_that_is_refunded_whole_before_it_leaves_is_cancelled(
    balanced: World, shop: WooShop, connection: Connection, order: Order
) -> None:
    shop.refund(8, cents=6140, units={80: (3, 5400), 81: (1, 250)}, status="refunded")
    assert looked(connection) == ("done", "cancelled")
    assert stands(order)[2] == "cancelled"
    assert [cents for _key, cents, _lines in paid_back()] == [6140]


def test_of_a_line_of_which_some_left_those_that_did_not_are_meant_first(
    balanced: World, shop: WooShop, connection: Connection, order: Order
) -> None:
    part = FulfillmentOrder.objects.get(order=order)
    line = FulfillmentLine.objects.get(fulfillment_order=part, sku=balanced.sku("MUG"))
    gone = FulfillmentOrder.objects.create(
        merchant=balanced.tilleul, order=order, node=balanced.lyon, stage="handed_over"
    )
    FulfillmentLine.objects.create(
        merchant=balanced.tilleul, fulfillment_order=gone, order_line=line.order_line, sku=line.sku, quantity=1
    )
    FulfillmentLine.objects.filter(pk=line.pk).update(quantity=2)
    shop.refund(8, cents=3600, units={80: (2, 3600)})
    assert looked(connection)[0] == "done"
    assert stands(order)[:2] == (2540, {"MUG": 1, "CARTE": 1})
    shop.refund(8, cents=1800, units={80: (1, 1800)})
    assert looked(connection) == ("ignored", "nothing_new")
    assert stands(order)[:2] == (2540, {"MUG": 1, "CARTE": 1})
    assert [lines for _key, _cents, lines in paid_back()] == [[[2, 0]], [[1, 1]]]


@pytest.mark.parametrize("units", [{}, {80: (0, 500)}])
def test_money_without_units_lowers_an_order_that_waits_and_not_one_that_left(
    balanced: World, shop: WooShop, connection: Connection, order: Order, units: dict[int, tuple[int, int]]
) -> None:
    shop.refund(8, cents=500, units=units)
    assert looked(connection) == ("done", "changed")
    assert stands(order) == (5640, {"MUG": 3, "CARTE": 1}, "open")
    leave(order, shop)
    assert looked(connection) == ("ignored", "nothing_new")
    shop.refund(8, cents=300, units={})
    assert looked(connection) == ("ignored", "nothing_new")
    assert stands(order) == (5640, {"MUG": 3, "CARTE": 1}, "closed")
    assert [cents for _key, cents, _lines in paid_back()] == [500, 300]


def test_what_was_to_be_paid_back_here_is_settled_by_the_shop_and_never_paid_twice(
    balanced: World, shop: WooShop, connection: Connection, order: Order
) -> None:
    leave(order, shop)
    mug = OrderLine.objects.get(order=order, sku_code="MUG")
    request = request_return(balanced.tilleul.pk, order_id=order.pk, lines=[Wanted(mug.pk, 1, "damaged")], actor=SYSTEM)
    pk = shop.refund(8, cents=1800, units={80: (1, 1800)})
    looked(connection)
    told = ShopRefund.objects.get()
    assert (told.key, told.return_request_id) == (str(pk), request)
    came(ReturnRequest.objects.get())
    finish_return(balanced.tilleul.pk, return_id=request, actor=SYSTEM)
    assert (ReturnRequest.objects.get().state, Refund.objects.count()) == ("closed", 0)


def test_a_webhook_that_only_names_the_refunds_has_the_order_asked_for_whole(
    balanced: World, shop: WooShop, connection: Connection, order: Order
) -> None:
    leave(order, shop)
    shop.refund(8, cents=6140, units={80: (3, 5400), 81: (1, 250)}, status="refunded")
    assert shop_says(connection, shop) == ("ignored", "asked_for")
    asked = [OrderAskedFor.read(row.payload) for row in Event.objects.filter(kind="OrderAskedFor").order_by("pk")]
    tell_shops(asked)
    due_now()
    assert run_errands(connection.pk) == 1
    assert fates(read(connection))[-1] == ("ignored", "nothing_new")
    follow()
    assert (stands(order), [cents for _key, cents, _lines in paid_back()]) == (WHOLE, [6140])


def shop_says(connection: Connection, shop: WooShop) -> tuple[str, str]:
    """Let the shop send the order as it is, signed; give what became of it."""
    body = json.dumps(shop.orders[8]).encode()
    url = reverse("shop-hook", args=[connection.hook])
    assert Client().post(url, body, content_type="application/json", headers=shop.signed(body)).status_code == 200
    return fates(read(connection))[-1]


def test_what_is_refunded_while_it_is_prepared_is_not_said_to_be_free_again(
    balanced: World, shop: WooShop, connection: Connection, order: Order, enter: Any
) -> None:
    FulfillmentOrder.objects.filter(order=order).update(stage="picked")
    shop.refund(8, cents=1800, units={80: (1, 1800)})
    assert looked(connection) == ("refused", "too_late_to_change")
    page = enter(balanced.chen).get(reverse("order", args=[order.pk])).content.decode()
    assert "had not left, and was not taken out of the order" in page
    assert "is free again" not in page
