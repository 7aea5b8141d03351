import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from tests.cast import World
from tests.connectors.shops import TROUBLES, ask, fates, lose_nothing_in_trouble, order_of, read, trouble
from tests.connectors.woocommerce.conftest import woo_order
from tests.picking.conftest import part_of
from tests.program import code_of
from tests.serving import served

from colisage.catalog.models import Sku
from colisage.connectors.actions.check_connection import check_connection
from colisage.connectors.models import Connection
from colisage.connectors.ports import Page
from colisage.connectors.queries import access_of
from colisage.connectors.woocommerce.channel import WooCommerce
from colisage.connectors.woocommerce.client import WooClient
from colisage.connectors.woocommerce.simulator import WooShop
from colisage.intake.actions.retry_messages import retry_messages
from colisage.intake.actions.settle_decided import settle_decided
from colisage.intake.models import ShopMessage
from colisage.intake.ports import AskFor, Nothing, OrderTold, Unreadable
from colisage.intake.rules import refusal
from colisage.intake.rules.messages import balanced as explained
from colisage.inventory.models import Reservation
from colisage.kit.actors import SYSTEM
from colisage.orders.events import OrderCancelled, OrderFreed
from colisage.orders.models import FulfillmentOrder, Hold, Order, OrderLine
from colisage.picking.actions.release_wave import release_wave


def test_an_order_of_the_shop_is_here_with_everything_it_said(
    balanced: World, shop: WooShop, connection: Connection
) -> None:
    shop.orders[41] = woo_order(41, ("MUG", 2, "36.00"), ("COFFRET", 1, "20.00"), customer_note="Sonnez deux fois")
    assert fates(ask(connection)) == [("done", "accepted")]
    order = order_of(balanced, 41)
    assert (order.number, order.payment, order.total_cents, order.shipping_cents) == ("41", "paid", 6090, 490)
    assert (order.customer_note, order.shipping_method, order.email) == (
        "Sonnez deux fois",
        "Colissimo",
        "c@example.com",
    )
    assert list(OrderLine.objects.filter(order=order).values_list("sku_code", "quantity", "external_ref")) == [
        ("MUG", 2, "410"), ("COFFRET", 1, "411"),
    ]  # fmt: skip
    assert not Hold.objects.filter(order=order).exists()


def test_what_was_seen_is_not_asked_for_again_and_what_changes_later_is(
    balanced: World, shop: WooShop, connection: Connection
) -> None:
    for number in range(1, 131):
        second = f"2026-11-20T10:00:{number // 101:02d}"  # a hundred in one second: more than fit on a page
        shop.orders[number] = woo_order(number, ("MUG", 1, "18.00"), date_modified_gmt=second, status="on-hold")
    ask(connection)
    assert Order.objects.count() == 130
    before = len(shop.behaviour.calls)
    connection.refresh_from_db()
    ask(connection)
    assert len(shop.behaviour.calls) - before == 2  # what changed, and what is in the bin
    assert ShopMessage.objects.count() == 130
    shop.orders[7].update(status="processing", date_modified_gmt="2026-11-20T10:00:03")
    connection.refresh_from_db()
    assert fates(ask(connection))[-1] == ("done", "paid")
    assert order_of(balanced, 7).payment == "paid"
    assert not Hold.objects.filter(order=order_of(balanced, 7), released_at=None).exists()


def test_an_order_that_changes_while_the_shop_is_asked_makes_none_be_missed(
    balanced: World, shop: WooShop, connection: Connection
) -> None:
    for number in range(1, 121):
        shop.orders[number] = woo_order(number, ("MUG", 1, "18.00"), date_modified_gmt="2026-11-20T10:00:01")
    seen, page = set(), Page([], {}, more=True)
    for changing in (3, 4, 60, 61):
        page = WooCommerce().orders_since(access_of(connection), cursor=page.cursor)
        seen |= {json.loads(one.body)["id"] for one in page.arrived}
        shop.orders[changing]["date_modified_gmt"] = f"2026-11-20T10:01:{changing % 60:02d}"
    while page.more:
        page = WooCommerce().orders_since(access_of(connection), cursor=page.cursor)
        seen |= {json.loads(one.body)["id"] for one in page.arrived}
    assert seen == set(range(1, 121))


