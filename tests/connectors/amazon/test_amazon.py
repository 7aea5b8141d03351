import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.cast import World
from tests.connectors.amazon.conftest import euros, put_order
from tests.connectors.shops import TROUBLES, ask, fates, lose_nothing_in_trouble, order_of, read, trouble
from tests.program import code_of

from colisage.connectors.actions.check_connection import check_connection
from colisage.connectors.amazon.channel import Amazon
from colisage.connectors.amazon.client import INCLUDED, AmazonClient, _tokens
from colisage.connectors.amazon.simulator import Seller
from colisage.connectors.models import Connection
from colisage.connectors.queries import access_of
from colisage.intake.models import ShopMessage
from colisage.intake.ports import AskFor, Nothing, OrderTold, Unreadable
from colisage.intake.rules import difference
from colisage.kit.actors import SYSTEM
from colisage.orders.actions.release_hold import release_hold
from colisage.orders.models import Hold, Order, OrderLine

REF = "406-{:07d}-1234567"


def test_an_order_is_here_with_everything_it_said(balanced: World, seller: Seller, connection: Connection) -> None:
    order = put_order(seller, 41, ("MUG", 2, "18.00"), ("COFFRET", 1, "20.00"))
    first, second = order["orderItems"]
    first["proceeds"]["breakdowns"] += [
        {"type": "SHIPPING", "subtotal": euros("4.90")},
        {"type": "GIFT_WRAP", "subtotal": euros("2.00")},
        {"type": "DISCOUNT", "subtotal": euros("-5.00"),
         "detailedBreakdowns": [{"subtype": "ITEM", "value": euros("3.60")},
                                {"subtype": "SHIPPING", "value": euros("1.40")}]},
    ]  # fmt: skip
    first["fulfillment"]["packing"] = {"giftOption": {"giftMessage": "Joyeux Noël", "giftWrapLevel": "PREMIUM"}}
    second["product"]["customization"] = {"customizedUrl": "https://amazon.example/custom/1"}
    order["buyer"]["buyerPurchaseOrderNumber"] = "2026-77"
    order["recipient"]["deliveryPreference"] = {"dropOffLocation": "Accueil", "addressInstruction": "Sonnez deux fois"}
    order["fulfillment"]["deliverByWindow"] = {
        "earliestDateTime": "2026-11-23T23:00:00Z", "latestDateTime": "2026-11-25T22:59:59Z",
    }  # fmt: skip
    order["proceeds"] = {
        "grandTotal": euros("58.90"),  # 56 + 4.90 + 2 - 5 + 1
        "breakdowns": [{"type": "DELIVERY_TIP", "status": "FINALIZED", "subtotal": euros("1.00")}],
    }
    assert fates(ask(connection)) == [("done", "accepted")]
    here = order_of(balanced, REF.format(41))
    assert (here.number, here.payment, here.language, here.email) == (
        REF.format(41), "paid", "fr", "x1@marketplace.amazon.fr",
    )  # fmt: skip
    assert (here.total_cents, here.shipping_cents, here.discount_cents) == (5890, 490, 140)
    assert here.charges == [
        {"kind": "fee", "cents": 200, "name": "gift wrap"}, {"kind": "tip", "cents": 100, "name": ""},
    ]  # fmt: skip
    assert (here.purchase_reference, here.customer_note) == ("2026-77", "Accueil\nSonnez deux fois")
    assert (here.gift_note, here.shipping_method, here.tags) == ("Joyeux Noël", "STANDARD", ["prime"])
    assert here.ship_to is not None
    assert (here.ship_to["line1"], here.ship_to["postcode"], here.ship_to["phone"]) == (
        "8 rue Lepic", "75018", "+33612345678",
    )  # fmt: skip
    assert (here.placed_at, here.wanted_on) == (datetime(2026, 11, 20, 10, tzinfo=UTC), date(2026, 11, 25))
    lines = OrderLine.objects.filter(order=here).order_by("position")
    assert list(lines.values_list("sku_code", "quantity", "external_ref", "discount_cents", "personalisation")) == [
        ("MUG", 2, "70", 360, "gift wrap: PREMIUM"), ("COFFRET", 1, "71", 0, "https://amazon.example/custom/1"),
    ]  # fmt: skip
    assert not Hold.objects.filter(order=here).exists()


