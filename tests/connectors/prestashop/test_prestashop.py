import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
from tests.cast import World
from tests.connectors.prestashop.conftest import put_order
from tests.connectors.shops import TROUBLES, ask, fates, lose_nothing_in_trouble, order_of, trouble

from colisage.connectors.actions.check_connection import check_connection
from colisage.connectors.models import Connection
from colisage.connectors.prestashop.channel import PrestaShop
from colisage.connectors.prestashop.client import PrestaClient, Record, record, rooted, written
from colisage.connectors.prestashop.simulator import Presta
from colisage.connectors.queries import access_of
from colisage.intake.models import ShopMessage
from colisage.intake.ports import OrderTold, Unreadable
from colisage.intake.rules import difference
from colisage.orders.models import FulfillmentOrder, Hold, Order, OrderLine


def test_an_order_of_the_shop_is_here_with_everything_it_said(
    balanced: World, presta: Presta, connection: Connection
) -> None:
    put_order(
        presta, 41, ("MUG", 2, "18.00"), ("COFFRET", 1, "20.00"), gift="1", gift_message="Joyeux &amp; bon Noël",
        total_discounts_tax_incl="5.000000", total_wrapping_tax_incl="2.000000", total_paid_tax_incl="57.900000",
        total_paid_tax_excl="48.250000",
    )  # fmt: skip
    presta.tables["messages"] = {
        "1": {"id": "1", "id_order": "41", "message": "Sonnez deux fois", "private": "0"},
        "2": {"id": "2", "id_order": "41", "message": "pour nous", "private": "1"},
    }
    presta.tables["order_details"]["410"]["id_customization"] = "9"
    presta.tables["customizations"]["9"] = {
        "id": "9", "associations": {"customized_data_text_fields": [{"id_customization_field": "1", "value": "Zoé"}]},
    }  # fmt: skip
    assert fates(ask(connection)) == [("done", "accepted")]
    order = order_of(balanced, 41)
    assert (order.number, order.payment, order.language, order.email) == ("REF41", "paid", "fr", "c@example.com")
    assert (order.total_cents, order.shipping_cents, order.discount_cents, order.tax_cents) == (5790, 490, 500, 965)
    assert order.charges == [{"kind": "fee", "cents": 200, "name": "wrapping"}]
    assert (order.customer_note, order.gift_note, order.shipping_method) == (
        "Sonnez deux fois", "Joyeux & bon Noël", "Colissimo",
    )  # fmt: skip
    assert order.ship_to is not None
    assert (order.ship_to["line1"], order.ship_to["country"], order.ship_to["phone"]) == (
        "8 rue Lepic", "FR", "+33612345678",
    )  # fmt: skip
    assert order.placed_at == datetime(2026, 11, 20, 10, tzinfo=UTC)  # Paris is an hour ahead
    lines = OrderLine.objects.filter(order=order)
    assert list(lines.values_list("sku_code", "quantity", "external_ref", "personalisation", "tax_cents")) == [
        ("MUG", 2, "410", "Zoé", 600), ("COFFRET", 1, "411", "", 333),
    ]  # fmt: skip
    assert not Hold.objects.filter(order=order).exists()


def test_what_was_seen_is_not_kept_twice_and_what_changes_later_is_news(
    balanced: World, presta: Presta, connection: Connection
) -> None:
    for number in range(1, 131):
        second = f"2026-11-20 10:00:{number // 100:02d}"  # more in one second than fit on a page
        put_order(presta, number, ("CARTE", 1, "2.50"), date_upd=second, current_state="1")
    ask(connection)
    assert Order.objects.count() == 130
    connection.refresh_from_db()
    ask(connection)
    assert ShopMessage.objects.count() == 130
    presta.tables["orders"]["7"].update(current_state="2", date_upd="2026-11-20 10:00:03")
    connection.refresh_from_db()
    assert fates(ask(connection))[-1] == ("done", "paid")
    assert order_of(balanced, 7).payment == "paid"


def test_a_page_takes_as_many_calls_for_one_order_as_for_forty(
    balanced: World, presta: Presta, connection: Connection
) -> None:
    counts = []
    for numbers in (range(1, 2), range(2, 42)):
        for number in numbers:
            put_order(presta, number, ("MUG", 1, "18.00"), date_upd=f"2026-11-21 10:00:{number:02d}")
        before = len(presta.behaviour.calls)
        PrestaShop().orders_since(access_of(connection), cursor={})
        counts.append(len(presta.behaviour.calls) - before)
    assert counts[0] == counts[1] <= 12


