import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.cast import World
from tests.connectors.shopify.conftest import shopify_order
from tests.connectors.shops import TROUBLES, ask, fates, lose_nothing_in_trouble, order_of, read, trouble

from colisage.connectors.actions.check_connection import check_connection
from colisage.connectors.actions.run_errands import run_errands
from colisage.connectors.actions.tell_shops import tell_shops
from colisage.connectors.models import Connection
from colisage.connectors.ports import Access, NotSigned
from colisage.connectors.queries import access_of
from colisage.connectors.shopify.channel import Shopify
from colisage.connectors.shopify.simulator import ShopifyShop
from colisage.intake.events import OrderAskedFor
from colisage.intake.models import ShopMessage
from colisage.intake.ports import OrderTold, Unreadable
from colisage.intake.rules import refusal
from colisage.intake.rules.messages import balanced as explained
from colisage.kit.models import Event
from colisage.orders.models import Hold, Order, OrderLine


def arrive(connection: Connection, message: tuple[bytes, dict[str, str]]) -> int:
    """Send a message to the door; give the status of the answer."""
    body, headers = message
    url = reverse("shop-hook", args=[connection.hook])
    client = Client(enforce_csrf_checks=True)
    return client.post(url, body, content_type="application/json", headers=headers).status_code


def test_an_order_of_the_shop_is_here_with_everything_it_said(
    balanced: World, shop: ShopifyShop, connection: Connection
) -> None:
    order = shopify_order(41, ("MUG", 2, "18.00"), ("COFFRET", 1, "20.00"), note="Sonnez deux fois", tags="vip, noël")
    order["po_number"] = "BC-77"
    order["line_items"][0]["properties"] = [{"name": "Prénom", "value": "Zoé"}, {"name": "_uid", "value": "7"}]
    order["note_attributes"] = [{"name": "gift_message", "value": "Bises"}, {"name": "Créneau", "value": "matin"}]
    shop.place(order)
    assert fates(ask(connection)) == [("done", "accepted")]
    found = order_of(balanced, 41)
    assert (found.number, found.payment, found.total_cents, found.shipping_cents) == ("#1041", "paid", 6090, 490)
    assert found.purchase_reference == "BC-77"
    assert (found.customer_note, found.gift_note, found.shipping_method, found.email) == (
        "Sonnez deux fois\nCréneau: matin", "Bises", "Colissimo", "c@example.com",
    )  # fmt: skip
    lines = OrderLine.objects.filter(order=found).values_list("sku_code", "quantity", "external_ref", "personalisation")
    assert list(lines) == [("MUG", 2, "410", "Prénom: Zoé"), ("COFFRET", 1, "411", "")]
    assert not Hold.objects.filter(order=found).exists()


def test_an_order_that_was_sent_and_then_asked_for_says_nothing_new(
    balanced: World, shop: ShopifyShop, connection: Connection
) -> None:
    order = shopify_order(
        5, ("MUG", 3, "18.00"), ("CARTE", 1, "2.50"), note="x", updated_at="2026-11-20T11:00:05+01:00"
    )
    order["line_items"].reverse()
    order["line_items"][0]["tax_lines"] = [{"price": "0.42", "rate": 0.2}]
    shop.place(order)
    assert arrive(connection, shop.message(5, topic="orders/create")) == 200
    assert fates(read(connection)) == [("done", "accepted")]
    assert fates(ask(connection)) == [("done", "accepted"), ("ignored", "nothing_new")]
    assert Order.objects.count() == 1


def test_what_was_seen_is_not_kept_again_and_what_changes_later_is(
    balanced: World, shop: ShopifyShop, connection: Connection
) -> None:
    for number in range(1, 24):
        shop.place(shopify_order(number, ("MUG", 1, "18.00"), financial_status="pending"))
    ask(connection)
    assert Order.objects.count() == 23
    connection.refresh_from_db()
    ask(connection)
    assert ShopMessage.objects.count() == 23
    shop.orders[7].update(financial_status="paid", updated_at="2026-11-20T10:00:09Z")
    connection.refresh_from_db()
    before = len(shop.asked)
    assert fates(ask(connection))[-1] == ("done", "paid")
    assert order_of(balanced, 7).payment == "paid"
    connection.refresh_from_db()
    before = len(shop.asked)
    ask(connection)
    assert shop.asked[before:] == ["ChangedOrders", "ChangedParts", "Order"]


def test_orders_with_more_lines_than_a_page_and_refunds_are_read_whole(
    balanced: World, shop: ShopifyShop, connection: Connection
) -> None:
    order = shopify_order(6, *[("MUG", 2, "18.00")] * 60)
    order["line_items"][59]["current_quantity"] = 0
    order["current_total_price"] = f"{59 * 36 + 4.90:.2f}"
    taken = {"line_item_id": 6 * 10 + 59, "quantity": 2, "subtotal": "36.00", "total_tax": "0.00"}
    order["refunds"] = [
        {
            "id": 9,
            "refund_line_items": [taken],
            "transactions": [{"kind": "refund", "status": "success", "amount": "36.00"}],
        }
    ]
    shop.place(order)
    assert fates(ask(connection)) == [("done", "accepted")]
    found = order_of(balanced, 6)
    assert (found.total_cents, OrderLine.objects.filter(order=found).count()) == (59 * 3600 + 490, 59)
    assert shop.asked == ["ChangedOrders", "ChangedParts", "Order", "Order", "Order", "OrderRefunds", "RefundLines"]
    assert arrive(connection, shop.message(6)) == 200
    assert fates(read(connection)) == [("done", "accepted"), ("ignored", "nothing_new")]


