"""Refunds and returns of the shop, told before, while and after things leave; twice and in any order."""

import random
from typing import Any

import pytest
from tests.cast import World
from tests.connectors.shopify.conftest import shopify_order
from tests.connectors.shopify.test_shopify import arrive
from tests.connectors.shopify.test_shopify_parts import again, costs, lines, reserved
from tests.connectors.shops import due_now, follow, read, sent_off, taken
from tests.tracking.conftest import OnTheRoad

from colisage.connectors.actions.run_errands import run_errands
from colisage.connectors.models import Connection
from colisage.connectors.shopify.simulator import ShopifyShop
from colisage.intake.events import AftermathTold
from colisage.intake.models import ShopMessage
from colisage.kit.actors import SYSTEM
from colisage.kit.models import Event
from colisage.orders.models import FulfillmentLine, FulfillmentOrder, Hold, Order, OrderLine
from colisage.returns.actions.finish_return import finish_return
from colisage.returns.actions.follow_shop import follow_shop
from colisage.returns.actions.refund_return import NothingToPayBack, refund_return
from colisage.returns.models import Refund, ReturnItem, ReturnLine, ReturnRequest, ShopRefund
from colisage.returns.queries import refund_preview


def looked(connection: Connection) -> list[tuple[str, str]]:
    """Ask the shop, and let the returns follow."""
    found = again(connection)
    follow()
    return found


@pytest.fixture
def gone(balanced: World, shop: ShopifyShop, connection: Connection) -> Order:
    """Give an order of three mugs and a feather that left and was delivered, and that the shop knows as sent."""
    shop.place(shopify_order(21, ("MUG", 3, "18.00"), ("PLUME", 1, "20.00")))
    order = taken(connection, balanced, 21)
    return left(shop, order)


def left(shop: ShopifyShop, order: Order) -> Order:
    """Let an order have left and been delivered, told to the shop."""
    FulfillmentOrder.objects.filter(order=order).update(stage="delivered")
    Order.objects.filter(pk=order.pk).update(state="closed")
    shop.send_by_hand(int(order.external_ref))
    order.refresh_from_db()
    return order


@pytest.mark.django_db(transaction=True)
def test_a_refund_of_what_left_is_a_document_beside_the_order_and_expects_the_goods_back(
    balanced: World, shop: ShopifyShop, connection: Connection, gone: Order
) -> None:
    assert looked(connection) == [("ignored", "nothing_new")]
    shop.refund(21, units={210: 2}, restock="return", pk=5)
    assert looked(connection) == [("ignored", "nothing_new")]
    [told] = ShopRefund.objects.all()
    mug = OrderLine.objects.get(order=gone, sku_code="MUG")
    assert (told.key, told.total_cents, told.currency, told.lines) == ("5", 3600, "EUR", [[mug.pk, 2, 2, "return"]])
    request = ReturnRequest.objects.get()
    assert (request.state, told.return_request_id, told.settles) == ("approved", request.pk, False)
    assert list(ReturnLine.objects.values_list("order_line", "quantity")) == [(mug.pk, 2)]
    assert (costs(gone), lines(balanced, 21)) == (7890, [("MUG", 3, ""), ("PLUME", 1, "")])
    assert not Hold.objects.filter(order=gone).exists()
    assert not ShopMessage.objects.filter(state="refused").exists()


@pytest.mark.django_db(transaction=True)
def test_goods_that_the_shop_paid_for_are_not_paid_for_again_when_they_come(
    balanced: World, shop: ShopifyShop, connection: Connection, gone: Order
) -> None:
    shop.refund(21, units={210: 2}, restock="return")
    looked(connection)
    request = ReturnRequest.objects.get()
    came(request)
    finish_return(balanced.tilleul.pk, return_id=request.pk, actor=SYSTEM)
    request.refresh_from_db()
    assert (request.state, Refund.objects.count()) == ("closed", 0)


@pytest.mark.django_db(transaction=True)
def test_a_refund_that_is_told_before_its_return_expects_the_goods_once(
    balanced: World, shop: ShopifyShop, connection: Connection, gone: Order
) -> None:
    shop.refund(21, units={210: 1}, restock="return", pk=2)
    assert arrive(connection, shop.message(21)) == 200
    read(connection)
    follow()
    assert (ShopRefund.objects.count(), ReturnRequest.objects.count()) == (1, 0)
    shop.ask_back(21, units={210: 1}, pk=9, status="OPEN")
    looked(connection)
    assert ReturnRequest.objects.get().external_ref == "9"
    assert ShopRefund.objects.get().return_request_id == ReturnRequest.objects.get().pk