def test_a_signed_message_is_kept_and_read_and_the_same_one_again_changes_nothing(
    balanced: World, shop: WooShop, connection: Connection
) -> None:
    body = json.dumps(woo_order(5, ("MUG", 1, "18.00"))).encode()
    headers = shop.signed(body, topic="order.created")
    url = reverse("shop-hook", args=[connection.hook])
    client = Client(enforce_csrf_checks=True)
    assert [client.post(url, body, content_type="application/json", headers=headers).status_code for _ in range(3)] == [
        200, 200, 200,
    ]  # fmt: skip
    assert fates(read(connection)) == [("done", "accepted")]
    again = {**headers, "x-wc-webhook-delivery-id": "another"}
    assert client.post(url, body, content_type="application/json", headers=again).status_code == 200
    assert fates(read(connection)) == [("done", "accepted"), ("ignored", "nothing_new")]
    assert Order.objects.count() == 1
    assert b"Camille" not in bytes(ShopMessage.objects.order_by("pk")[0].body)


def test_a_message_that_is_not_signed_is_refused_and_the_connection_says_so(
    shop: WooShop, connection: Connection
) -> None:
    url, body = reverse("shop-hook", args=[connection.hook]), b"{}"
    assert (
        Client().post(url, body, content_type="application/json", headers={"x-wc-webhook-signature": "AA"}).status_code
        == 401
    )
    unsigned = Client().post(url, body, content_type="application/json", headers={"Accept-Language": "fr"})
    assert code_of(unsigned) == (401, "not_signed")
    assert unsigned.json()["detail"].startswith("La signature ou la clé manque")
    assert (
        Client().post(reverse("shop-hook", args=["nobody"]), body, content_type="application/json").status_code == 404
    )
    assert Client().post(url, b"x" * 20_000_001, content_type="application/json").status_code == 413
    assert not ShopMessage.objects.exists()
    connection.refresh_from_db()
    assert trouble(connection)[0] == "not_signed"
    assert Client().post(url, b"webhook_id=7", content_type="application/x-www-form-urlencoded").status_code == 200
    assert not ShopMessage.objects.exists()


@pytest.mark.parametrize("created_first", [True, False])
def test_an_order_that_was_deleted_in_the_shop_is_not_sent(
    balanced: World,
    shop: WooShop,
    connection: Connection,
    created_first: bool,  # noqa: FBT001
) -> None:
    made = (json.dumps(woo_order(5, ("MUG", 1, "18.00"))).encode(), "order.created")
    deleted = (b'{"id":5}', "order.deleted")
    for body, topic in (made, deleted, deleted) if created_first else (deleted, made):
        headers = shop.signed(body, topic=topic)
        assert Client().post(
            reverse("shop-hook", args=[connection.hook]), body, content_type="application/json", headers=headers
        ).status_code == 200  # fmt: skip
        read(connection)
    if created_first:
        assert order_of(balanced, 5).state == "cancelled"
    else:
        assert not Order.objects.exists()
    assert not ShopMessage.objects.exclude(state__in=["done", "ignored"]).exists()


def test_an_order_put_into_the_bin_is_found_there_when_its_message_was_lost(
    balanced: World, shop: WooShop, connection: Connection
) -> None:
    for number in range(1, 61):
        shop.orders[number] = woo_order(number, ("MUG", 1, "18.00"), status="on-hold")
    shop.orders[70] = woo_order(70, ("MUG", 1, "18.00"), status="trash")  # nobody heard of it
    ask(connection)
    assert Order.objects.count() == 60
    for number in range(1, 56):  # more than fit on a page
        shop.touch(number, status="trash")
    connection.refresh_from_db()
    ask(connection)
    assert Order.objects.filter(state="cancelled").count() == 55
    assert not ShopMessage.objects.exclude(state__in=["done", "ignored"]).exists()
    connection.refresh_from_db()
    kept = ShopMessage.objects.count()
    ask(connection)
    assert ShopMessage.objects.count() == kept


def test_a_shop_that_was_asked_before_there_was_a_bin_is_asked_for_it_from_there_on(
    balanced: World, shop: WooShop, connection: Connection
) -> None:
    shop.orders[1] = woo_order(1, ("MUG", 1, "18.00"), status="trash", date_modified_gmt="2026-11-19T10:00:00")
    shop.orders[2] = woo_order(2, ("MUG", 1, "18.00"), status="trash", date_modified_gmt="2026-11-21T10:00:00")
    Connection.objects.filter(pk=connection.pk).update(cursor={"after": "2026-11-20T10:00:00", "offset": 0})
    connection.refresh_from_db()
    assert [message.external_ref for message in ask(connection)] == ["2"]