def test_a_message_is_kept_once_however_often_it_comes(
    balanced: World, shop: ShopifyShop, connection: Connection
) -> None:
    shop.place(shopify_order(5, ("MUG", 1, "18.00")))
    body, headers = shop.message(5, topic="orders/create")
    assert [arrive(connection, (body, headers)) for _ in range(3)] == [200, 200, 200]
    assert arrive(connection, (body, {**headers, "x-shopify-webhook-id": "retried"})) == 200
    assert fates(read(connection)) == [("done", "accepted")]
    assert arrive(connection, (body, {**headers, "x-shopify-topic": "orders/paid"})) == 200
    assert fates(read(connection)) == [("done", "accepted"), ("ignored", "nothing_new")]
    assert b"Camille" not in bytes(ShopMessage.objects.order_by("pk")[0].body)


def test_an_order_that_was_deleted_is_not_sent(balanced: World, shop: ShopifyShop, connection: Connection) -> None:
    shop.place(shopify_order(5, ("MUG", 1, "18.00")))
    assert arrive(connection, shop.message(5, topic="orders/create")) == 200
    read(connection)
    assert arrive(connection, shop.signed(b'{"id":5}', topic="orders/delete")) == 200
    assert fates(read(connection)) == [("done", "accepted"), ("done", "cancelled")]


def test_the_secret_of_an_app_signs_for_every_shop_it_is_in(
    balanced: World, shop: ShopifyShop, connection: Connection
) -> None:
    Connection.objects.filter(pk=connection.pk).update(options={"url": "https://tilleul.myshopify.com"})
    for number, domain in ((5, "northwind.myshopify.com"), (6, "tilleul.myshopify.com")):
        shop.place(shopify_order(number, ("MUG", 1, "18.00")))
        body, headers = shop.message(number, topic="orders/create")
        assert arrive(connection, (body, {**headers, "x-shopify-shop-domain": domain})) == 200
    assert fates(read(connection)) == [("refused", "other_shop"), ("done", "accepted")]


def test_an_order_whose_money_was_given_back_waits_for_a_person(
    balanced: World, shop: ShopifyShop, connection: Connection
) -> None:
    shop.place(shopify_order(5, ("MUG", 1, "18.00"), financial_status="refunded"))
    shop.place(shopify_order(6, ("MUG", 1, "18.00"), updated_at="2026-11-20T10:00:06Z"))
    ask(connection)
    shop.orders[6].update(financial_status="refunded", updated_at="2026-11-20T10:07:00Z")
    ask(connection)
    held = Hold.objects.filter(released_at=None).order_by("order__external_ref")
    assert list(held.values_list("order__external_ref", "kind", "reason")) == [
        ("5", "payment", "paid_back"), ("6", "payment", "paid_back"),
    ]  # fmt: skip


def test_a_message_that_is_not_signed_is_refused(shop: ShopifyShop, connection: Connection) -> None:
    body, headers = shop.signed(b"{}", topic="orders/create")
    assert arrive(connection, (b"{ }", headers)) == 401
    assert arrive(connection, (body, {**headers, "x-shopify-hmac-sha256": ""})) == 401
    assert arrive(connection, (body, {**headers, "x-shopify-hmac-sha256": "é"})) == 401
    assert not ShopMessage.objects.exists()
    connection.refresh_from_db()
    assert trouble(connection)[0] == "not_signed"


def test_without_a_secret_nothing_is_believed(shop: ShopifyShop, connection: Connection) -> None:
    access = access_of(connection)
    body, headers = ShopifyShop(secret="").signed(b"{}", topic="orders/create")
    bare = Access(options=access.options, secrets={**access.secrets, "webhook_secret": ""})
    with pytest.raises(NotSigned):
        Shopify().arrived(headers, body, access=bare)


@pytest.mark.parametrize("seed", range(4))
def test_messages_twice_and_in_any_order_leave_the_newest_state(
    balanced: World, shop: ShopifyShop, connection: Connection, seed: int
) -> None:
    shop.place(shopify_order(9, ("MUG", 1, "18.00"), financial_status="authorized"))
    messages = [shop.message(9, topic="orders/create")]
    shop.orders[9].update(financial_status="paid", updated_at="2026-11-20T10:05:00Z")
    messages.append(shop.message(9, topic="orders/paid"))
    shop.orders[9].update(
        financial_status="refunded", cancelled_at="2026-11-20T10:07:00Z", updated_at="2026-11-20T10:07:00Z"
    )
    messages.append(shop.message(9, topic="orders/cancelled"))
    sent = shop.scramble(messages, seed=seed)
    assert len(sent) == 6
    for message in sent:
        assert arrive(connection, message) == 200
        read(connection)
    assert ShopMessage.objects.count() == 3
    assert [order.state for order in Order.objects.all()] in ([], ["cancelled"])
    assert not ShopMessage.objects.exclude(state__in=["done", "ignored"]).exists()


