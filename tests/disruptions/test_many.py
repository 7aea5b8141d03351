"""A disruption that touches hundreds of orders asks the database as often as one that touches a few."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from colisage.disruptions.problem import disrupted
from colisage.disruptions.queries.foreseen import foresee
from colisage.disruptions.tasks import change, free, touch
from colisage.inbound.events import IncomingChanged
from colisage.inbound.models import PurchaseLine, PurchaseOrder, Supplier
from colisage.network.actions.change_disruption import change_disruption
from colisage.network.actions.declare_disruption import declare_disruption
from colisage.network.actions.end_disruptions import end_disruptions
from colisage.notices.actions.tell_disrupted import tell_disrupted
from colisage.notices.actions.tell_resumed import tell_resumed
from colisage.notices.models import Message
from colisage.orders.actions.date_backorders import date_backorders
from colisage.orders.events import OrderDisrupted, OrderFreed, OrderHeld, OrderResumed
from colisage.orders.models import FulfillmentOrder, Hold, Order
from colisage.shipping.actions.request_labels import request_labels
from colisage.shipping.actions.void_stopped import void_stopped
from tests.books import told
from tests.cast import World, day, fill
from tests.disruptions.conftest import CHEN
from tests.picking.conftest import Ready
from tests.shipping.conftest import Packed

pytestmark = pytest.mark.usefixtures("balanced")
FEW, MANY = 5, 300


def told_of(kind: str, disruption: int) -> list[dict[str, Any]]:
    return [event for event in told(kind) if event.get("disruption_id") == disruption]


def life_of(world: World, **facts: Any) -> dict[str, int]:
    """Declare a disruption, change it and end it; give how often the database was asked, step by step."""
    party = {"merchant_id": world.tilleul.pk, "operator_id": None}
    cause = {"fr": "Incendie", "en": "Fire"}
    wanted = disrupted(**party, starts_on=day(0), ends_on=day(9), cause=cause, **facts)
    asked: dict[str, int] = {}

    def count(step: str, *doings: Any) -> Any:
        with CaptureQueriesContext(connection) as seen:
            answers = [doing() for doing in doings]
        asked[step] = len([one for one in seen if "notify" not in one["sql"].lower()])
        return answers[0]

    count("foresee", lambda: foresee(wanted, **party))
    pk = count("declare", lambda: declare_disruption(wanted, **party, actor=CHEN))
    count("touch", lambda: touch(pk, world.tilleul.pk))
    begun = [OrderDisrupted.read(event) for event in told_of("OrderDisrupted", pk)]
    held = [OrderHeld(merchant_id=e.merchant_id, order_id=e.order_id, kind="disruption") for e in begun]
    count("tell", lambda: tell_disrupted(begun), lambda: void_stopped(held))
    count("change", lambda: change_disruption(pk, ends_on=day(5), cause=cause, actor=CHEN))
    count("changed", lambda: change(pk, world.tilleul.pk))
    count("end", lambda: end_disruptions([pk], actor=CHEN))
    count("free", lambda: free(pk, world.tilleul.pk))
    over = [OrderResumed.read(event) for event in told_of("OrderResumed", pk)]
    freed = [OrderFreed(merchant_id=e.merchant_id, order_id=e.order_id) for e in over]
    incoming = [IncomingChanged.read(event) for event in told_of("IncomingChanged", pk)]
    count("dates", lambda: date_backorders(incoming))
    count("tell the end", lambda: tell_resumed(over), lambda: request_labels(freed))
    return asked


@pytest.mark.parametrize(
    "facts",
    [
        {"kind": "node", "what": "LYON", "effect": "hold"},
        {"kind": "node", "what": "LYON", "effect": "redate", "delay_days": 3},
        {"kind": "node", "what": "LYON", "effect": "reroute"},
        {"kind": "lane", "effect": "hold", "countries": ["FR"], "prefixes": ["75"]},
    ],
)
def test_what_is_to_be_sent_in_as_many_statements_for_many_as_for_few(
    world: World, ready: Ready, facts: dict[str, Any]
) -> None:
    fill(world, world.lyon, {"CARTE": world.sku("CARTE")}, MANY + FEW)
    asked = []
    for orders in (FEW, MANY):
        ready(*[(("CARTE", 1),)] * orders)
        Order.objects.update(promised_on=day(2))
        asked.append(life_of(world, **facts))
    assert asked[0] == asked[1]
    told_to = Message.objects.values_list("kind", flat=True)
    assert sorted(told_to) == ["disrupted"] * (MANY + 2 * FEW) + ["resumed"] * (MANY + 2 * FEW)
    assert not FulfillmentOrder.objects.filter(held=True).exists()


def test_what_waits_for_a_supplier_in_as_many_statements_for_many_as_for_few(world: World, ready: Ready) -> None:
    ready((("MUG", 20),))
    supplier = Supplier.objects.create(merchant=world.tilleul, code="POTIER", name="Atelier du Potier")
    asked = []
    for orders in (FEW, MANY):
        PurchaseOrder.objects.bulk_create(
            PurchaseOrder(
                merchant=world.tilleul, supplier=supplier, node=world.lyon, number=f"{orders}-{n}", expected_on=day(4)
            )
            for n in range(orders)
        )
        made = PurchaseOrder.objects.filter(number__startswith=f"{orders}-")
        PurchaseLine.objects.bulk_create(
            PurchaseLine(merchant=world.tilleul, purchase_order=one, sku=world.sku("MUG"), ordered=1) for one in made
        )
        ready(*[(("MUG", 1),)] * orders)
        asked.append(life_of(world, kind="supplier", what="POTIER", effect="hold"))
    assert asked[0] == asked[1]
    assert PurchaseOrder.objects.filter(expected_on=day(4)).count() == MANY + FEW
    assert Hold.objects.filter(released_at=None).count() == 0


@pytest.mark.parametrize("effect", ["hold", "reroute"])
def test_what_has_a_label_in_as_many_statements_for_many_as_for_few(
    world: World, labelled: Packed, effect: str
) -> None:
    asked = []
    for orders in (1, 2, 12):
        labelled(*[(("CARTE", 1),)] * orders)
        asked.append(life_of(world, kind="carrier", what="laposte", effect=effect))
    assert asked[1] == asked[2]  # the first had no label that was only wanted
    assert Hold.objects.count() == 1 + 3 + 15