def came(request: ReturnRequest) -> None:
    """Let everything of a return have come and been judged."""
    for item in ReturnItem.objects.filter(return_request=request):
        ReturnItem.objects.filter(pk=item.pk).update(received=item.expected, inspected=item.expected)
    ReturnRequest.objects.filter(pk=request.pk).update(state="received")


@pytest.mark.django_db(transaction=True)
def test_a_refund_that_keeps_the_goods_with_the_customer_expects_nothing_back(
    balanced: World, shop: ShopifyShop, connection: Connection, gone: Order
) -> None:
    shop.refund(21, units={211: 1}, restock="no_restock")
    assert looked(connection) == [("ignored", "nothing_new")]
    assert ShopRefund.objects.get().return_request_id is None
    assert not ReturnRequest.objects.exists()
    assert costs(gone) == 7890


@pytest.mark.django_db(transaction=True)
def test_a_refund_of_what_has_not_left_takes_it_out_and_gives_its_stock_back(
    balanced: World, shop: ShopifyShop, connection: Connection
) -> None:
    shop.place(shopify_order(22, ("MUG", 3, "18.00"), ("PLUME", 1, "20.00")))
    order = taken(connection, balanced, 22)
    shop.refund(22, units={220: 1}, restock="cancel")
    assert looked(connection) == [("done", "changed")]
    assert (lines(balanced, 22), costs(order), reserved(balanced, "MUG")) == (
        [("MUG", 2, ""), ("PLUME", 1, "")], 6090, 2,
    )  # fmt: skip
    [told] = ShopRefund.objects.all()
    assert (told.total_cents, told.lines[0][1:], told.return_request_id) == (1800, [1, 0, "cancel"], None)
    assert not ReturnRequest.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_an_order_that_left_in_part_a_refund_is_told_unit_by_unit(
    balanced: World, shop: ShopifyShop, connection: Connection
) -> None:
    shop.place(shopify_order(23, ("MUG", 3, "18.00")))
    order = taken(connection, balanced, 23)
    split_off(order, units=1)
    shop.send_by_hand(23, units={"gid://shopify/LineItem/230": 1})
    assert looked(connection) == [("ignored", "nothing_new")]
    shop.refund(23, units={230: 1}, restock="cancel", pk=1)
    shop.refund(23, units={230: 1}, restock="return", pk=2)
    assert looked(connection) == [("done", "changed")]
    told = {one.key: one.lines[0][1:] for one in ShopRefund.objects.all()}
    assert told == {"1": [1, 0, "cancel"], "2": [1, 1, "return"]}
    assert (lines(balanced, 23), costs(order)) == ([("MUG", 2, "")], 4090)
    assert ReturnRequest.objects.count() == 1


def split_off(order: Order, *, units: int) -> None:
    """Let some units of an order of one line have left in a part of their own."""
    part = FulfillmentOrder.objects.get(order=order)
    line = FulfillmentLine.objects.get(fulfillment_order=part)
    FulfillmentLine.objects.filter(pk=line.pk).update(quantity=line.quantity - units)
    part.pk, part.stage = None, "handed_over"
    part.save()
    line.pk, line.fulfillment_order, line.quantity = None, part, units
    line.save()


@pytest.mark.django_db(transaction=True)
def test_a_refund_decided_here_is_settled_by_the_payment_that_the_shop_tells(
    balanced: World, shop: ShopifyShop, connection: Connection, gone: Order
) -> None:
    shop.ask_back(21, units={210: 1}, pk=9, status="OPEN")
    looked(connection)
    request = ReturnRequest.objects.get()
    came(request)
    finish_return(balanced.tilleul.pk, return_id=request.pk, actor=SYSTEM)
    refund_return(balanced.tilleul.pk, return_id=request.pk, actor=SYSTEM)
    shop.refund(21, units={210: 1}, restock="no_restock", pk=6)
    looked(connection)
    refund = Refund.objects.get()
    assert (refund.total_cents, refund.state, refund.reference) == (1800, "done", "6")
    request.refresh_from_db()
    assert (request.state, ShopRefund.objects.get().settles) == ("closed", True)


