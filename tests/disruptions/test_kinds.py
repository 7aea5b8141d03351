"""Lanes and suppliers; promises that are moved; what customers are told."""

from datetime import date
from typing import Any

import pytest

from colisage.disruptions.actions.meet_disruptions import meet_disruptions
from colisage.disruptions.problem import NoDelay, NoSuchWay, UnknownSupplier, disrupted
from colisage.disruptions.queries.foreseen import foresee
from colisage.disruptions.tasks import turn
from colisage.inbound.models import PurchaseLine, PurchaseOrder, Supplier
from colisage.network.actions.end_disruptions import end_disruptions
from colisage.network.queries.disruptions import Disruption
from colisage.notices.actions.tell_changes import tell_changes
from colisage.notices.actions.tell_disrupted import tell_disrupted
from colisage.notices.models import Message
from colisage.orders.events import OrderChanged, OrderDisrupted
from colisage.orders.models import FulfillmentOrder, Hold, Order, OrderChange
from colisage.shipping.actions.request_shipments import request_shipments
from tests.books import told
from tests.cast import CAMILLE, World, day
from tests.disruptions.conftest import CHEN, Declare, carry_out, holds
from tests.picking.conftest import Ready
from tests.shipping.conftest import Packed

pytestmark = pytest.mark.usefixtures("balanced")
MUG = (("MUG", 1),)
PROMISED = date(2026, 12, 18)


def order_of(part: int) -> int:
    return FulfillmentOrder.objects.get(pk=part).order_id or 0


def promised(parts: list[int]) -> list[int]:
    """Promise a day for the orders of parts, as a person does."""
    orders = FulfillmentOrder.objects.filter(pk__in=parts).values("order_id")
    Order.objects.filter(pk__in=orders).update(promised_on=PROMISED)
    return parts


def to(country: str, postcode: str) -> dict[str, str]:
    return {**CAMILLE, "country": country, "postcode": postcode}


def all_told() -> None:
    """Let notices hear what happened, twice: they write once."""
    for _ in range(2):
        tell_disrupted([OrderDisrupted.read(event) for event in told("OrderDisrupted")])
        tell_changes([OrderChanged.read(event) for event in told("OrderChanged")])


@pytest.mark.parametrize(
    ("where", "there"),
    [
        ({"countries": ["CH"]}, ["CH 1203"]),
        ({"countries": ["Suisse", "fr"], "prefixes": ["20", "12"]}, ["CH 1203", "FR 20 000"]),
        ({"countries": ["RE"]}, ["FR 97400", "RE 97410"]),
        ({"countries": ["FR"], "prefixes": ["974"]}, ["FR 97400", "RE 97410"]),
    ],
)
def test_what_goes_where_nothing_gets_to_is_held(
    ready: Ready, declare: Declare, where: dict[str, Any], there: list[str]
) -> None:
    parts = {}
    for address in ("FR 75018", "CH 1203", "FR 20 000", "FR 97400", "RE 97410"):
        country, postcode = address.split(" ", 1)
        [parts[address]] = ready((("CARTE", 1),), ship_to=to(country, postcode))
    declare("lane", "", **where)
    assert {order for order, _reason in holds()} == {order_of(parts[address]) for address in there}
    assert {reason for _order, reason in holds()} == {"lane_disrupted"}