def test_a_bad_order_waits_with_its_reason_and_stops_none_of_the_others(
    balanced: World, presta: Presta, connection: Connection
) -> None:
    put_order(presta, 1, ("MUG", 1, "18.00"))
    put_order(presta, 2, ("MUG", 1, "18.00"))
    presta.tables["order_details"]["20"]["product_quantity"] = "1.5"
    put_order(presta, 3, ("MUG", 1, "18.00"), total_paid_tax_incl="abc")
    put_order(presta, 4, ("NOTHING", 1, "18.00"))
    put_order(presta, 5, ("MUG", 1, "18.00"), total_paid_tax_incl="99.00")
    put_order(presta, 6)
    put_order(presta, 7, ("MUG", 1, "18.00"), id_address_delivery="77", id_address_invoice="77")
    put_order(presta, 8, ("MUG", 1, "18.00"), current_state="0")
    messages = ask(connection)
    assert fates(messages) == [
        ("done", "accepted"), ("refused", "bad_quantity"), ("refused", "bad_amount"), ("done", "accepted"),
        ("done", "accepted"), ("refused", "no_line"), ("done", "accepted"), ("ignored", "unfinished"),
    ]  # fmt: skip
    assert (messages[1].external_ref, messages[1].detail) == ("2", "MUG: 1.5")
    held = {h.order.external_ref: (h.kind, h.reason) for h in Hold.objects.select_related("order")}
    assert held == {
        "4": ("unknown_sku", "unknown_sku"), "5": ("money", "amounts_differ"), "7": ("address", "no_address"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("paid_by", "options", "becomes"),
    [
        (("1", "ps_checkpayment"), {}, ("pending", False, False)), (("2", "x"), {}, ("paid", False, False)),
        (("4", "x"), {}, ("paid", False, True)), (("6", "x"), {}, ("pending", True, False)),
        (("1", "ps_cashondelivery"), {}, ("authorized", False, False)),
        (("6", "x"), {"cancelled": "16"}, ("pending", False, False)),
        (("1", "x"), {"cancelled": "9, 1"}, ("pending", True, False)),
    ],
)  # fmt: skip
def test_statuses_say_what_was_paid_sent_or_cancelled(
    presta: Presta,
    connection: Connection,
    paid_by: tuple[str, str],
    options: dict[str, str],
    becomes: tuple[str, bool, bool],
) -> None:
    connection.options |= options
    put_order(presta, 1, ("MUG", 1, "18.00"), current_state=paid_by[0], module=paid_by[1])
    [one] = PrestaShop().order(access_of(connection), external_ref="1")
    told = PrestaShop().read(one.body, topic="")
    assert isinstance(told, OrderTold)
    assert (told.draft.payment, told.cancelled, told.finished) == becomes
    assert PrestaShop().order(access_of(connection), external_ref="2") == []


def test_refunded_units_are_neither_sent_nor_charged(balanced: World, presta: Presta, connection: Connection) -> None:
    put_order(presta, 8, ("MUG", 3, "18.00"), ("CARTE", 1, "2.50"))
    presta.tables["order_details"]["80"]["product_quantity_refunded"] = "1"
    presta.tables["order_details"]["81"]["product_quantity_refunded"] = "1"
    assert fates(ask(connection)) == [("done", "accepted")]
    order = order_of(balanced, 8)
    assert list(OrderLine.objects.filter(order=order).values_list("sku_code", "quantity")) == [("MUG", 2)]
    assert (order.total_cents, order.charges) == (4090, [])


def test_units_refunded_after_they_left_change_nothing_of_the_order(
    balanced: World, presta: Presta, connection: Connection
) -> None:
    put = put_order(presta, 8, ("MUG", 3, "18.00"), ("CARTE", 1, "2.50"))
    ask(connection)
    order = order_of(balanced, 8)
    Order.objects.filter(pk=order.pk).update(state="closed")
    FulfillmentOrder.objects.filter(order=order).update(stage="delivered")
    presta.tables["order_details"]["80"]["product_quantity_refunded"] = "2"
    put.update(current_state="4", date_upd="2026-11-20 12:00:00")
    connection.refresh_from_db()
    assert fates(ask(connection))[-1] == ("ignored", "nothing_new")
    assert not ShopMessage.objects.filter(state="refused").exists()
    assert list(OrderLine.objects.filter(order=order).values_list("quantity", "cancelled")) == [(3, 0), (1, 0)]


def test_a_cancelled_order_is_cancelled_here(balanced: World, presta: Presta, connection: Connection) -> None:
    order = put_order(presta, 9, ("MUG", 1, "18.00"))
    ask(connection)
    order.update(current_state="6", date_upd="2026-11-20 12:00:00")
    connection.refresh_from_db()
    assert fates(ask(connection))[-1] == ("done", "cancelled")
    assert order_of(balanced, 9).state == "cancelled"


@pytest.mark.parametrize(("way", "problem"), TROUBLES)
def test_a_shop_in_trouble_loses_nothing_and_is_asked_later(
    balanced: World, presta: Presta, connection: Connection, way: str, problem: str
) -> None:
    put_order(presta, 1, ("MUG", 1, "18.00"))
    lose_nothing_in_trouble(connection, presta.behaviour, way=way, problem=problem)


def test_the_connection_is_tried_and_rights_that_are_missing_are_named(
    balanced: World, presta: Presta, connection: Connection
) -> None:
    assert check_connection(connection.pk) is None
    connection.refresh_from_db()
    assert connection.said == "Boutique Tilleul · PrestaShop"
    presta.forbidden = {("stock_availables", "put"), ("order_states", "get"), ("addresses", "put")}
    fault = check_connection(connection.pk)
    assert fault is not None
    assert (fault.code, fault.detail) == ("not_allowed", "order_states (GET), stock_availables (PUT)")
    presta.key = "changed"
    fault = check_connection(connection.pk)
    assert fault is not None
    assert fault.code == "not_let_in"


def test_a_zone_that_is_none_is_said_and_nothing_is_asked(
    balanced: World, presta: Presta, connection: Connection
) -> None:
    Connection.objects.update(options={**connection.options, "zone": "../Paris"})
    assert ask(connection) == []
    connection.refresh_from_db()
    assert (trouble(connection)[0], presta.behaviour.calls) == ("wrong_setting", [])


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b"null", b'{"order": 7}', b'{"order": {"id": "1", "current_state": "2"}}', b"[" * 5000]
)
def test_a_message_that_is_no_order_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        PrestaShop().read(body, topic="")


