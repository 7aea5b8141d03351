"""What is owed has a day and a reason, looked at anew whenever what comes or who waits has changed."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from colisage.inbound.actions.announce_deliveries import DeliveryDraft, Item, announce_deliveries
from colisage.inbound.actions.move_purchase import move_purchase
from colisage.inbound.actions.order_goods import order_goods
from colisage.inbound.actions.put_away import put_away
from colisage.inbound.actions.receive_goods import receive_goods
from colisage.inbound.actions.write_purchase import Want, write_purchase
from colisage.inbound.events import IncomingChanged
from colisage.inbound.models import PurchaseOrder, Receipt, Supplier, SupplierSku
from colisage.kit.actors import SYSTEM
from colisage.kit.models import AuditEntry, Event
from colisage.kit.outbox import drain
from colisage.notices.models import Message
from colisage.orders.actions.cancel_orders import cancel_orders
from colisage.orders.actions.date_backorders import date_backorders
from colisage.orders.actions.place_orders import place_orders
from colisage.orders.events import OrderAccepted
from colisage.orders.models import Backorder, Order, OrderLine
from tests.cast import World
from tests.desk.test_pages import client_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def today(balanced: World) -> Iterator[date]:
    """Give today; the world has 20 of everything, and its books are proven after the test."""
    return timezone.localdate()


def place(world: World, *wants: tuple[str, int], **changes: Any) -> Order:
    (answer,) = place_orders([world.order(*wants, **changes)], actor=SYSTEM)
    drain()
    return Order.objects.get(pk=answer.order_id)


def buy(world: World, units: int, *, on: date | None, code: str = "MUG", number: str = "PO-1") -> int:
    made = order_goods(
        world.tilleul.pk, supplier="Grès & Cie", node_id=world.lyon.pk, number=number,
        lines=[(world.sku(code).pk, units, 500)], expected_on=on, actor=SYSTEM,
    )  # fmt: skip
    drain()
    return made


def redate(world: World, purchase: int, *, on: date | None, units: int = 5) -> None:
    order = PurchaseOrder.objects.get(pk=purchase)
    write_purchase(
        world.tilleul.pk, [Want(world.sku("MUG").pk, units)], supplier_id=order.supplier_id, node_id=order.node_id,
        number=order.number, purchase_id=purchase, expected_on=on, actor=SYSTEM,
    )  # fmt: skip
    drain()


def said(order: Order) -> list[tuple[date | None, str, date | None]]:
    return list(Backorder.objects.filter(order=order).order_by("order_line_id").values_list("on", "why", "before"))


def mails(order: Order) -> list[str]:
    return list(Message.objects.filter(order=order).order_by("pk").values_list("kind", flat=True))


def test_the_first_in_turn_is_told_what_comes_first_and_keeps_it(world: World, today: date) -> None:
    first, second = place(world, ("MUG", 22)), place(world, ("MUG", 3), ("CARTE", 1))
    assert said(first) == said(second) == [(None, "unknown", None)]
    soon, later = today + timedelta(days=4), today + timedelta(days=9)
    buy(world, 5, on=later)
    assert (said(first), said(second)) == ([(later, "ordered", None)], [(later, "ordered", None)])
    buy(world, 2, on=soon, number="PO-2")
    assert (said(first), said(second)) == ([(soon, "ordered", later)], [(later, "ordered", None)])
    told = AuditEntry.objects.filter(verb="order_expected", doc_id=first.pk).order_by("pk")
    assert [deed.data["before"] for deed in told] == ["", later.isoformat()]


def test_what_has_come_has_no_day_any_more_and_the_next_move_up(world: World, today: date) -> None:
    first, second = place(world, ("MUG", 22)), place(world, ("MUG", 1))
    day = today + timedelta(days=3)
    purchase = buy(world, 2, on=day)
    assert (said(first), said(second)) == ([(day, "ordered", None)], [(None, "unknown", None)])
    receive_goods(
        world.tilleul.pk, node_id=world.lyon.pk, sku_id=world.sku("MUG").pk, sku_code="MUG", good=2,
        purchase_order_id=purchase, actor=SYSTEM,
    )  # fmt: skip
    drain()
    assert (said(first), said(second)) == ([(today, "dock", day)], [(None, "unknown", None)])
    assert "owed" not in mails(first)
    receipt = Receipt.objects.get()
    put_away(world.tilleul.pk, receipt_id=receipt.pk, bin_code=world.bins()[0].code, qty=2, actor=SYSTEM)
    drain()
    assert (said(first), said(second)) == ([], [(None, "unknown", None)])


def test_a_cancelled_order_makes_room_for_those_behind_it(world: World, today: date) -> None:
    first, second = place(world, ("MUG", 22)), place(world, ("MUG", 2))
    day = today + timedelta(days=3)
    buy(world, 2, on=day)
    cancel_orders(world.tilleul.pk, order_ids=[first.pk], actor=SYSTEM)
    drain()
    assert (said(first), said(second)) == ([], [])  # what the first held serves the second
    assert Backorder.objects.count() == 0


def test_the_customer_is_told_once_when_it_comes_later_and_never_of_an_earlier_day(world: World, today: date) -> None:
    day = today + timedelta(days=5)
    purchase = buy(world, 5, on=day)
    order = place(world, ("MUG", 22))
    confirmed = Message.objects.get(order=order)
    assert "Un article manque en stock. Nous l’attendons le" in confirmed.text
    redate(world, purchase, on=day - timedelta(days=2))
    assert mails(order) == ["confirmed"]
    redate(world, purchase, on=day)  # as he was told
    assert mails(order) == ["confirmed"]
    redate(world, purchase, on=day + timedelta(days=3))
    date_backorders([IncomingChanged(merchant_id=world.tilleul.pk, sku_id=world.sku("MUG").pk)])
    drain()
    assert mails(order) == ["confirmed", "owed"]
    redate(world, purchase, on=day)
    redate(world, purchase, on=day + timedelta(days=3))
    assert mails(order) == ["confirmed", "owed"]
    move_purchase(world.tilleul.pk, purchase_id=purchase, to="cancelled", actor=SYSTEM)
    drain()
    assert mails(order) == ["confirmed", "owed", "owed"]
    assert "nous ne savons pas encore quand" in Message.objects.filter(order=order).latest("pk").text


def test_a_supplier_s_days_are_counted_from_when_it_was_owed(world: World, today: date) -> None:
    supplier = Supplier.objects.create(merchant=world.tilleul, code="GRES", name="Grès", lead_days=30)
    SupplierSku.objects.create(merchant=world.tilleul, supplier=supplier, sku=world.sku("MUG"), lead_days=12)
    order = place(world, ("MUG", 21))
    since = timezone.now().date()
    assert said(order) == [(since + timedelta(days=12), "lead_time", None)]


def test_a_bundle_has_the_day_of_its_last_part(world: World, today: date) -> None:
    order = place(world, ("COFFRET", 21))
    day = today + timedelta(days=8)
    buy(world, 5, on=day)
    assert said(order) == [(None, "unknown", None)]
    buy(world, 50, on=day - timedelta(days=3), code="CARTE", number="PO-2")
    assert said(order) == [(day, "ordered", None)]


def test_an_announced_delivery_counts_on_its_own_day(world: World, today: date) -> None:
    purchase = buy(world, 5, on=today + timedelta(days=20))
    order = place(world, ("MUG", 21))
    supplier = PurchaseOrder.objects.get(pk=purchase).supplier_id
    day = today + timedelta(days=2)
    draft = DeliveryDraft(supplier, world.lyon.pk, "ASN-1", [Item(world.sku("MUG").pk, 5, purchase)], expected_on=day)
    announce_deliveries(world.tilleul.pk, [draft], came_by="hand", actor=SYSTEM)
    drain()
    assert said(order) == [(day, "announced", today + timedelta(days=20))]


def test_as_many_statements_for_many_orders_and_none_written_twice(world: World, today: date) -> None:
    place(world, ("MUG", 21))
    asked, events = [], []
    for orders, code in ((1, "CARTE"), (12, "TAPIS")):  # at the end of a queue that is known, and first of another
        answers = place_orders([world.order(("MUG", 1), (code, 21)) for _ in range(orders)], actor=SYSTEM)
        events = [OrderAccepted(merchant_id=world.tilleul.pk, order_id=a.order_id or 0) for a in answers]
        with CaptureQueriesContext(connection) as seen:
            date_backorders(events)
        asked.append(len([one for one in seen if "notify" not in one["sql"].lower()]))
    assert asked[0] == asked[1]
    assert Backorder.objects.count() == 1 + 2 + 24
    before = Event.objects.count()
    date_backorders(events)
    assert Event.objects.count() == before


def test_the_day_is_on_every_page(world: World, today: date) -> None:
    day = today + timedelta(days=6)
    buy(world, 5, on=day)
    order = place(world, ("MUG", 21))
    line = OrderLine.objects.get(order=order)
    chen = client_of(world.chen, language="en")
    page = chen.get(f"/orders/{order.pk}").content.decode()
    assert "a purchase order comes then" in page
    assert "What is owed is expected on" in page
    assert "stock on" in chen.get("/orders/").content.decode()
    queue = chen.get(f"/stock/{world.sku('MUG').pk}").context["waiting"]
    assert [(row["waiting"].owner_id, row["expected"].on) for row in queue] == [(line.pk, day)]
    mine = client_of(world.chen, language="fr").get(f"/orders/{order.pk}").context["token"]
    assert (
        "pas encore en stock, attendu le"
        in client_of(world.chen, language="fr").get(f"/portal/o/{mine}").content.decode()
    )