def test_an_order_deleted_in_the_same_breath_as_it_was_made_is_not_sent(
    balanced: World, shop: WooShop, connection: Connection
) -> None:
    for body, topic in (
        (b'{"id":5}', "order.deleted"), (json.dumps(woo_order(5, ("MUG", 1, "18.00"))).encode(), "order.created"),
        (b'{"id":6}', "product.deleted"),
    ):  # fmt: skip
        headers = shop.signed(body, topic=topic)
        Client().post(
            reverse("shop-hook", args=[connection.hook]), body, content_type="application/json", headers=headers
        )
    assert fates(read(connection)) == [
        ("ignored", "never_arrived"), ("ignored", "older_than_known"), ("ignored", "not_an_order"),
    ]  # fmt: skip
    assert not Order.objects.exists()


def test_a_copy_of_the_shop_that_kept_its_secret_changes_nothing(
    balanced: World, shop: WooShop, connection: Connection
) -> None:
    Connection.objects.filter(pk=connection.pk).update(options={"url": "https://www.tilleul.example/"})

    def arrive(number: int, source: str) -> None:
        body = json.dumps(woo_order(number, ("MUG", 1, "18.00"))).encode()
        headers = {**shop.signed(body), "x-wc-webhook-source": source}
        Client().post(
            reverse("shop-hook", args=[connection.hook]), body, content_type="application/json", headers=headers
        )

    arrive(5, "https://staging.tilleul.example/")
    arrive(6, "http://tilleul.example")
    arrive(7, "")
    arrive(8, "http://[")
    messages = read(connection)
    assert fates(messages) == [("refused", "other_shop"), *[("done", "accepted")] * 3]
    assert messages[0].detail == "staging.tilleul.example"


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"id":"\\ud800","line_items":[]}',
        b'{"id":"\\u0000","refunded_by":1}',
        json.dumps(woo_order(5, ("MUG", 1, "18.00"), customer_note="\ud83e \0")).encode(),
    ],
)
def test_what_no_text_can_hold_is_kept_read_and_shown(
    balanced: World, shop: WooShop, connection: Connection, enter: Any, body: bytes
) -> None:
    headers = shop.signed(body)
    url = reverse("shop-hook", args=[connection.hook])
    assert Client().post(url, body, content_type="application/json", headers=headers).status_code == 200
    [message] = read(connection)
    assert message.state != "waiting"
    assert message.reason != "our_fault"
    assert enter(balanced.chen).get(reverse("shop-message", args=[message.pk])).status_code == 200