@pytest.mark.django_db(transaction=True)
def test_a_return_asked_for_in_the_shop_is_here_and_goes_on_as_it_does_there(
    balanced: World, shop: ShopifyShop, connection: Connection, gone: Order
) -> None:
    shop.ask_back(21, units={210: 2}, pk=9, reason="DEFECTIVE", note="Ébréché")
    looked(connection)
    request = ReturnRequest.objects.get()
    assert (request.state, request.external_ref, request.prepaid, request.note) == (
        "requested", "9", False, "#1021-R1\nÉbréché",
    )  # fmt: skip
    assert list(ReturnLine.objects.values_list("quantity", "reason")) == [(2, "faulty")]
    shop.ask_back(21, units={210: 2}, pk=9, status="OPEN")
    looked(connection)
    request.refresh_from_db()
    assert request.state == "approved"
    shop.refund(21, units={210: 2}, restock="return", pk=7)
    looked(connection)
    assert ShopRefund.objects.get().return_request_id == request.pk
    assert ReturnRequest.objects.count() == 1
    came(request)
    ReturnRequest.objects.filter(pk=request.pk).update(state="inspected")
    assert not getattr(refund_preview(balanced.tilleul.pk, return_id=request.pk), "lines", None)
    with pytest.raises(NothingToPayBack):
        refund_return(balanced.tilleul.pk, return_id=request.pk, actor=SYSTEM)


@pytest.mark.django_db(transaction=True)
def test_a_return_that_the_shop_declines_is_refused_here(
    balanced: World, shop: ShopifyShop, connection: Connection, gone: Order
) -> None:
    shop.ask_back(21, units={210: 1}, pk=9)
    looked(connection)
    shop.ask_back(21, units={210: 1}, pk=9, status="DECLINED", declined="Trop tard")
    looked(connection)
    request = ReturnRequest.objects.get()
    assert (request.state, request.refusal) == ("refused", "Trop tard")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(4))
def test_refunds_and_returns_told_in_any_order_and_twice_leave_the_same(
    balanced: World, shop: ShopifyShop, connection: Connection, gone: Order, seed: int
) -> None:
    shop.ask_back(21, units={210: 1}, pk=9)
    again(connection)
    shop.refund(21, units={211: 1}, restock="no_restock", pk=1)
    again(connection)
    shop.ask_back(21, units={210: 1}, pk=9, status="OPEN")
    shop.refund(21, units={210: 1}, restock="return", pk=2)
    again(connection)
    told = [AftermathTold.read(row.payload) for row in Event.objects.filter(kind="AftermathTold")] * 2
    random.Random(seed).shuffle(told)
    follow_shop(told)
    assert sorted(ShopRefund.objects.values_list("key", "total_cents")) == [("1", 2000), ("2", 1800)]
    request = ReturnRequest.objects.get()
    assert (request.state, request.external_ref) == ("approved", "9")
    assert ShopRefund.objects.get(key="2").return_request_id == request.pk


@pytest.mark.django_db(transaction=True)
def test_an_order_that_was_paid_back_as_a_whole_after_it_left_is_no_cancelled_one(
    balanced: World, shop: ShopifyShop, connection: Connection, gone: Order
) -> None:
    shop.refund(21, units={210: 3, 211: 1}, restock="return", cents="78.90")
    shop.orders[21]["financial_status"] = "refunded"
    [(state, _what)] = looked(connection)
    assert state in {"done", "ignored"}
    gone.refresh_from_db()
    assert (gone.state, costs(gone)) == ("closed", 7890)
    assert not Hold.objects.filter(order=gone).exists()


def test_a_parcel_of_ours_changes_nothing_when_the_shop_tells_it_back(
    balanced: World, shop: ShopifyShop, connection: Connection, on_the_road: OnTheRoad
) -> None:
    shop.place(shopify_order(77, ("MUG", 1, "18.00"), ("COFFRET", 2, "20.00")))
    sent_off(balanced, on_the_road, ref="77", lines={"MUG": "770", "COFFRET": "771"})
    due_now()
    run_errands(connection.pk)
    before: list[Any] = lines(balanced, 77)
    again(connection)
    assert lines(balanced, 77) == before