def test_an_edit_or_a_refund_or_a_fulfilment_order_has_the_order_asked_for(
    balanced: World, shop: ShopifyShop, connection: Connection
) -> None:
    shop.place(shopify_order(8, ("MUG", 1, "18.00")))
    for topic, body in {
        "orders/edited": {"order_edit": {"id": 1, "order_id": 8, "line_items": {"additions": [], "removals": []}}},
        "refunds/create": {"id": 2, "order_id": 8, "refund_line_items": []},
        "fulfillment_orders/fulfillment_request_submitted": {
            "fulfillment_order": {"id": "gid://shopify/FulfillmentOrder/8", "status": "open"}
        },
    }.items():
        assert arrive(connection, shop.signed(json.dumps(body).encode(), topic=topic)) == 200
    assert fates(read(connection)) == [("ignored", "asked_for")] * 3
    tell_shops([OrderAskedFor.read(event.payload) for event in Event.objects.filter(kind="OrderAskedFor")])
    assert run_errands(connection.pk) == 2
    assert fates(read(connection))[3:] == [("done", "accepted")]


@pytest.mark.parametrize(("way", "problem"), TROUBLES)
def test_a_shop_in_trouble_loses_nothing_and_is_asked_later(
    balanced: World, shop: ShopifyShop, connection: Connection, way: str, problem: str
) -> None:
    shop.place(shopify_order(1, ("MUG", 1, "18.00")))
    lose_nothing_in_trouble(connection, shop.behaviour, way=way, problem=problem)


def test_an_empty_bucket_is_waited_for_once_and_then_left_to_later(
    balanced: World, shop: ShopifyShop, connection: Connection
) -> None:
    shop.place(shopify_order(1, ("MUG", 1, "18.00")))
    shop.throttled = 1
    assert fates(ask(connection)) == [("done", "accepted")]
    connection.refresh_from_db()
    assert connection.problems == {}
    shop.throttled = 2
    ask(connection)
    connection.refresh_from_db()
    assert trouble(connection)[0] == "too_many_calls"


def test_the_connection_is_tried_with_all_its_rights(shop: ShopifyShop, connection: Connection) -> None:
    assert check_connection(connection.pk) is None
    connection.refresh_from_db()
    assert connection.said == "Au Tilleul · au-tilleul.myshopify.com"
    shop.scopes = ["write_orders", "write_inventory", "read_locations", "read_returns"]
    fault = check_connection(connection.pk)
    assert fault is not None
    assert (fault.code, fault.detail) == ("not_allowed", "write_merchant_managed_fulfillment_orders")
    shop.token = "changed"
    fault = check_connection(connection.pk)
    assert fault is not None
    assert fault.code == "not_let_in"


def orders_in(found: Any) -> list[Any]:
    """Give the orders of a recorded answer, or the answer itself."""
    many = found.get("orders") if isinstance(found, dict) else None
    return many if isinstance(many, list) else [found]


def test_recorded_orders_are_told_or_refused_with_a_reason_and_their_money_adds_up(shared: Path) -> None:
    seen: dict[str, int] = {}
    differ = 0
    for file in sorted((shared / "fixtures/shopify").glob("*/*.json")):
        if ".headers." in file.name or ".exchanges." in file.name:
            continue
        for one in orders_in(json.loads(file.read_bytes())):
            try:
                told = Shopify().read(json.dumps(one).encode(), topic="")
            except Unreadable as fault:
                seen[fault.code] = seen.get(fault.code, 0) + 1
                continue
            name = type(told).__name__
            seen[name] = seen.get(name, 0) + 1
            if isinstance(told, OrderTold):
                draft = explained(told.draft)
                assert refusal(draft, now=timezone.now()) == (None if draft.lines else "no_line")
                assert draft.lines or told.cancelled
                differ += any(charge.kind == "difference" for charge in draft.charges)
    assert seen["OrderTold"] == 25
    assert differ == 1  # an order refunded whole whose recorded total was not lowered


def test_recorded_messages_carry_the_signature_that_is_checked(shared: Path, connection: Connection) -> None:
    access = access_of(connection)
    for file in sorted((shared / "fixtures/shopify/derived").glob("*.headers.json")):
        headers = {name.lower(): value for name, value in json.loads(file.read_text()).items()}
        known = Access(access.options, {**access.secrets, "webhook_secret": headers.pop("_test_secret")})
        body = file.with_name(file.name.replace("headers", "body")).read_bytes()
        arrived = Shopify().arrived(headers, body, access=known)
        assert arrived is not None
        assert arrived.key == f"event:orders/create:{headers['x-shopify-event-id']}"
        told = Shopify().read(arrived.body, topic=arrived.topic)
        assert isinstance(told, OrderTold)