# --- recorded with a PrestaShop 1.6


def recorded(shared: Path, name: str, ending: str) -> dict[str, Any]:
    """Give the first recorded exchange whose address ends so."""
    exchanges = json.loads((shared / f"fixtures/prestashop/{name}.exchanges.json").read_text())
    found: dict[str, Any] = next(one for one in exchanges if one["request"]["uri"].endswith(ending))
    return found


def first(shared: Path, name: str, ending: str) -> Record:
    return record(rooted(recorded(shared, name, ending)["response"]["body"].encode())[0])


def test_recorded_records_make_an_order(shared: Path, balanced: World, presta: Presta, connection: Connection) -> None:
    put_order(
        presta, 1, ("", 2, "16.51"), id_address_delivery="1", id_address_invoice="1", id_customer="1", id_carrier="2"
    )
    presta.tables["order_details"]["10"] |= {"product_id": "1", "product_attribute_id": "1"}
    presta.tables["addresses"]["1"] = first(shared, "test_import_partner_address_record_1", "addresses/1")
    customer = first(shared, "test_import_partner_record_1", "customers/1")
    presta.tables["customers"]["1"] = {name: value for name, value in customer.items() if name != "associations"}
    carrier = first(shared, "test_import_carrier_record_2", "carriers/2")
    presta.tables["carriers"]["2"] = {name: value for name, value in carrier.items() if isinstance(value, str)}
    combination = first(shared, "test_import_product_template_record_1", "combinations/1")
    product = first(shared, "test_import_product_template_record_1", "products/1")
    presta.tables["combinations"]["1"] = {name: combination[name] for name in ("id", "id_product", "reference")}
    presta.tables["products"]["1"] = {name: product[name] for name in ("id", "reference", "is_virtual")}
    [one] = PrestaShop().order(access_of(connection), external_ref="1")
    told = PrestaShop().read(one.body, topic="")
    assert isinstance(told, OrderTold)
    draft, address = told.draft, told.draft.ship_to
    assert address is not None
    assert (address.name, address.line1, address.line2, address.postcode, address.country, address.phone) == (
        "John DOE", "16, Main street", "2nd floor", "75002", "FR", "0102030405",
    )  # fmt: skip
    assert (draft.email, draft.shipping_method, draft.lines[0].sku) == ("pub@prestashop.com", "My carrier", "demo_1")
    assert difference(draft) == 0


def test_stock_is_written_as_it_was_recorded(shared: Path) -> None:
    before = first(shared, "test_export_stock_quantity", "stock_availables/1")
    assert before["quantity"] == "1799"
    exchange = recorded(shared, "test_export_stock_quantity", "/stock_availables")
    assert exchange["request"]["method"] == "PUT"
    ours = written("stock_available", {**before, "quantity": "0"})
    assert record(fromstring(ours)[0]) == record(fromstring(exchange["request"]["body"])[0])


def test_recorded_lists_name_the_orders_that_changed(shared: Path) -> None:
    exchange = recorded(shared, "test_import_sale_batch", "date=1")
    listed = rooted(exchange["response"]["body"].encode())[0]
    assert [(one.tag, one.get("id")) for one in listed] == [("order", str(n)) for n in range(1, 6)]
    assert "filter%5Bdate_upd%5D=%3E%5B2019-01-23+00%3A00%3A00%5D" in exchange["request"]["uri"]


def test_characters_no_xml_may_hold_do_not_stop_a_page(presta: Presta, balanced: World, connection: Connection) -> None:
    body = b"<prestashop><orders><order><note><![CDATA[a\x0bb\xff]]></note></order></orders></prestashop>"
    assert record(rooted(body)[0][0]) == {"note": "ab\ufffd"}
    assert PrestaClient(access_of(connection)).those("products", ids=["x|y", "", "0"]) == []
    assert presta.behaviour.calls == []
