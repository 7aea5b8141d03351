"""Every effect of a rule, felt where it acts: at the node, in the wave, in the box, on the slip, at the label."""

import json
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from colisage.automation.actions.carry_out import _DOES
from colisage.automation.rules.effects import EFFECTS
from colisage.automation.rules.shape import faults_of
from colisage.boxing.models import BoxType
from colisage.carriers.actions.save_rate_card import CardRow, ZoneRow, save_rate_card
from colisage.carriers.models import Carrier
from colisage.desk.queries.told import order_told
from colisage.kit.actors import SYSTEM
from colisage.kit.outbox import drain
from colisage.notices.actions.save_endpoint import save_endpoint
from colisage.notices.models import Message, WebhookCall
from colisage.orders.models import FulfillmentOrder, Hold, Instruction, Order
from colisage.orders.queries import parts_to_pick
from colisage.orders.queries.instructions import counting_instructions
from colisage.packing.actions.make_parcels import make_parcels
from colisage.packing.actions.seal_all import seal_all
from colisage.packing.models import Parcel
from colisage.packing.queries import slip_pdf
from colisage.picking.actions.pick_all import pick_all
from colisage.picking.actions.release_wave import release_wave
from colisage.picking.models import PickBatch
from colisage.shipping.actions.request_shipments import request_shipments
from tests.automation.conftest import MakeRule, Place
from tests.automation.test_rules import judged
from tests.cast import World, fill
from tests.packing.conftest import boxes  # noqa: F401 -- a fixture
from tests.packing.test_slips import pages
from tests.shipping.conftest import laposte, shipment  # noqa: F401 -- a fixture

GIFT = ("gift_note", "yes", None)


def part(order: int) -> FulfillmentOrder:
    return FulfillmentOrder.objects.get(order=order)


def test_every_effect_that_is_offered_is_carried_out() -> None:
    assert set(EFFECTS) == set(_DOES)


@pytest.mark.django_db
def test_an_order_is_sent_from_the_node_asked_for_when_it_has_everything(
    world: World, make_rule: MakeRule, place: Place
) -> None:
    fill(world, world.montreal, {"MUG": world.sku("MUG")}, 5)
    make_rule(GIFT, does=[{"does": "node", "node": "MTL"}])
    gift, too_many, other = place(gift_note="x"), place(("MUG", 1), ("CARTE", 1), gift_note="x"), place()
    judged(world, gift, too_many, other)
    assert [part(pk).node.code for pk in (gift, too_many, other)] == ["MTL", "LYON", "LYON"]


@pytest.mark.django_db
def test_what_has_priority_is_picked_first_also_when_its_part_is_there(
    world: World, make_rule: MakeRule, place: Place
) -> None:
    make_rule(GIFT, does=[{"does": "priority", "level": "10"}])
    make_rule(("customer_note", "yes", None), moments=["sourced"], does=[{"does": "priority", "level": "20"}])
    first, gift, noted = place(), place(gift_note="x"), place(customer_note="x")
    judged(world, first, gift, noted)
    assert [row.order_id for row in parts_to_pick(world.lyon.pk)] == [noted, gift, first]


@pytest.mark.django_db
def test_box_slip_and_service_are_those_that_were_asked_for(
    world: World,
    make_rule: MakeRule,
    place: Place,
    boxes: dict[str, BoxType],  # noqa: F811
    laposte: Carrier,  # noqa: F811
) -> None:
    save_rate_card(
        CardRow(
            carrier_code="laposte", carrier_name=laposte.name, service_code="signed", service_name="Contre signature",
            from_country="FR", currency="EUR", valid_from=date(2026, 1, 1), source="test",
            zones=[ZoneRow(code="FR", countries=("FR",), breaks=((30_000, 9_900, 2, 3),))],
        )
    )  # fmt: skip
    words = "Glisser l’échantillon de savon.\nMerci !"
    make_rule(
        GIFT,
        does=[
            {"does": "packaging", "packaging": "C3"}, {"does": "slip", "text": words},
            {"does": "service", "service": "signed"},
        ],
    )  # fmt: skip
    gift, other = place(gift_note="x"), place()
    huge = place(("TAPIS", 1), gift_note="x")  # goes into no C3: packed as ever
    judged(world, gift, other, huge)
    ids = [part(pk).pk for pk in (gift, other, huge)]
    release_wave(world.nord.pk, node_id=world.lyon.pk, fulfillment_order_ids=ids, actor=SYSTEM)
    pick_all(world.nord.pk, batch_ids=list(PickBatch.objects.values_list("pk", flat=True)), actor=SYSTEM)
    make_parcels(ids)
    used = dict(Parcel.objects.values_list("fulfillment_order_id", "box_type__code"))
    assert [used[pk] for pk in ids] == ["C3", "C1", "L1"]
    [page] = pages(slip_pdf([world.tilleul.pk], parcel_ids=[Parcel.objects.get(fulfillment_order=ids[0]).pk]))
    assert "Glisser l’échantillon de savon." in page
    [page] = pages(slip_pdf([world.tilleul.pk], parcel_ids=[Parcel.objects.get(fulfillment_order=ids[1]).pk]))
    assert "Glisser" not in page
    seal_all([world.tilleul.pk], fulfillment_order_ids=ids, actor=SYSTEM)
    request_shipments(ids)
    chosen = [service.code if (service := shipment(pk).service) else "" for pk in ids]
    assert chosen[0] == "signed"
    assert chosen[1] != chosen[0]
    assert shipment(ids[0]).why["reason"] == "asked"