def test_tax_comes_on_top_where_prices_are_told_without_it(
    balanced: World, seller: Seller, connection: Connection
) -> None:
    order = put_order(seller, 1, ("MUG", 1, "18.00"), proceeds={"grandTotal": euros("19.80")})
    order["orderItems"][0]["proceeds"]["breakdowns"].append({"type": "TAX", "subtotal": euros("1.80")})
    within = put_order(seller, 2, ("MUG", 1, "18.00"))
    within["orderItems"][0]["proceeds"]["breakdowns"].append({"type": "TAX", "subtotal": euros("3.00")})
    ask(connection)
    facts = [
        (o.prices_include_tax, o.tax_cents, o.total_cents) for o in (order_of(balanced, REF.format(n)) for n in (1, 2))
    ]
    assert facts == [(False, 180, 1980), (True, 300, 1800)]
    assert not Hold.objects.exists()


def test_pages_are_read_to_their_end_and_the_next_asking_goes_on_from_there(
    balanced: World, seller: Seller, connection: Connection
) -> None:
    seller.page = 40
    for number in range(1, 131):
        put_order(seller, number, ("CARTE", 1, "2.50"))
    ask(connection)
    assert (Order.objects.count(), seller.log_ins) == (130, 1)
    connection.refresh_from_db()
    later = put_order(seller, 7, ("CARTE", 2, "2.50"))
    later["lastUpdatedTime"] = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    assert fates(ask(connection))[-1] == ("done", "changed")
    assert ShopMessage.objects.count() == 131
    assert order_of(balanced, REF.format(7)).total_cents == 500


def test_a_token_of_pages_that_is_no_longer_good_begins_anew(
    balanced: World, seller: Seller, connection: Connection
) -> None:
    put_order(seller, 1, ("CARTE", 1, "2.50"))
    page = Amazon().orders_since(access_of(connection), cursor={"after": "2026-11-19T00:00:00Z", "token": "page-x"})
    assert (len(page.arrived), page.more) == (1, False)


def test_an_order_that_amazon_sends_itself_is_mirrored_and_never_sent(
    balanced: World, seller: Seller, connection: Connection
) -> None:
    put_order(seller, 3, ("MUG", 1, "18.00"))["fulfillment"]["fulfilledBy"] = "AMAZON"
    assert fates(ask(connection)) == [("done", "accepted")]
    [line] = OrderLine.objects.filter(order=order_of(balanced, REF.format(3)))
    assert (line.served_by, line.requires_shipping) == ("Amazon", False)


def test_a_bad_order_waits_with_its_reason_and_stops_none_of_the_others(
    balanced: World, seller: Seller, connection: Connection
) -> None:
    put_order(seller, 1, ("MUG", 1, "18.00"))
    put_order(seller, 2, ("MUG", 1, "18.00"))["orderItems"][0]["quantityOrdered"] = 1.5
    put_order(seller, 3, ("MUG", 1, "18.00"), proceeds={"grandTotal": {"amount": "abc", "currencyCode": "EUR"}})
    put_order(seller, 4, ("NOTHING", 1, "18.00"))
    put_order(seller, 5, ("MUG", 1, "18.00"), proceeds={"grandTotal": euros("99.00")})
    put_order(seller, 6)
    put_order(seller, 7, ("MUG", 1, "18.00"), recipient={})
    put_order(seller, 8, ("MUG", 1, "18.00"))["fulfillment"]["fulfillmentStatus"] = "PENDING"
    put_order(seller, 9, ("MUG", 1, "18.00"), proceeds={"grandTotal": {"amount": "18.00", "currencyCode": "USD"}})
    assert fates(ask(connection)) == [
        ("done", "accepted"), ("refused", "bad_quantity"), ("refused", "bad_amount"), ("done", "accepted"),
        ("done", "accepted"), ("refused", "no_line"), ("done", "accepted"), ("ignored", "unfinished"),
        ("refused", "bad_amount"),
    ]  # fmt: skip
    held = {h.order.external_ref: (h.kind, h.reason) for h in Hold.objects.select_related("order")}
    assert held == {
        REF.format(4): ("unknown_sku", "unknown_sku"), REF.format(5): ("money", "amounts_differ"),
        REF.format(7): ("address", "no_address"),
    }  # fmt: skip


