"""What a disruption keeps from coming in is expected later, and what is promised of it with it; told once."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from colisage.carriers.models import Carrier
from colisage.disruptions.actions.move_incoming import move_incoming
from colisage.disruptions.problem import disrupted
from colisage.disruptions.queries.foreseen import foresee
from colisage.disruptions.tasks import change, touch, turn
from colisage.inbound.actions.announce_deliveries import DeliveryDraft, Item, announce_deliveries
from colisage.inbound.actions.order_goods import order_goods
from colisage.inbound.actions.write_purchase import Want, write_purchase
from colisage.inbound.models import Announcement, Postponement, PurchaseLine, PurchaseOrder, Supplier, Transfer
from colisage.kit.actors import SYSTEM
from colisage.kit.models import AuditEntry
from colisage.kit.outbox import drain
from colisage.network.actions.change_disruption import change_disruption
from colisage.network.actions.end_disruptions import end_disruptions
from colisage.network.models import Node
from colisage.network.queries.disruptions import Disruption
from colisage.notices.models import Message
from colisage.orders.actions.place_orders import place_orders
from colisage.orders.actions.release_hold import release_hold
from colisage.orders.models import Backorder, Hold, Order
from tests.books import told
from tests.cast import World, day
from tests.disruptions.conftest import CHEN, Declare, carry_out
from tests.together import at_once, faults

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("balanced")]
SUPPLIER = "GRÈS & CIE"


def place(world: World, *wants: tuple[str, int], **changes: Any) -> Order:
    (answer,) = place_orders([world.order(*wants, **changes)], actor=SYSTEM)
    drain()
    return Order.objects.get(pk=answer.order_id)


def buy(world: World, *, on: date | None, number: str = "PO-1", line_on: date | None = None, **changes: Any) -> int:
    """Order mugs; of each order ten."""
    facts: dict[str, Any] = {"supplier": "Grès & Cie", "node_id": world.lyon.pk, **changes}
    wants = [Want(world.sku("MUG").pk, 10, 500, line_on)]
    made = order_goods(world.tilleul.pk, number=number, lines=wants, expected_on=on, actor=SYSTEM, **facts)
    drain()
    return made


def say(world: World, purchase: int, *, on: date) -> None:
    """Have a person say another day of a purchase order."""
    write_purchase(
        world.tilleul.pk, [Want(world.sku("MUG").pk, 10)], supplier_id=Supplier.objects.get(name="Grès & Cie").pk,
        node_id=world.lyon.pk, number="PO-1", purchase_id=purchase, expected_on=on, actor=SYSTEM,
    )  # fmt: skip


def carried_out() -> None:
    """Let the workers do all there is to do, twice: the second time changes nothing."""
    for _ in range(2):
        drain()
        carry_out()
        drain()


def expected(purchase: int) -> date | None:
    return PurchaseOrder.objects.get(pk=purchase).expected_on


def owed_on(order: Order) -> date | None:
    return Backorder.objects.get(order=order.pk).on


def mails() -> list[str]:
    return list(Message.objects.exclude(kind="confirmed").order_by("pk").values_list("kind", flat=True))


@pytest.mark.parametrize(
    ("facts", "then"),
    [
        ({"effect": "redate", "delay_days": 10}, day(15)),
        ({"effect": "hold", "ends_on": day(7)}, day(8)),
        ({"effect": "hold", "ends_on": day(2)}, day(5)),
        ({"effect": "hold"}, None),
    ],
)
def test_what_a_disrupted_supplier_brings_is_expected_later_and_so_is_what_is_owed(
    world: World, declare: Declare, facts: dict[str, Any], then: date | None
) -> None:
    purchase, other = buy(world, on=day(5)), buy(world, on=day(6), number="PO-2", supplier="Other")
    order = place(world, ("MUG", 25))
    late = place(world, ("MUG", 2))
    assert (owed_on(order), owed_on(late)) == (day(5), day(5))
    declare("supplier", SUPPLIER, **facts)
    carried_out()
    turn(0)
    drain()
    assert (expected(purchase), expected(other)) == (then, day(6))
    first = min(then or day(9), day(6))  # the other supplier comes first then
    assert (owed_on(order), owed_on(late)) == (first, first)
    deeds = AuditEntry.objects.filter(doc_kind="purchase_order", verb="expected_moved")
    moved = [{"about": "Grès & Cie", "day": [day(5).isoformat(), then.isoformat() if then else ""]}]
    assert [deed.data for deed in deeds] == (moved if then != day(5) else [])


def test_a_customer_hears_once_of_a_supplier_that_does_not_deliver(world: World, declare: Declare) -> None:
    buy(world, on=day(5))
    held = place(world, ("MUG", 21), language="en")
    disruption = declare("supplier", SUPPLIER, ends_on=day(9))
    carried_out()
    assert (mails(), owed_on(held)) == (["disrupted"], day(10))
    end_disruptions([disruption.pk], actor=CHEN)
    carried_out()
    assert (mails(), owed_on(held)) == (["disrupted", "resumed"], day(5))
    message = Message.objects.get(kind="resumed")
    assert ("goes on" in message.text, "not here yet" in message.text, message.language) == (True, True, "en")


@pytest.mark.parametrize(("language", "says"), [("fr", "Incendie"), ("en", "Fire")])
def test_to_whom_nothing_was_promised_the_later_day_is_told_with_the_reason(
    world: World, declare: Declare, language: str, says: str
) -> None:
    buy(world, on=day(5))
    plain = place(world, ("MUG", 21), language=language)
    dated = place(world, ("MUG", 1), language=language, email="dated@example.com")
    Order.objects.filter(pk=dated.pk).update(promised_on=day(6))
    disruption = declare("supplier", SUPPLIER, effect="redate", delay_days=10)
    carried_out()
    kinds = {m.order_id: m.kind for m in Message.objects.exclude(kind="confirmed")}
    assert kinds == {plain.pk: "owed", dated.pk: "disrupted"}
    message = Message.objects.get(kind="owed")
    assert (says in message.text, says in message.html, owed_on(plain)) == (True, True, day(15))
    end_disruptions([disruption.pk], actor=CHEN)
    carried_out()
    assert mails().count("resumed") == 1  # who was told of the disruption
    assert (owed_on(plain), Order.objects.get(pk=dated.pk).promised_on) == (day(5), day(16))


def test_one_that_tells_nobody_tells_no_later_day_either(world: World, declare: Declare) -> None:
    buy(world, on=day(5))
    order = place(world, ("MUG", 21))
    declare("supplier", SUPPLIER, effect="redate", delay_days=10, tells=False)
    carried_out()
    assert (mails(), owed_on(order)) == ([], day(15))


def test_lines_and_announced_deliveries_have_their_own_days(world: World, declare: Declare) -> None:
    purchase = buy(world, on=day(5), line_on=day(7))
    item = Item(world.sku("MUG").pk, 4, purchase)
    draft = DeliveryDraft(Supplier.objects.get().pk, world.lyon.pk, "D-1", [item], expected_on=day(6))
    announce_deliveries(world.tilleul.pk, [draft], came_by="api", actor=SYSTEM)
    disruption = declare("supplier", SUPPLIER, effect="redate", delay_days=2)
    carried_out()
    assert (expected(purchase), PurchaseLine.objects.get().expected_on) == (day(7), day(9))
    assert Announcement.objects.get().expected_on == day(8)
    assert Postponement.objects.count() == 3
    end_disruptions([disruption.pk], actor=CHEN)
    carried_out()
    assert (expected(purchase), PurchaseLine.objects.get().expected_on) == (day(5), day(7))
    assert Announcement.objects.get().expected_on == day(6)


def test_what_comes_to_a_disrupted_node_or_where_nothing_gets_to_is_expected_later(
    world: World, declare: Declare, laposte: Carrier
) -> None:
    here, there = buy(world, on=day(5)), buy(world, on=day(5), number="PO-2", node_id=world.montreal.pk)
    sent = Transfer.objects.create(
        merchant=world.tilleul, from_node=world.montreal, to_node=world.lyon, expected_on=day(3), once="x", by_name="A"
    )
    declare(ends_on=day(9))
    carried_out()
    sent.refresh_from_db()
    assert (expected(here), expected(there), sent.expected_on) == (day(10), day(5), day(10))
    country = Node.objects.get(pk=world.montreal.pk).address["country"]
    declare("lane", "", countries=[country], effect="redate", delay_days=3)
    declare("lane", "laposte", countries=["FR"], effect="redate", delay_days=3)  # of a carrier: its parcels alone
    carried_out()
    assert (expected(here), expected(there)) == (day(10), day(8))


def test_another_last_day_moves_what_is_expected_again(world: World, declare: Declare) -> None:
    purchase, order = buy(world, on=day(5)), place(world, ("MUG", 21))
    disruption = declare("supplier", SUPPLIER, ends_on=day(7))
    carried_out()
    for ends_on, then in ((day(9), day(10)), (None, None), (day(3), day(5)), (day(6), day(7))):
        change_disruption(disruption.pk, ends_on=ends_on, cause={"en": "Fire"}, actor=CHEN)
        carried_out()
        assert (expected(purchase), owed_on(order)) == (then, then)
    assert len(told("DisruptionChanged")) == 4
    change_disruption(disruption.pk, ends_on=day(6), cause={"en": "Flood"}, actor=CHEN)
    assert len(told("DisruptionChanged")) == 4
    assert mails() == ["disrupted"] * 3  # until day 7, longer until day 9, and nobody knows how long


def test_a_day_that_a_person_said_since_stays(world: World, declare: Declare) -> None:
    purchase = buy(world, on=day(5))
    disruption = declare("supplier", SUPPLIER, effect="redate", delay_days=10)
    carried_out()
    say(world, purchase, on=day(20))
    late = buy(world, on=day(4), number="PO-2")  # who wrote it knows of the disruption
    end_disruptions([disruption.pk], actor=CHEN)
    carried_out()
    assert (expected(purchase), expected(late)) == (day(20), day(4))


def test_what_was_due_meanwhile_stays_late_and_what_ends_on_its_day_gives_nothing_back(
    world: World, declare: Declare
) -> None:
    past, soon = buy(world, on=day(1)), buy(world, on=day(9), number="PO-2")
    disruption = declare("supplier", SUPPLIER, effect="redate", delay_days=5)
    carried_out()
    PurchaseOrder.objects.filter(pk=past).update(expected_on=day(3))
    Postponement.objects.filter(doc_id=past).update(before=day(-2), after=day(3))
    end_disruptions([disruption.pk], actor=CHEN)
    carried_out()
    assert (expected(past), expected(soon)) == (day(3), day(9))
    again = declare("supplier", SUPPLIER, effect="redate", delay_days=5)
    carried_out()
    Disruption.objects.filter(pk=again.pk).update(starts_on=day(-9), ends_on=day(-1))
    turn(0)
    carried_out()
    assert (expected(past), expected(soon), mails()) == (day(8), day(14), [])


def test_one_that_ends_without_a_day_lets_what_was_due_be_expected_from_today(world: World, declare: Declare) -> None:
    past, soon = buy(world, on=day(1)), buy(world, on=day(9), number="PO-2")
    disruption = declare("supplier", SUPPLIER)
    carried_out()
    Postponement.objects.filter(doc_id=past).update(before=day(-2))
    end_disruptions([disruption.pk], actor=CHEN)
    carried_out()
    assert (expected(past), expected(soon)) == (day(0), day(9))


def test_what_is_foreseen_says_how_much_would_come_later(world: World) -> None:
    buy(world, on=day(5))
    buy(world, on=None, number="PO-2")
    party = {"merchant_id": world.tilleul.pk, "operator_id": None}
    facts = {"kind": "supplier", "what": SUPPLIER, "starts_on": day(0), "cause": {"fr": "Feu"}, **party}
    counts = [
        foresee(disrupted(ends_on=last, **facts, **effect), **party).incoming
        for last, effect in (
            (None, {"effect": "hold"}),
            (day(5), {"effect": "hold"}),
            (day(4), {"effect": "hold"}),
            (day(4), {"effect": "redate", "delay_days": 1}),
        )
    ]
    assert counts == [1, 1, 0, 1]


def test_many_are_moved_in_as_many_statements_as_few(world: World, declare: Declare) -> None:
    buy(world, on=day(5))
    disruption = declare("supplier", SUPPLIER, effect="redate", delay_days=1)
    counts = []
    for number, many in enumerate((1, 12)):
        for n in range(many):
            buy(world, on=day(5), number=f"N-{number}-{n}")
        Disruption.objects.filter(pk=disruption.pk).update(state="active")
        with CaptureQueriesContext(connection) as seen:
            move_incoming(disruption, merchant_id=world.tilleul.pk)
        counts.append(len([one for one in seen if "notify" not in one["sql"].lower()]))
    assert counts[0] == counts[1]
    assert PurchaseOrder.objects.filter(expected_on=day(6)).count() == 14


def test_ending_while_days_are_being_moved_leaves_them_where_they_belong(world: World, declare: Declare) -> None:
    purchase = buy(world, on=day(5))
    for _ in range(4):
        disruption = declare("supplier", SUPPLIER, starts_on=day(1))
        Disruption.objects.filter(pk=disruption.pk).update(state="active", starts_on=day(0))
        found = at_once(
            lambda pk=disruption.pk: touch(pk, world.tilleul.pk),
            lambda pk=disruption.pk: end_disruptions([pk], actor=CHEN),
        )
        assert not faults(found)
        carried_out()
        assert expected(purchase) == day(5)


def test_another_last_day_said_while_days_are_being_moved_counts(world: World, declare: Declare) -> None:
    purchase = buy(world, on=day(5))
    for _ in range(3):
        disruption = declare("supplier", SUPPLIER, starts_on=day(1), ends_on=day(7))
        Disruption.objects.filter(pk=disruption.pk).update(state="active", starts_on=day(0))
        found = at_once(
            lambda pk=disruption.pk: touch(pk, world.tilleul.pk),
            lambda pk=disruption.pk: change_disruption(pk, ends_on=day(9), cause={"en": "Fire"}, actor=CHEN),
        )
        assert not faults(found)
        change(disruption.pk, world.tilleul.pk)
        assert expected(purchase) == day(10)
        end_disruptions([disruption.pk], actor=CHEN)
        carried_out()
        assert expected(purchase) == day(5)


def test_what_is_postponed_twice_is_told_twice(world: World) -> None:
    purchase = buy(world, on=day(5))
    heard, quiet = place(world, ("MUG", 21)), place(world, ("MUG", 1), quiet=True)
    for number, on in enumerate((day(8), day(12), day(9), day(12), day(14)), start=1):
        say(world, purchase, on=on)
        drain()
        assert owed_on(heard) == on
        assert mails() == ["owed"] * {1: 1, 2: 2, 3: 2, 4: 2, 5: 3}[number]
    assert not Message.objects.filter(order=quiet.pk).exists()


def test_a_day_told_when_it_was_over_holds_until_another_is_told(world: World, declare: Declare) -> None:
    purchase = buy(world, on=day(5))
    order = place(world, ("MUG", 21))
    disruption = declare("supplier", SUPPLIER, ends_on=day(9))
    carried_out()
    end_disruptions([disruption.pk], actor=CHEN)
    carried_out()
    assert (mails(), owed_on(order)) == (["disrupted", "resumed"], day(5))
    say(world, purchase, on=day(7))  # sooner than while it lasted
    carried_out()
    assert mails() == ["disrupted", "resumed", "owed"]


def test_whom_one_that_tells_nobody_kept_waiting_hears_of_the_day_that_somebody_says(
    world: World, declare: Declare
) -> None:
    purchase = buy(world, on=day(5))
    order = place(world, ("MUG", 21))
    declare("supplier", SUPPLIER, effect="redate", delay_days=10, tells=False)
    carried_out()
    assert (mails(), owed_on(order)) == ([], day(15))
    say(world, purchase, on=day(12))
    carried_out()
    assert (mails(), owed_on(order)) == (["owed"], day(12))


def test_who_was_let_go_and_waits_for_goods_hears_that_they_come_later_again(world: World, declare: Declare) -> None:
    buy(world, on=day(5))
    order = place(world, ("MUG", 21))
    disruption = declare("supplier", SUPPLIER, ends_on=day(7))
    carried_out()
    [hold] = Hold.objects.all()
    release_hold(world.tilleul.pk, hold_ids=[hold.pk], actor=CHEN)
    carried_out()
    assert mails() == ["disrupted", "resumed"]
    change_disruption(disruption.pk, ends_on=day(9), cause={"en": "Fire"}, actor=CHEN)
    carried_out()
    assert (mails(), owed_on(order)) == (["disrupted", "resumed", "owed"], day(10))