def test_half_a_character_in_an_order_does_not_stop_the_asking(
    balanced: World, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = woo_order(5, ("MUG", 1, "18.00"), customer_note="cadeau \ud83c")
    monkeypatch.setattr(WooClient, "orders", lambda *_, **__: [told])
    assert fates(ask(connection)) == [("done", "accepted")]
    assert order_of(balanced, 5).customer_note == "cadeau ?"


def test_a_message_too_long_to_be_corrected_here_shows_its_beginning(
    balanced: World, shop: WooShop, connection: Connection, enter: Any
) -> None:
    shop.orders[5] = woo_order(5, ("MUG", -1, "18.00"), customer_note="n" * 1_100_000)
    [message] = ask(connection)
    assert message.state == "refused"
    shown = enter(balanced.chen).get(reverse("shop-message", args=[message.pk])).content.decode()
    assert len(shown) < 200_000
    assert "<textarea" not in shown


def test_an_order_that_the_shop_puts_on_hold_after_it_was_paid_waits_here_too(
    balanced: World, shop: WooShop, connection: Connection, enter: Any
) -> None:
    shop.orders[5] = woo_order(5, ("MUG", 1, "18.00"))
    ask(connection)
    order = order_of(balanced, 5)
    shop.touch(5, status="on-hold")
    ask(connection)
    [hold] = Hold.objects.filter(order=order)
    assert (hold.kind, hold.reason, hold.released_at) == ("payment", "not_paid", None)
    page = enter(balanced.chen).get(reverse("order", args=[order.pk]))
    assert [event["icon"] for event in page.context["events"]].count("pause") == 1
    shop.touch(5, status="processing")
    ask(connection)
    assert not Hold.objects.filter(order=order, released_at=None).exists()


def test_messages_out_of_order_leave_the_newest_state(balanced: World, shop: WooShop, connection: Connection) -> None:
    url = reverse("shop-hook", args=[connection.hook])

    def arrive(**changes: Any) -> None:
        body = json.dumps(woo_order(9, ("MUG", 1, "18.00"), **changes)).encode()
        assert Client().post(url, body, content_type="application/json", headers=shop.signed(body)).status_code == 200

    arrive(status="processing", date_modified_gmt="2026-11-20T10:05:00")
    read(connection)
    arrive(status="pending", date_paid_gmt=None, date_modified_gmt="2026-11-20T10:00:00")
    assert fates(read(connection)) == [("done", "accepted"), ("ignored", "older_than_known")]
    assert order_of(balanced, 9).payment == "paid"
    arrive(status="processing", date_modified_gmt="2026-11-20T10:06:00")
    arrive(status="cancelled", date_modified_gmt="2026-11-20T10:07:00")
    assert fates(read(connection))[2:] == [("ignored", "older_than_known"), ("done", "cancelled")]
    assert order_of(balanced, 9).state == "cancelled"


def test_a_bad_order_waits_with_its_reason_and_stops_none_of_the_others(
    balanced: World, shop: WooShop, connection: Connection
) -> None:
    shop.orders[1] = woo_order(1, ("MUG", 1, "18.00"))
    shop.orders[2] = woo_order(2, ("MUG", 1, "18.00"))
    shop.orders[2]["line_items"][0]["quantity"] = 1.5
    shop.orders[3] = woo_order(3, ("MUG", 1, "18.00"), total="abc")
    shop.orders[4] = woo_order(4, ("NOTHING", 1, "18.00"))
    shop.orders[5] = woo_order(5, ("MUG", 1, "18.00"), total="99.00")
    shop.orders[6] = woo_order(6)
    messages = ask(connection)
    assert fates(messages) == [
        ("done", "accepted"), ("refused", "bad_quantity"), ("refused", "bad_amount"), ("done", "accepted"),
        ("done", "accepted"), ("refused", "no_line"),
    ]  # fmt: skip
    assert (messages[1].external_ref, messages[1].detail) == ("2", "MUG: 1.5")
    held = {h.order.external_ref: (h.kind, h.reason) for h in Hold.objects.select_related("order")}
    assert held == {"4": ("unknown_sku", "unknown_sku"), "5": ("money", "amounts_differ")}
    order = order_of(balanced, 5)
    assert (order.total_cents, order.charges) == (9900, [{"kind": "difference", "cents": 7610, "name": ""}])


def test_refunded_units_are_not_sent(balanced: World, shop: WooShop, connection: Connection) -> None:
    shop.orders[8] = woo_order(8, ("MUG", 3, "54.00"), ("CARTE", 1, "2.50"), refunds=[{"id": 1, "total": "-20.50"}])
    taken = {
        "quantity": -1,
        "total": "-18.00",
        "total_tax": "0.00",
        "meta_data": [{"key": "_refunded_item_id", "value": "80"}],
    }
    card = {
        "quantity": -1,
        "total": "-2.50",
        "total_tax": "0.00",
        "meta_data": [{"key": "_refunded_item_id", "value": "81"}],
    }
    shop.refunds[8] = [{"id": 1, "amount": "20.50", "line_items": [taken, card], "shipping_lines": []}]
    assert fates(ask(connection)) == [("done", "accepted")]
    order = order_of(balanced, 8)
    assert list(OrderLine.objects.filter(order=order).values_list("sku_code", "quantity")) == [("MUG", 2)]
    assert (order.total_cents, order.charges) == (4090, [])


@pytest.mark.parametrize(("way", "problem"), TROUBLES)
def test_a_shop_in_trouble_loses_nothing_and_is_asked_later(
    balanced: World, shop: WooShop, connection: Connection, way: str, problem: str
) -> None:
    shop.orders[1] = woo_order(1, ("MUG", 1, "18.00"))
    lose_nothing_in_trouble(connection, shop.behaviour, way=way, problem=problem)


def test_a_shop_in_our_own_network_is_not_called(shop: WooShop, connection: Connection, settings: Any) -> None:
    settings.COLISAGE_SHOPS_INSIDE = False
    fault = check_connection(connection.pk)
    assert fault is not None
    assert (fault.code, fault.detail, shop.behaviour.calls) == ("private_address", "", [])


def test_a_shop_that_moved_says_where_to(connection: Connection) -> None:
    async def elsewhere(_request: Request) -> Response:
        return RedirectResponse("https://www.tilleul.example/wp-json/wc/v3/system_status?secret=1", 301)

    with served(Starlette(routes=[Route("/{path:path}", elsewhere)])) as url:
        Connection.objects.filter(pk=connection.pk).update(options={"url": url})
        check_connection(connection.pk)
    connection.refresh_from_db()
    assert trouble(connection)[0] == "moved"
    assert trouble(connection)[1] == "https://www.tilleul.example/wp-json/wc/v3/system_status"


def test_the_connection_is_tried(shop: WooShop, connection: Connection) -> None:
    assert check_connection(connection.pk) is None
    connection.refresh_from_db()
    assert connection.said == "http://shop.test · WooCommerce 10.3.5"
    shop.secret = "changed"
    fault = check_connection(connection.pk)
    assert fault is not None
    assert fault.code == "not_let_in"


def test_secrets_are_sealed(shop: WooShop, connection: Connection) -> None:
    assert shop.secret.encode() not in bytes(connection.secrets)
    assert access_of(connection).secrets["secret"] == shop.secret
    assert shop.secret not in repr(access_of(connection))


def test_recorded_orders_are_told_or_refused_with_a_reason_and_their_money_adds_up(shared: Path) -> None:
    seen: dict[str, int] = {}
    for file in sorted((shared / "fixtures/woocommerce").glob("*.json")):
        found = json.loads(file.read_bytes())
        found = found.get("data", found) if isinstance(found, dict) else found
        for one in found if isinstance(found, list) else [found]:
            try:
                told = WooCommerce().read(json.dumps(one).encode(), topic="")
            except Unreadable as fault:
                seen[fault.code] = seen.get(fault.code, 0) + 1
                continue
            seen[type(told).__name__] = seen.get(type(told).__name__, 0) + 1
            if isinstance(told, OrderTold):
                assert refusal(explained(told.draft), now=timezone.now()) is None
            else:
                assert isinstance(told, AskFor | Nothing)
    assert (seen["OrderTold"], seen["AskFor"], seen["bad_quantity"]) == (7, 5, 2)  # two came without delivery


def test_recorded_webhooks_carry_the_signature_that_is_checked(shared: Path, connection: Connection) -> None:
    folder = shared / "fixtures/woocommerce"
    headers = json.loads((folder / "webhook_headers.json").read_text())
    access = access_of(connection)
    secret = headers.pop("_test_secret")
    known = type(access)(options=access.options, secrets={**access.secrets, "webhook_secret": secret})
    for name, sent in headers.items():
        lower = {key.lower(): value for key, value in sent.items()}
        arrived = WooCommerce().arrived(lower, (folder / name).read_bytes(), access=known)
        assert arrived is not None
        assert arrived.key == f"delivery:{lower['x-wc-webhook-delivery-id']}"


def test_what_the_shop_changes_is_changed_here_as_long_as_nobody_works_on_it(
    balanced: World, shop: WooShop, connection: Connection
) -> None:
    shop.orders[3] = woo_order(3, ("MUG", 3, "54.00"), ("CARTE", 2, "5.00"))
    ask(connection)
    order = order_of(balanced, 3)
    changed = woo_order(3, ("MUG", 1, "18.00"), date_modified_gmt="2026-11-20T11:00:00", total="40.40")
    changed["line_items"].append({**changed["line_items"][0], "id": 39, "sku": "PLUME", "total": "17.50"})
    changed["shipping"] = {**changed["shipping"], "address_1": "9 rue Lepic"}
    shop.orders[3] = changed
    assert fates(ask(connection))[-1] == ("done", "changed")
    order.refresh_from_db()
    live = {line.sku_code: line.quantity - line.cancelled for line in OrderLine.objects.filter(order=order)}
    assert live == {"MUG": 1, "CARTE": 0, "PLUME": 1}
    assert order.ship_to["line1"] == "9 rue Lepic"
    held = Reservation.objects.filter(owner_kind="order_line", state__in=["held", "waiting"])
    assert dict(held.values_list("sku__code", "qty")) == {"MUG": 1, "PLUME": 1}
    shop.orders[3]["date_modified_gmt"] = "2026-11-20T11:00:09"  # touched, and nothing changed
    assert fates(ask(connection))[-1] == ("ignored", "nothing_new")


def test_a_change_that_names_an_unknown_sku_holds_the_order_until_it_is_read_again(
    balanced: World, shop: WooShop, connection: Connection
) -> None:
    shop.orders[3] = woo_order(3, ("MUG", 1, "18.00"))
    ask(connection)
    order = order_of(balanced, 3)
    changes = {"date_modified_gmt": "2026-11-20T11:00:00"}
    shop.orders[3] = woo_order(3, ("MUG", 1, "18.00"), ("NEUF", 1, "9.00"), **changes)
    message = ask(connection)[-1]
    assert fates([message]) == [("refused", "unknown_sku")]
    assert [h.reason for h in Hold.objects.filter(order=order, released_at=None)] == ["change_untaken"]
    Sku.objects.filter(code="PLUME").update(code="NEUF")
    retry_messages(balanced.tilleul.pk, message_ids=[message.pk], actor=SYSTEM)
    assert fates(read(connection))[-1] == ("done", "changed")
    assert not Hold.objects.filter(order=order, released_at=None).exists()


def test_what_could_not_be_done_waits_no_longer_once_the_shop_says_otherwise(
    balanced: World, shop: WooShop, connection: Connection
) -> None:
    shop.orders[3] = woo_order(3, ("MUG", 1, "18.00"))
    ask(connection)
    for minute, sku in enumerate(("NEUF", "NOUVEAU", "PLUME")):
        at = f"2026-11-20T11:0{minute}:00"
        shop.orders[3] = woo_order(3, ("MUG", 1, "18.00"), (sku, 1, "9.00"), date_modified_gmt=at)
        messages = ask(connection)
        if minute == 1:
            assert fates(messages)[1:] == [("refused", "unknown_sku")] * 2
    assert fates(messages)[1:] == [("ignored", "older_than_known")] * 2 + [("done", "changed")]
    assert not Hold.objects.filter(order=order_of(balanced, 3), released_at=None).exists()


def test_an_order_that_is_told_in_another_currency_stays_as_it_was_and_waits_for_a_person(
    balanced: World, shop: WooShop, connection: Connection
) -> None:
    shop.orders[3] = woo_order(3, ("MUG", 2, "3000"), currency="JPY", shipping_total="490", total="3490")
    ask(connection)
    changes = {"currency": "EUR", "date_modified_gmt": "2026-11-20T11:00:00"}
    shop.orders[3] = woo_order(3, ("MUG", 2, "36.00"), **changes)
    assert fates(ask(connection))[-1] == ("refused", "other_currency")
    order = order_of(balanced, 3)
    assert (order.currency, order.total_cents) == ("JPY", 3490)
    shop.orders[3] |= {"status": "cancelled", "date_modified_gmt": "2026-11-20T11:00:09"}
    assert fates(ask(connection))[-1] == ("done", "cancelled")


def test_what_the_shop_changes_too_late_holds_the_order(balanced: World, shop: WooShop, connection: Connection) -> None:
    order = ready_order(balanced, shop, connection)
    release_wave(balanced.nord.pk, node_id=balanced.lyon.pk, actor=SYSTEM)
    shop.orders[3] = woo_order(3, ("MUG", 3, "54.00"), date_modified_gmt="2026-11-20T11:00:00")
    assert fates(ask(connection))[-1] == ("refused", "too_late_to_change")
    assert [h.reason for h in Hold.objects.filter(order=order, released_at=None)] == ["changed_in_shop"]
    shop.orders[3]["status"] = "cancelled"
    shop.orders[3]["date_modified_gmt"] = "2026-11-20T11:00:01"
    assert fates(ask(connection))[-1] == ("refused", "too_late_to_cancel")
    order.refresh_from_db()
    assert order.state == "open"
    assert set(Hold.objects.filter(order=order).values_list("kind", flat=True)) == {"shop"}


def ready_order(world: World, shop: WooShop, connection: Connection) -> Order:
    """Take an order of two mugs in, up to the wave."""
    shop.orders[3] = woo_order(3, ("MUG", 2, "36.00"))
    ask(connection)
    order = order_of(world, 3)
    part_of(order.pk, world.tilleul.pk, None)
    return order


@pytest.mark.parametrize("later", ["taken over", "taken back"])
def test_what_the_shop_changed_too_late_is_told_in_words_and_waits_until_both_say_the_same(
    balanced: World, shop: WooShop, connection: Connection, enter: Any, later: str
) -> None:
    order = ready_order(balanced, shop, connection)
    chen = enter(balanced.chen)
    door = reverse("order", args=[order.pk])
    assert "What the shop changed" not in chen.get(door).content.decode()
    release_wave(balanced.nord.pk, node_id=balanced.lyon.pk, actor=SYSTEM)
    was, at = shop.orders[3], "2026-11-20T11:00:00"
    shop.orders[3] = woo_order(3, ("MUG", 3, "54.00"), ("PLUME", 1, "9.00"), date_modified_gmt=at)
    assert fates(ask(connection))[-1] == ("refused", "too_late_to_change")
    told = re.sub(r"<[^>]+>|\s+", " ", chen.get(door).content.decode())
    assert "MUG Here 2 In the shop 3 PLUME Here 0 In the shop 1" in " ".join(told.split())
    if later == "taken over":
        FulfillmentOrder.objects.filter(order=order).update(stage="ready")  # the floor has given it back
        retry_messages(balanced.tilleul.pk, message_ids=[ShopMessage.objects.latest("pk").pk], actor=SYSTEM)
        assert fates(read(connection))[-1] == ("done", "changed")
    else:
        shop.orders[3] = {**was, "date_modified_gmt": "2026-11-20T11:00:05"}
        assert fates(ask(connection))[-2:] == [("ignored", "older_than_known"), ("ignored", "nothing_new")]
    assert not Hold.objects.filter(order=order, released_at=None).exists()
    assert "What the shop changed" not in chen.get(door).content.decode()


@pytest.mark.parametrize("decision", ["cancelled", "sent all the same"])
def test_a_person_decides_about_what_the_shop_said_too_late_and_nothing_is_left_to_correct(
    balanced: World, shop: WooShop, connection: Connection, enter: Any, decision: str
) -> None:
    order = ready_order(balanced, shop, connection)
    release_wave(balanced.nord.pk, node_id=balanced.lyon.pk, actor=SYSTEM)
    shop.orders[3] |= {"status": "cancelled", "date_modified_gmt": "2026-11-20T11:00:01"}
    assert fates(ask(connection))[-1] == ("refused", "too_late_to_cancel")
    message = ShopMessage.objects.latest("pk").pk
    chen = enter(balanced.chen)
    page = chen.get(reverse("order", args=[order.pk])).content.decode()
    assert reverse("shop-message", args=[message]) in page  # what the shop said is one click away
    today = chen.get(reverse("today")).content.decode()
    assert "1 order on hold while it is prepared" in today
    assert "1 message of a shop to correct" in today
    heard: OrderCancelled | OrderFreed
    if decision == "cancelled":
        chen.post(reverse("order-cancel", args=[order.pk]), {"on_floor": "1"})
        heard = OrderCancelled(merchant_id=balanced.tilleul.pk, order_id=order.pk)
    else:
        hold = Hold.objects.get(order=order, released_at=None)
        chen.post(reverse("order-free", args=[order.pk, hold.pk]))
        heard = OrderFreed(merchant_id=balanced.tilleul.pk, order_id=order.pk)
    settle_decided([heard])
    settle_decided([heard])
    assert fates(list(ShopMessage.objects.order_by("pk")))[-1] == ("ignored", "decided")
    assert "to correct" not in chen.get(reverse("today")).content.decode()


def test_what_a_person_can_mend_stays_to_be_corrected(balanced: World, shop: WooShop, connection: Connection) -> None:
    shop.orders[3] = woo_order(3, ("MUG", 2, "36.00"))
    ask(connection)
    order = order_of(balanced, 3)
    ShopMessage.objects.update(state="refused", outcome="", reason="unknown_sku")
    settle_decided([OrderFreed(merchant_id=balanced.tilleul.pk, order_id=order.pk)])
    assert fates(list(ShopMessage.objects.all()))[-1] == ("refused", "unknown_sku")