def test_units_that_were_cancelled_are_not_sent_and_a_cancelled_order_is_cancelled_here(
    balanced: World, seller: Seller, connection: Connection
) -> None:
    part = put_order(seller, 1, ("MUG", 3, "18.00"), ("CARTE", 1, "2.50"), proceeds={"grandTotal": euros("36.00")})
    part["orderItems"][0]["fulfillment"]["quantityUnfulfilled"] = 2
    part["orderItems"][1]["fulfillment"]["quantityUnfulfilled"] = 0
    whole = put_order(seller, 2, ("MUG", 1, "18.00"))
    ask(connection)
    first = order_of(balanced, REF.format(1))
    assert list(OrderLine.objects.filter(order=first).values_list("sku_code", "quantity")) == [("MUG", 2)]
    assert first.total_cents == 3600
    whole["fulfillment"]["fulfillmentStatus"] = "CANCELLED"
    whole["lastUpdatedTime"] = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    connection.refresh_from_db()
    assert fates(ask(connection))[-1] == ("done", "cancelled")
    assert order_of(balanced, REF.format(2)).state == "cancelled"


def test_a_customer_who_asks_to_cancel_holds_the_order_once(
    balanced: World, seller: Seller, connection: Connection
) -> None:
    order, asks = put_order(seller, 1, ("MUG", 1, "18.00")), {"cancellationRequest": {"requester": "BUYER"}}
    put_order(seller, 2, ("MUG", 1, "18.00"))["orderItems"][0]["cancellation"] = asks
    sent = put_order(seller, 3, ("MUG", 1, "18.00"))["orderItems"][0]
    sent["cancellation"] = {**asks, "cancellationExecution": {"cancelledBy": "MERCHANT"}}
    assert fates(ask(connection)) == [("done", "accepted")] * 3
    assert [h.order.external_ref for h in Hold.objects.select_related("order")] == [REF.format(2)]
    for minute, fate in ((1, ("done", "cancel_asked")), (2, ("ignored", "nothing_new"))):
        order["orderItems"][0]["cancellation"] = asks
        order["lastUpdatedTime"] = f"{datetime.now(UTC) + timedelta(minutes=minute):%Y-%m-%dT%H:%M:%SZ}"
        connection.refresh_from_db()
        assert fates(ask(connection))[-1] == fate
        for hold in Hold.objects.filter(order__external_ref=REF.format(1), released_at=None):
            assert (hold.kind, hold.reason) == ("shop", "cancel_asked")
            release_hold(balanced.tilleul.pk, hold_ids=[hold.pk], actor=SYSTEM)
    assert Hold.objects.filter(order__external_ref=REF.format(1)).count() == 1


@pytest.mark.parametrize(("way", "problem"), [t for t in TROUBLES if t[0] != "drop"] + [("drop", "not_reached")])
def test_an_amazon_in_trouble_loses_nothing_and_is_asked_later(
    balanced: World, seller: Seller, connection: Connection, way: str, problem: str
) -> None:
    put_order(seller, 1, ("MUG", 1, "18.00"))
    lose_nothing_in_trouble(connection, seller.behaviour, way=way, problem=problem)


def test_a_token_that_ran_out_is_asked_for_anew(balanced: World, seller: Seller, connection: Connection) -> None:
    put_order(seller, 1, ("MUG", 1, "18.00"))
    AmazonClient(access_of(connection)).participations()
    seller.tokens.clear()
    assert ask(connection) == []
    connection.refresh_from_db()
    assert trouble(connection)[0] == "not_allowed"
    assert fates(ask(connection)) == [("done", "accepted")]
    assert seller.log_ins == 2


def test_the_connection_is_tried_and_what_is_wrong_is_named(
    balanced: World, seller: Seller, connection: Connection
) -> None:
    assert check_connection(connection.pk) is None
    connection.refresh_from_db()
    assert connection.said == "Amazon.fr"
    seller.sees_recipients = False
    fault = check_connection(connection.pk)
    assert fault is not None
    assert fault.code == "not_allowed"
    Connection.objects.update(options={**connection.options, "marketplaces": "A13V1IB3VIYZZH, NOWHERE"})
    fault = check_connection(connection.pk)
    assert fault is not None
    assert (fault.code, fault.detail) == ("wrong_setting", "NOWHERE")
    seller.refresh_token = "another"
    _tokens.clear()
    fault = check_connection(connection.pk)
    assert fault is not None
    assert fault.code == "not_let_in"