@pytest.mark.django_db
def test_of_two_rules_that_name_a_service_the_timeline_says_which_counts(
    world: World,
    make_rule: MakeRule,
    place: Place,
    enter: Any,
    laposte: Carrier,  # noqa: F811
) -> None:
    make_rule(GIFT, name="Gifts", does=[{"does": "service", "service": "colissimo-domicile"}])
    make_rule(GIFT, name="Again", does=[{"does": "service", "service": "colissimo-domicile"}])
    make_rule(name="All", does=[{"does": "service", "service": "colissimo-point-retrait"}])
    gift, other = place(gift_note="x"), place()
    judged(world, gift, other)
    assert counting_instructions([gift, other], kind="service") == {
        gift: "colissimo-domicile",
        other: "colissimo-point-retrait",
    }
    desk = enter(world.chen)
    page = desk.get(reverse("order", args=[gift])).content.decode()
    first, yielded = "this counts, being asked for first", "does not count: rule “Gifts” asked first"
    told = {name: page.split(f"Rule “{name}”")[1].split("</li>")[0] for name in ("Gifts", "Again", "All")}
    assert {name: (first in text, yielded in text) for name, text in told.items()} == {
        "Gifts": (True, False), "Again": (True, False), "All": (False, True),
    }  # fmt: skip
    said = {event.by + event.detail for event in order_told(Order.objects.get(pk=gift), customers=False).timeline}
    assert f"ruleAll asked for: colissimo-point-retrait ({yielded})" in said
    alone = desk.get(reverse("order", args=[other])).content.decode()
    assert "Rule “All”" in alone
    assert "count" not in alone.split("Rule “All”")[1].split("</li>")[0]


@pytest.mark.django_db
def test_of_two_priorities_the_higher_counts_whichever_came_first(
    world: World, make_rule: MakeRule, place: Place, enter: Any
) -> None:
    make_rule(GIFT, name="Sooner", does=[{"does": "priority", "level": "10"}])
    make_rule(GIFT, name="Now", does=[{"does": "priority", "level": "20"}])
    gift = place(gift_note="x")
    judged(world, gift)
    assert part(gift).priority == 20
    page = enter(world.chen).get(reverse("order", args=[gift])).content.decode()
    assert "rule “Now” asked for a higher one" in page.split("Rule “Sooner”")[1].split("</li>")[0]
    assert "this counts, being the highest" in page.split("Rule “Now”")[1].split("</li>")[0]


@pytest.mark.django_db(transaction=True)
def test_people_and_programs_hear_of_it_once(world: World, make_rule: MakeRule, place: Place, settings: Any) -> None:
    endpoint, _secret = save_endpoint(
        world.tilleul.pk, url="https://shop.example/hooks", events=["rule.called"], actor=SYSTEM
    )
    make_rule(GIFT, name="Gifts", does=[{"does": "mail", "text": "Look at this gift"}, {"does": "call"}])
    gift, _other = place(gift_note="x"), place()
    drain()
    message = Message.objects.get(kind="rule")
    assert (message.order_id, message.to) == (gift, "bonjour@tilleul.example")
    assert "Gifts" in message.subject
    assert "Look at this gift" in message.text
    body = json.loads(WebhookCall.objects.get(endpoint=endpoint).body)
    assert (body["type"], body["data"]["order_id"], body["data"]["rule"]) == ("rule.called", gift, "Gifts")
    judged(world, gift)
    drain()
    assert Message.objects.filter(kind="rule").count() == WebhookCall.objects.count() == 1
    assert not Instruction.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_order_about_to_be_packed_is_still_stopped_before_its_label(
    world: World,
    make_rule: MakeRule,
    place: Place,
    boxes: dict[str, BoxType],  # noqa: F811
    laposte: Carrier,  # noqa: F811
) -> None:
    make_rule(GIFT, moments=["picked"], does=[{"does": "hold", "kind": "manual", "reason": "Wrap it first"}])
    gift, other = place(gift_note="x"), place()
    drain()
    ids = [part(pk).pk for pk in (gift, other)]
    release_wave(world.nord.pk, node_id=world.lyon.pk, fulfillment_order_ids=ids, actor=SYSTEM)
    assert not Hold.objects.exists()
    pick_all(world.nord.pk, batch_ids=list(PickBatch.objects.values_list("pk", flat=True)), actor=SYSTEM)
    drain()
    assert [hold.order_id for hold in Hold.objects.all()] == [gift]
    seal_all([world.tilleul.pk], fulfillment_order_ids=ids, actor=SYSTEM)
    drain()
    assert FulfillmentOrder.objects.get(pk=ids[0]).stage == "packed"
    assert FulfillmentOrder.objects.get(pk=ids[1]).stage in {"labelling", "labelled"}


@pytest.mark.parametrize(
    ("effect", "moment"),
    [
        ({"does": "node", "node": "LYON"}, "sourced"),
        ({"does": "packaging", "packaging": "C1"}, "picked"),
        ({"does": "priority", "level": "10"}, "picked"),
    ],
)
def test_an_effect_that_comes_too_late_is_said_when_the_rule_is_written(effect: dict[str, str], moment: str) -> None:
    known = {"node": ["LYON"], "packaging": ["C1"], "priority": ["10"]}
    raw = {"name": "x", "moments": ["accepted"], "mode": "all", "conditions": [], "effects": [effect]}
    assert list(faults_of(raw, known=known)) == []
    [fault] = faults_of({**raw, "moments": ["accepted", moment]}, known=known)
    assert fault.where == "e0"