def test_a_lane_of_one_carrier_holds_when_it_would_be_chosen(packed: Packed, declare: Declare) -> None:
    [here] = packed(MUG)
    [island] = packed(MUG, ship_to=to("FR", "20000"))
    declare("lane", "laposte", countries=["FR"], prefixes=["20"])
    assert holds() == []
    request_shipments([here, island])
    assert holds() == [(order_of(island), "lane_disrupted")]


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"countries": []}, NoSuchWay),
        ({"countries": ["Atlantis"]}, NoSuchWay),
        ({"countries": ["FR"], "prefixes": ["20%"]}, NoSuchWay),
        ({"kind": "supplier", "what": "NOBODY"}, UnknownSupplier),
        ({"kind": "node", "what": "LYON", "effect": "redate"}, NoDelay),
        ({"kind": "node", "what": "LYON", "effect": "redate", "delay_days": 0}, NoDelay),
    ],
)
def test_what_cannot_be_is_refused(declare: Declare, wrong: dict[str, Any], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        declare(**{"kind": "lane", "what": "", **wrong})
    assert not Disruption.objects.exists()


def bought(world: World, code: str) -> Supplier:
    """Order units of a SKU from a supplier, which have not come."""
    supplier = Supplier.objects.create(merchant=world.tilleul, code="POTIER", name="Atelier du Potier")
    purchase = PurchaseOrder.objects.create(
        merchant=world.tilleul, supplier=supplier, node=world.lyon, number="PO-1", state="open", currency="EUR"
    )
    PurchaseLine.objects.create(merchant=world.tilleul, purchase_order=purchase, sku=world.sku(code), ordered=50)
    return supplier


def test_what_waits_for_a_disrupted_supplier_is_touched(world: World, ready: Ready, declare: Declare) -> None:
    bought(world, "MUG")
    [_here] = ready((("MUG", 20),))
    [waits] = promised(ready((("MUG", 2),)))
    [other] = promised(ready((("TAPIS", 21),)))
    declare("supplier", "POTIER", effect="redate", delay_days=10)
    assert Order.objects.get(pk=order_of(waits)).promised_on == date(2026, 12, 28)
    assert Order.objects.get(pk=order_of(other)).promised_on == PROMISED
    with pytest.raises(UnknownSupplier):
        declare("supplier", "POTIER", merchant_id=None, operator_id=world.nord.pk)


def test_a_promised_day_is_moved_once_with_the_day_before(world: World, ready: Ready, declare: Declare) -> None:
    [part] = promised(ready(MUG))
    [free] = ready(MUG)
    disruption = declare(effect="redate", delay_days=3)
    carry_out()
    turn(0)
    meet_disruptions({order_of(part): world.tilleul.pk, order_of(free): world.tilleul.pk})
    change = OrderChange.objects.get()
    assert Order.objects.get(pk=order_of(part)).promised_on == date(2026, 12, 21)
    assert (change.before, change.after) == ({"promised_on": "2026-12-18"}, {"promised_on": "2026-12-21"})
    assert Order.objects.get(pk=order_of(free)).promised_on is None
    assert (Hold.objects.count(), FulfillmentOrder.objects.filter(held=True).count()) == (0, 0)
    end_disruptions([disruption.pk], actor=CHEN)
    carry_out()
    assert Order.objects.get(pk=order_of(part)).promised_on == date(2026, 12, 21)


def test_two_disruptions_each_move_a_promise(ready: Ready, declare: Declare) -> None:
    [part] = promised(ready(MUG))
    declare(effect="redate", delay_days=3)
    declare("lane", "", countries=["FR"], effect="redate", delay_days=4)
    assert Order.objects.get(pk=order_of(part)).promised_on == date(2026, 12, 25)


def test_a_label_is_bought_of_a_carrier_that_is_only_slow(packed: Packed, declare: Declare) -> None:
    [part] = packed(MUG)
    declare("carrier", "laposte", effect="redate", delay_days=2)
    assert len(request_shipments([part])) == 1


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("fr", ("doit attendre", "Incendie", "jusqu’au")),
        ("en", ("has to wait", "Fire", "until")),
        ("de", ("doit attendre", "Incendie", "jusqu’au")),
    ],
)
def test_a_customer_is_told_once_why_and_until_when(
    ready: Ready, declare: Declare, language: str, says: tuple[str, ...]
) -> None:
    [part] = ready(MUG, language=language)
    declare(ends_on=day(3))
    all_told()
    message = Message.objects.get()
    assert (message.kind, message.order_id, message.to) == ("disrupted", order_of(part), "camille@example.com")
    assert all(words in message.subject + message.text for words in says), message.text
    assert "&#" not in message.text
    assert ".." not in message.text


def test_a_moved_promise_is_told_with_its_new_day_and_nothing_twice(ready: Ready, declare: Declare) -> None:
    promised(ready(MUG, language="en"))
    declare(effect="redate", delay_days=3)
    all_told()
    message = Message.objects.get()
    assert (message.kind, "21 Dec" in message.subject, "Fire" in message.text) == ("disrupted", True, True)


def test_nobody_is_told_of_a_quiet_disruption_nor_of_history(ready: Ready, declare: Declare) -> None:
    [part] = promised(ready(MUG))
    declare(tells=False)
    declare("lane", "", countries=["FR"], effect="redate", delay_days=4, tells=False)
    all_told()
    assert not Message.objects.exists()
    Order.objects.filter(pk=order_of(part)).update(quiet=True)
    tell_disrupted([OrderDisrupted.read(event) for event in told("OrderDisrupted")])
    assert not Message.objects.exists()


def test_what_is_foreseen_of_a_later_day_are_the_orders_with_a_promise(
    world: World, ready: Ready, declare: Declare
) -> None:
    promised(ready(MUG))
    ready(MUG)
    party = {"merchant_id": world.tilleul.pk, "operator_id": None}
    days = {"starts_on": day(0), "ends_on": None}
    wanted = disrupted(
        kind="node", what="LYON", effect="redate", delay_days=2, cause={"fr": "Incendie"}, **days, **party
    )
    assert foresee(wanted, **party).orders == 1
    declare(effect="redate", delay_days=2)
    assert OrderChange.objects.count() == 1
