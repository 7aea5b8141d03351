from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from tests.cast import World
from tests.connectors.custom_store.conftest import ago, store_order
from tests.connectors.shops import TROUBLES, ask, fates, lose_nothing_in_trouble, order_of, trouble

from colisage.connectors.actions.check_connection import check_connection
from colisage.connectors.custom_store.channel import CustomStore
from colisage.connectors.custom_store.client import exported
from colisage.connectors.custom_store.simulator import Store
from colisage.connectors.models import Connection
from colisage.connectors.ports import Access, ShopRefused
from colisage.intake.models import ShopMessage
from colisage.intake.ports import Unreadable
from colisage.intake.rules import difference
from colisage.intake.rules.messages import balanced as explained
from colisage.orders.models import Hold, Order, OrderLine

BOMB = b"""<?xml version="1.0"?><!DOCTYPE Orders [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<Orders pages="1"><Order><OrderNumber>&b;</OrderNumber></Order></Orders>"""


def wrapped(order: str, **facts: str) -> bytes:
    said = " ".join(f'{name}="{value}"' for name, value in ({"currency": "EUR"} | facts).items())
    return f"<Export {said}>{order}</Export>".encode()


def test_an_order_of_the_export_is_here_with_everything_it_said(
    balanced: World, store: Store, connection: Connection
) -> None:
    store.orders["A1"] = store_order(
        "A1", ("MUG", "2", "18.00"), ("COFFRET", "1", "20.00"), CustomerNotes="Sonnez <deux> fois", GiftMessage="Noël !"
    )
    assert fates(ask(connection)) == [("done", "accepted")]
    order = order_of(balanced, "A1")
    assert (order.number, order.payment, order.total_cents, order.shipping_cents) == ("A1", "paid", 6090, 490)
    assert (order.customer_note, order.gift_note, order.shipping_method, order.email) == (
        "Sonnez <deux> fois", "Noël !", "Colissimo", "c@example.com",
    )  # fmt: skip
    assert order.ship_to is not None
    assert (order.ship_to["line1"], order.ship_to["country"]) == ("8 rue Lepic", "FR")
    assert order.placed_at == datetime(2026, 11, 20, 10, tzinfo=UTC)
    assert list(OrderLine.objects.filter(order=order).values_list("sku_code", "quantity", "external_ref")) == [
        ("MUG", 2, "A1-0"), ("COFFRET", 1, "A1-1"),
    ]  # fmt: skip
    assert not Hold.objects.filter(order=order).exists()


def test_every_page_is_read_once_and_only_what_changes_later_is_news(
    balanced: World, store: Store, connection: Connection
) -> None:
    same = ago(90)  # all in one minute
    for n in range(45):
        store.orders[f"B{n}"] = store_order(f"B{n}", ("MUG", "1", "18.00"), when=same, OrderStatus="unpaid")
    ask(connection)
    assert (Order.objects.count(), ShopMessage.objects.count()) == (45, 45)
    before = len(store.behaviour.calls)
    ask(connection)
    assert (len(store.behaviour.calls) - before, ShopMessage.objects.count()) == (1, 45)
    store.orders["B7"] = store_order("B7", ("MUG", "1", "18.00"), when=ago(2), OrderStatus="paid")
    connection.refresh_from_db()
    assert fates(ask(connection))[-1] == ("done", "paid")
    assert order_of(balanced, "B7").payment == "paid"


def test_an_order_that_changes_between_two_pages_makes_none_be_missed(
    balanced: World, store: Store, connection: Connection
) -> None:
    for n in range(41):
        store.orders[f"C{n:02}"] = store_order(f"C{n:02}", ("CARTE", "1", "2.50"), when=ago(200 - n))
    shop, seen = CustomStore(), set()
    access = Access(
        {"url": store.url, "username": store.username, "currency": "EUR"}, {"password": store.password}
    )  # fmt: skip
    page = shop.orders_since(access, cursor={})
    while True:
        seen |= {shop.read(one.body, topic="").draft.external_ref for one in page.arrived}
        if not page.more:
            break
        oldest = min(store.orders, key=lambda number: store.orders[number][0])
        store.orders[oldest] = store_order(oldest, ("CARTE", "1", "2.50"), when=ago(-5))  # leaves the window
        page = shop.orders_since(access, cursor=page.cursor)
    assert seen | {number for number, (when, _) in store.orders.items() if when > ago(0)} == set(store.orders)


def test_one_bad_order_stops_none_of_the_others_even_if_it_is_no_xml(
    balanced: World, store: Store, connection: Connection
) -> None:
    store.orders["D1"] = store_order("D1", ("MUG", "1", "18.00"))
    store.orders["D2"] = store_order("D2", ("MUG", "x1", "18.00"))
    store.orders["D3"] = store_order("D3", ("MUG", "1", "18.00"), OrderTotal="abc")
    store.orders["D4"] = store_order("D4", ("NOTHING", "1", "18.00"))
    store.orders["D5"] = store_order("D5", ("MUG", "1", "18.00"), OrderTotal="99.00")
    store.orders["D6"] = (ago(), "<Order><OrderNumber>D6</OrderNumber><Name>Rock & Roll</Name></Order>")
    store.orders["D7"] = store_order("D7", OrderDate="13/13/2026 10:00")
    assert [(m.external_ref, m.state, m.outcome or m.reason) for m in ask(connection)] == [
        ("D1", "done", "accepted"), ("D2", "refused", "bad_quantity"), ("D3", "refused", "bad_amount"),
        ("D4", "done", "accepted"), ("D5", "done", "accepted"), ("", "refused", "unreadable"),
        ("D7", "refused", "bad_date"),
    ]  # fmt: skip
    held = {h.order.external_ref: (h.kind, h.reason) for h in Hold.objects.select_related("order")}
    assert held == {"D4": ("unknown_sku", "unknown_sku"), "D5": ("money", "amounts_differ")}