def notice(ref: str) -> bytes:
    changed = {"OrderChangeNotification": {"AmazonOrderId": ref, "OrderChangeType": "OrderStatusChange"}}
    return json.dumps({
        "detail-type": "ORDER_CHANGE",
        "detail": {"NotificationType": "ORDER_CHANGE", "Payload": changed,
                   "NotificationMetadata": {"NotificationId": f"n-{ref}"}},
    }).encode()  # fmt: skip


def test_a_notice_with_the_key_asks_for_the_order_and_any_other_is_refused(
    balanced: World, seller: Seller, connection: Connection
) -> None:
    put_order(seller, 5, ("MUG", 1, "18.00"))
    address, body = f"/hooks/shops/{connection.hook}", notice(REF.format(5))
    wrong = Client().post(address, body, content_type="application/json", headers={"x-api-key": "no"})
    assert code_of(wrong) == (401, "not_signed")
    for _ in range(2):
        answer = Client().post(address, body, content_type="application/json", headers={"x-api-key": "n" * 32})
        assert answer.status_code < 300
    assert fates(read(connection)) == [("ignored", "asked_for")]


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b"null", b'{"orderId": 7}', b'{"orderId": "1", "orderItems": {}}', b"[" * 5000,
             b'{"orderId": "1", "createdTime": "2026-11-20T10:00:00Z", "orderItems": []}']
)  # fmt: skip
def test_a_message_that_is_no_order_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        Amazon().read(body, topic="")


# --- recorded


def recorded(shared: Path) -> list[dict[str, Any]]:
    """Give the orders of Amazon's own examples and sandbox."""
    home = shared / "fixtures/amazon-sp-api"
    pages = [json.loads(p.read_text()) for p in sorted((home / "examples/orders_2026-01-01").rglob("*.json"))]
    pages += [
        json.loads(p.read_text())["response"] for p in sorted((home / "sandbox/orders_2026-01-01").glob("*.200.*"))
    ]
    found = [order for page in pages for order in page.get("orders", [page.get("order")])]
    assert len(found) >= 4
    return found


def test_every_order_that_amazon_shows_is_read_and_its_money_adds_up(shared: Path) -> None:
    for order in recorded(shared):
        told = Amazon().read(json.dumps(order).encode(), topic="")
        assert isinstance(told, OrderTold), order["orderId"]
        draft = told.draft
        assert draft.external_ref == order["orderId"]
        assert difference(draft) == 0, (order["orderId"], draft)
        assert [line.external_ref for line in draft.lines] == [one["orderItemId"] for one in order["orderItems"]]
        assert draft.ship_to is not None


def test_the_recorded_notice_asks_for_its_order(shared: Path) -> None:
    home = shared / "fixtures/amazon-sp-api/notifications"
    amazon = Amazon()
    assert amazon.read((home / "OrderChangeNotification.example0.json").read_bytes(), topic="") == AskFor(
        "903-8868176-2219830"
    )
    other = (home / "FBAOutboundShipmentStatusNotification.example0.json").read_bytes()
    assert isinstance(amazon.read(other, topic=""), Nothing)


def test_we_ask_for_and_send_only_what_the_api_knows(shared: Path) -> None:
    home = shared / "fixtures/amazon-sp-api"
    paths = json.loads((home / "orders_2026-01-01.json").read_text())["paths"]
    asked = {p["name"]: p for p in paths["/orders/2026-01-01/orders"]["get"]["parameters"]}
    assert {
        "lastUpdatedAfter",
        "marketplaceIds",
        "maxResultsPerPage",
        "includedData",
        "paginationToken",
    } <= asked.keys()
    assert set(INCLUDED.split(",")) | {"PACKAGES"} <= set(asked["includedData"]["items"]["enum"])
    sent = json.loads((home / "sandbox/ordersV0/confirmShipment.204.0.json").read_text())
    package = sent["request"]["parameters"]["body"]["value"]["packageDetail"]
    schema = json.loads((home / "ordersV0.json").read_text())["definitions"]["PackageDetail"]
    ours = {"packageReferenceId", "carrierCode", "carrierName", "trackingNumber", "shipDate", "orderItems"}
    assert set(schema["required"]) <= ours <= schema["properties"].keys()
    assert set(package["orderItems"][0]) >= {"orderItemId", "quantity"}