@pytest.mark.parametrize(
    ("status", "options", "becomes"),
    [
        ("unpaid", {}, ("pending", False, False)), ("on_hold", {}, ("pending", False, False)),
        ("Processing", {}, ("paid", False, False)), ("shipped", {}, ("paid", False, True)),
        ("cancelled", {}, ("unknown", True, False)), ("bezahlt", {}, ("unknown", False, False)),
        ("bezahlt", {"paid": "Bezahlt, fertig"}, ("paid", False, False)),
    ],
)  # fmt: skip
def test_statuses_mean_what_the_merchant_says_and_an_unknown_one_waits(
    status: str, options: dict[str, str], becomes: tuple[str, bool, bool]
) -> None:
    _when, order = store_order("E1", ("MUG", "1", "18.00"), OrderStatus=status)
    told = CustomStore().read(wrapped(order, **options), topic="")
    assert (told.draft.payment, told.cancelled, told.finished) == becomes


def test_a_cancelled_order_is_cancelled_here(balanced: World, store: Store, connection: Connection) -> None:
    store.orders["F1"] = store_order("F1", ("MUG", "1", "18.00"), when=ago(30))
    ask(connection)
    store.orders["F1"] = store_order("F1", ("MUG", "1", "18.00"), when=ago(2), OrderStatus="cancelled")
    assert fates(ask(connection))[-1] == ("done", "cancelled")
    assert order_of(balanced, "F1").state == "cancelled"


@pytest.mark.parametrize(
    ("unit", "quantity", "total", "tax", "gross"),
    [("10.00", 3, "34.90", "5.00", True), ("10.00", 3, "39.90", "5.00", False), ("3.3333", 3, "14.90", "0", True)],
)
def test_prices_are_with_or_without_tax_as_the_total_says(
    unit: str, quantity: int, total: str, tax: str, *, gross: bool
) -> None:
    _when, order = store_order("G1", ("MUG", str(quantity), unit), OrderTotal=total, TaxAmount=tax)
    draft = CustomStore().read(wrapped(order), topic="").draft
    assert (draft.prices_include_tax, difference(draft)) == (gross, 0)


def test_the_example_of_the_guide_is_read_to_the_cent(shared: Path) -> None:
    page = exported((shared / "fixtures/shipstation-custom-store/orders_export_sample.xml").read_bytes())
    assert (page.pages, len(page.orders)) == (1, 1)
    draft = CustomStore().read(wrapped(page.orders[0].decode(), currency="USD"), topic="").draft
    assert (draft.number, draft.placed_at, draft.currency, draft.total_cents) == (
        "ABC123", datetime(2026, 10, 18, 21, 56, tzinfo=UTC), "USD", 12345,
    )  # fmt: skip
    assert [(line.sku, line.quantity, line.unit_price_cents, line.personalisation) for line in draft.lines] == [
        ("FD88821", 2, 1399, "Size: Large")
    ]
    assert (draft.discount_cents, draft.shipping_cents) == (1000, 450)
    assert [(c.kind, c.cents) for c in explained(draft).charges] == [("difference", 12345 - 2248)]


@pytest.mark.parametrize(
    "body",
    [BOMB, b"<!DOCTYPE html><html><body>Welcome</body></html>", b"{}", b"<html/>", b"", b"<a>" * 100_000],
)
def test_what_is_no_export_is_refused_as_not_a_shop(body: bytes) -> None:
    with pytest.raises(ShopRefused) as refused:
        exported(body)
    assert refused.value.code == "not_a_shop"


@pytest.mark.parametrize(
    "body", [BOMB, b"<Export>" + b"<a>" * 1000, b"<Order/>", b"\xff\x00", b"<Export><Order/></Export>"]
)
def test_a_message_that_is_no_order_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        CustomStore().read(body, topic="")


def test_an_export_that_breaks_off_is_asked_for_again() -> None:
    _when, order = store_order("H1", ("MUG", "1", "18.00"))
    with pytest.raises(ShopRefused) as refused:
        exported(f'<Orders pages="1">{order}<Order><OrderNum'.encode())
    assert refused.value.code == "strange_answer"


@pytest.mark.parametrize(("way", "problem"), TROUBLES)
def test_a_shop_in_trouble_loses_nothing_and_is_asked_later(
    balanced: World, store: Store, connection: Connection, way: str, problem: str
) -> None:
    store.orders["I1"] = store_order("I1", ("MUG", "1", "18.00"))
    lose_nothing_in_trouble(connection, store.behaviour, way=way, problem=problem)


def test_the_connection_is_tried(balanced: World, store: Store, connection: Connection) -> None:
    assert check_connection(connection.pk) is None
    connection.refresh_from_db()
    assert connection.said == urlsplit(store.url).netloc
    store.password = "changed"
    fault = check_connection(connection.pk)
    assert fault is not None
    assert fault.code == "not_let_in"


def test_a_currency_that_is_none_is_said_before_any_order_is_lost_to_it(
    balanced: World, store: Store, connection: Connection
) -> None:
    store.orders["K1"] = store_order("K1", ("MUG", "1", "18.00"))
    connection.options["currency"] = "Euro"
    connection.save()
    assert ask(connection) == []
    connection.refresh_from_db()
    assert (trouble(connection)[:2], store.behaviour.calls) == (("wrong_setting", "Euro"), [])
    connection.options["currency"] = "eur"
    connection.save()
    assert fates(ask(connection)) == [("done", "accepted")]
