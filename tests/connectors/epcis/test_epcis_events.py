"""Every movement is an EPCIS event: valid, the same for ever, found by what is asked for."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pyepc import SGTIN
from tests.books import find, move, spot_of, virtual
from tests.cast import World
from tests.connectors.epcis.conftest import Program
from tests.connectors.epcis.test_epcis_schema import WITNESS
from tests.desk.test_recall import Stocked, empty
from tests.shipping.conftest import Packed
from tests.shipping.test_one_parcel import Pair, orders, pack, pair

from colisage.carriers.models import Carrier
from colisage.catalog.models import Barcode, Numbering
from colisage.connectors.epcis.identities import Namer
from colisage.connectors.epcis.json_schema import faults
from colisage.connectors.epcis.mapping import movement_in
from colisage.connectors.epcis.vocabulary import CONDITIONS, REASONS
from colisage.inventory.actions.post_movements import Spot, post_movements
from colisage.inventory.models import LicensePlate, Lot, StockMovement
from colisage.inventory.queries import REASONS as KNOWN_REASONS
from colisage.inventory.queries.wording import CONDITIONS as KNOWN_CONDITIONS
from colisage.kit.actors import SYSTEM, Actor
from colisage.network.models import Node
from colisage.network.queries import place_of
from colisage.shipping.actions.buy_labels import buy_labels
from colisage.shipping.actions.hand_over import hand_over
from colisage.shipping.actions.request_shipments import request_shipments

__all__ = ["pair"]
GTIN = "4006381333931"  # of a prefix whose length GS1's list tells


def shipped(world: World, stocked: Stocked, labelled: Packed, laposte: Carrier, chen: Actor) -> Lot:
    """Receive a lot, and send some of it to a customer."""
    Barcode.objects.filter(sku=world.sku("MUG")).delete()
    Barcode.objects.create(merchant=world.tilleul, sku=world.sku("MUG"), code=GTIN)
    empty(world, "MUG", chen)
    lot = stocked("MUG", "L-1", 9)
    labelled((("MUG", 2),))
    hand_over(world.nord.pk, node_id=world.lyon.pk, carrier_id=laposte.pk, actor=chen)
    return lot


@pytest.fixture
def sent(balanced: World, stocked: Stocked, labelled: Packed, laposte: Carrier, chen: Actor) -> Lot:
    return shipped(balanced, stocked, labelled, laposte, chen)


def test_every_reason_and_condition_has_a_meaning() -> None:
    assert set(KNOWN_REASONS) == set(REASONS)
    assert set(KNOWN_CONDITIONS) == set(CONDITIONS)


def test_the_life_of_a_lot_is_read_as_events(balanced: World, sent: Lot, program: Program) -> None:
    found = program.events(MATCH_anyEPCClass=f"https://id.gs1.org/01/0{GTIN}/10/L-1")
    assert [(e["type"], e["action"], e["bizStep"], e["disposition"]) for e in found] == [
        ("ObjectEvent", "OBSERVE", "receiving", "in_progress"),
        ("ObjectEvent", "OBSERVE", "storing", "sellable_not_accessible"),
        ("ObjectEvent", "OBSERVE", "picking", "in_progress"),
        ("AggregationEvent", "ADD", "packing", "in_progress"),
        ("ObjectEvent", "OBSERVE", "shipping", "in_transit"),
    ]
    received, _stored, _picked, packed, left = found
    name = received["quantityList"][0]["epcClass"]
    assert name == "urn:epc:class:lgtin:4006381.033393.L-1"
    assert received["quantityList"] == [{"epcClass": name, "quantity": 9}]
    assert {b["type"] for b in received["bizTransactionList"]} == {"po", "recadv"}
    assert received["readPoint"]["id"].endswith(f"/id/tilleul/node/{balanced.lyon.pk}/place/DOCK")
    assert "/id/tilleul/parcel/CL-" in packed["parentID"]
    assert packed["childQuantityList"] == [{"epcClass": name, "quantity": 2}]
    assert "bizLocation" not in left
    assert "/order/" in left["bizTransactionList"][0]["bizTransaction"]
    assert {e["eventTimeZoneOffset"] for e in found} <= {"+01:00", "+02:00"}
    assert all(e["eventTime"].endswith("Z") for e in found)


def test_what_happens_to_a_parcel_of_two_orders_names_both_and_what_is_picked_its_own(
    balanced: World, pair: Pair, laposte: Carrier, program: Program
) -> None:
    one, two = pair()
    pack(balanced, two)
    buy_labels(request_shipments([one]))
    hand_over(balanced.nord.pk, node_id=balanced.lyon.pk, carrier_id=laposte.pk, actor=SYSTEM)
    both = [order.number for order in orders(one, two)]
    told: dict[str, list[list[str]]] = {}
    for event in program.events():
        named = [unquote(b["bizTransaction"].rpartition("/")[2]) for b in event.get("bizTransactionList", ())]
        told.setdefault(event["bizStep"], []).append(named)
    assert told["packing"] == told["shipping"] == [both, both]  # a mug and two cards, each a movement
    assert sorted(told["picking"]) == [[number] for number in sorted(both)]


def test_the_answer_is_valid_and_the_same_each_time(balanced: World, sent: Lot, program: Program) -> None:
    first, second = program.get().json(), program.get().json()
    assert faults(first) == []
    assert WITNESS.is_valid(first)
    assert first["type"] == "EPCISQueryDocument"
    assert first["epcisBody"] == second["epcisBody"]


def test_a_movement_of_every_reason_makes_a_valid_event(balanced: World, program: Program) -> None:
    world, sku = balanced, balanced.sku("CARTE")
    serial = Lot.objects.create(merchant=world.tilleul, sku=sku, code="S 1/é", is_serial=True)
    lot = Lot.objects.create(merchant=world.tilleul, sku=sku, code="L" * 80)
    plate = LicensePlate.objects.create(merchant=world.tilleul, code="340000000000000017")
    dock, bin_ = place_of(world.lyon.pk, kind="dock").pk, world.bins()[0].pk
    for reason in REASONS:
        for where in ({}, {"lot_id": serial.pk}, {"lot_id": lot.pk}):
            there = Spot(place_id=bin_, plate_id=plate.pk, **where)
            coming, going = Spot(place_id=virtual("found").place_id, **where), virtual("loss")
            moves = [
                move(sku, 1, source=coming, target=Spot(place_id=dock, **where), reason=reason),
                move(sku, 1, source=Spot(place_id=dock, **where), target=there, reason=reason),
                move(sku, 1, source=there, target=Spot(place_id=going.place_id, **where), reason=reason),
            ]
            for one in moves:
                post_movements([one], actor=SYSTEM)
    document = program.get(perPage=1000).json()
    assert faults(document) == []
    assert WITNESS.is_valid(document)
    events = document["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
    assert len(events) == StockMovement.objects.filter(merchant=world.tilleul).count()
    assert len({e["eventID"] for e in events}) == len(events)
    assert {e["type"] for e in events} == {"ObjectEvent", "AggregationEvent", "TransformationEvent"}


def test_movements_for_reasons_of_ones_own_are_found_by_type_and_step(balanced: World, program: Program) -> None:
    sku, shelf = balanced.sku("CARTE"), Spot(place_id=balanced.bins()[0].pk)
    for reason in ("own_photo", "plate_loaded"):  # no plate is there: the event can only be an observation
        post_movements([move(sku, 1, source=virtual("found"), target=shelf, reason=reason)], actor=SYSTEM)
    other, loaded = program.events(perPage="1000")[-2:]
    assert (other["type"], other["bizStep"], loaded["type"], loaded["bizStep"]) == (
        "ObjectEvent", "other", "ObjectEvent", "packing",
    )  # fmt: skip
    assert program.events(EQ_bizStep="other") == [other]
    assert program.events(EQ_bizStep="packing", eventType="ObjectEvent") == [loaded]
    observed = program.everything(eventType="ObjectEvent", EQ_action="OBSERVE")
    assert [other, loaded] == observed[-2:]
    assert program.events(EQ_bizStep="other", eventType="AggregationEvent") == []


def test_the_company_prefix_that_a_merchant_told_is_used(balanced: World, program: Program) -> None:
    Barcode.objects.filter(sku=balanced.sku("MUG")).update(code="9999999999994")  # GS1's list does not tell its prefix
    post_movements(
        [move(balanced.sku("MUG"), 1, source=virtual("found"), target=Spot(place_id=balanced.bins()[0].pk))],
        actor=SYSTEM,
    )
    assert program.events(perPage="1000")[-1]["quantityList"][0]["epcClass"] == "https://id.gs1.org/01/09999999999994"
    Numbering.objects.create(merchant=balanced.tilleul, company_prefix="9999999")
    assert program.events(perPage="1000")[-1]["quantityList"][0]["epcClass"] == "urn:epc:idpat:sgtin:9999999.099999.*"


def test_a_serial_is_one_thing_and_a_lot_many(balanced: World, program: Program) -> None:
    sku = balanced.sku("LAMPE")
    Barcode.objects.filter(sku=sku).update(code=GTIN)
    serial = Lot.objects.create(merchant=balanced.tilleul, sku=sku, code="A1", is_serial=True)
    spot = Spot(place_id=balanced.bins()[0].pk, lot_id=serial.pk)
    source = Spot(place_id=virtual("supplier").place_id, lot_id=serial.pk)
    post_movements([move(sku, 1, source=source, target=spot, reason="receipt")], actor=SYSTEM)
    [event] = program.events(MATCH_epc="urn:epc:id:sgtin:4006381.033393.A1")
    assert event["epcList"] == ["urn:epc:id:sgtin:4006381.033393.A1"]
    assert "quantityList" not in event
    assert SGTIN.from_sgtin(f"0{GTIN}", "A1", 7).pure_identity_uri == event["epcList"][0]
    assert program.events(MATCH_epc="urn:epc:idpat:sgtin:4006381.033393.*") == [event]
    assert program.events(MATCH_epcClass="urn:epc:id:sgtin:4006381.033393.A1") == []
    assert program.events(MATCH_epc="urn:epc:id:sgtin:0614141.107346.2017") == []


def test_an_event_is_found_again_by_its_id(balanced: World, sent: Lot, program: Program, stranger: Program) -> None:
    for event in program.events(perPage=3):
        answer = program.get(f"events/{event['eventID']}")
        assert {k: v for k, v in answer.json().items() if k != "@context"} == event
        assert faults(answer.json()) == []
        assert program.events(EQ_eventID=event["eventID"]) == [event]
        assert stranger.get(f"events/{event['eventID']}").status_code == 404
        wrong = event["eventID"][:-20] + "0" + event["eventID"][-19:]
        assert wrong == event["eventID"] or program.get(f"events/{wrong}").status_code == 404
    for odd in ("x", "urn:uuid:x", "urn:uuid:00000000-0000-8000-8000-ffffffffffff", "a" * 600):
        assert program.get(f"events/{odd}").status_code == 404
    assert movement_in("urn:uuid:3f2504e0-4f89-41d3-9a0c-0305e82c3301") is None


def test_pages_hold_every_event_once(balanced: World, sent: Lot, program: Program) -> None:
    everything = program.events(perPage=1000)
    assert len(everything) > 10
    assert program.everything(perPage=3) == everything
    assert program.everything(perPage=1, EQ_bizStep="shipping|packing") == [
        e for e in everything if e["bizStep"] in {"shipping", "packing"}
    ]


def test_what_is_asked_for_narrows(balanced: World, sent: Lot, program: Program) -> None:
    everything = program.events(perPage=1000)

    def expect(test: Any, **query: Any) -> None:
        found = program.everything(**query)
        assert found == [e for e in everything if test(e)]
        assert found

    expect(lambda e: e["type"] == "AggregationEvent", eventType="AggregationEvent")
    expect(lambda e: e["action"] == "ADD", EQ_action="ADD")
    expect(lambda e: e["bizStep"] == "storing", EQ_bizStep="https://ref.gs1.org/cbv/BizStep-storing")
    expect(lambda e: e["disposition"] == "in_transit", EQ_disposition="in_transit|stolen")
    place = next(e["readPoint"]["id"] for e in everything if e["bizStep"] == "storing")
    expect(lambda e: e.get("readPoint", {}).get("id") == place, EQ_readPoint=place)
    house = next(e["bizLocation"]["id"] for e in everything if "bizLocation" in e)
    expect(lambda e: e.get("bizLocation", {}).get("id") == house, EQ_bizLocation=house)
    parent = next(e["parentID"] for e in everything if "parentID" in e)
    expect(lambda e: e.get("parentID") == parent, MATCH_parentID=parent)
    middle = everything[-1]["eventTime"]
    expect(lambda e: e["eventTime"] >= middle, GE_eventTime=middle)
    expect(lambda e: e["eventTime"] < middle, LT_eventTime=middle)
    later = everything[-1]["recordTime"]
    expect(lambda e: e["recordTime"] < later, LT_recordTime=later.replace("Z", "+00:00"))
    assert program.events(GE_recordTime=(timezone.now() + timedelta(days=1)).isoformat()) == []
    assert program.events(EQ_readPoint="urn:epc:id:sgln:0614141.07346.1234") == []
    assert program.events(EQ_bizStep="retail_selling") == []


@pytest.mark.parametrize("query", [
    {"colour": "blue"}, {"GE_eventTime": "yesterday"}, {"GE_eventTime": "2026-11-28"}, {"perPage": "0"},
    {"perPage": "-1"}, {"perPage": "9" * 30}, {"perPage": "x"}, {"nextPageToken": "x"}, {"nextPageToken": "é" * 9},
    {"EQ_bizStep": ""}, {"EQ_bizStep": "|".join("abcdefgh" for _ in range(101))}, {"MATCH_epc": "a\x00b"},
    {"MATCH_epc": "a" * 501}, {"perPage": ["1", "2"]}, {"GE_eventTime": "2026-02-30T00:00:00Z"},
])  # fmt: skip
def test_a_query_that_cannot_be_understood_is_refused(world: World, program: Program, query: dict[str, Any]) -> None:
    answer = program.get(**query)
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "query_parameter"


def test_strange_names_find_nothing_and_break_nothing(balanced: World, sent: Lot, program: Program) -> None:
    own = program.events()[0]["readPoint"]["id"].split("/node/")[0]
    for odd in (
        f"{own}/sku/", f"{own}/sku/MUG/lot/%00", f"{own}/parcel/CL-999999999999999999-1", f"{own}/plate/x",
        f"{own}/node/1",        "urn:epc:id:sgtin:0614141.107346", "urn:epc:id:sscc:0614141.1234567890", "https://id.gs1.org/01/00000000000000",
        "https://[", "x", "urn:x:" + "9" * 400,
    ):  # fmt: skip
        for name in ("MATCH_epc", "MATCH_anyEPC", "MATCH_anyEPCClass", "MATCH_parentID", "EQ_readPoint", "EQ_eventID"):
            assert program.events(**{name: odd}) == [], (name, odd)


def test_another_merchants_key_reads_none_of_it(
    balanced: World, sent: Lot, program: Program, stranger: Program
) -> None:
    assert {e["bizStep"] for e in stranger.everything()} == {"stock_taking"}
    name = f"https://id.gs1.org/01/0{GTIN}/10/L-1"
    assert program.events(MATCH_anyEPCClass=name)
    assert stranger.events(MATCH_anyEPCClass=name) == []
    assert Program("nobody").get().status_code == 401


def test_a_long_page_is_read_in_as_many_statements_as_a_short_one(balanced: World, sent: Lot, program: Program) -> None:
    counts = []
    for size in (2, 9):
        with CaptureQueriesContext(connection) as queries:
            assert len(program.events(perPage=size)) == size
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_names_lead_back_to_what_they_name() -> None:
    namer = Namer("https://shop.example", "tilleul")
    for gtin in ("", GTIN, "2000000000015", "96385074", "12345"):
        for lot, serial in (("", False), ("L 1/é?", False), ("L-1", False), ("42", True)):
            read = namer.read(namer.goods("MUG/BLEU #1", gtin=gtin, lot=lot, serial=serial))
            assert (read.gtin or read.sku).strip("0") in {"MUG/BLEU #1", GTIN, "96385074"}
            assert (read.serial if serial else read.lot) == lot
    assert namer.read(namer.parcel(17, 2)).number == (17, 2)
    assert namer.read(namer.unit("340000000000000017")).code == "340000000000000017"
    assert namer.read(namer.unit("P-1")).code == "P-1"
    assert namer.place(namer.node(3, "A-01/1")) == (3, "A-01/1")
    assert Namer("https://other.example", "tilleul").read(namer.goods("MUG")).kind == ""


def test_the_offset_is_that_of_the_place(balanced: World, program: Program) -> None:
    summer = datetime(2026, 7, 1, 12, tzinfo=UTC)
    spot = Spot(place_id=balanced.bins(balanced.montreal)[0].pk)
    post_movements(
        [move(balanced.sku("MUG"), 1, source=virtual("found"), target=spot, reason="found", occurred_at=summer)],
        actor=SYSTEM,
    )
    [event] = program.events(LT_eventTime="2026-07-02T00:00:00Z", GE_eventTime="2026-07-01T00:00:00Z")
    assert (event["eventTime"], event["eventTimeZoneOffset"]) == ("2026-07-01T12:00:00.000000Z", "-04:00")


@pytest.mark.parametrize(
    ("gln", "name"), [("3012345000000", "urn:epc:id:sgln:"), ("", "http"), ("2412345678907", "https://id.gs1.org/414/")]
)
def test_places_are_named_by_the_gln_of_their_node_and_read_back(gln: str, name: str) -> None:
    namer = Namer("https://shop.example", "tilleul", glns={3: gln} if gln else {})
    plain = Namer("https://shop.example", "tilleul")
    for place in ("", "A-01-1", "DOCK"):
        assert namer.node(3, place).startswith(name)
        assert namer.place(namer.node(3, place)) == (3, place)
        assert namer.today(plain.node(3, place)) == namer.node(3, place)
    for place in ("0", "Allée/2 bis", "x" * 21):  # no extension of GS1, or one that means none
        assert namer.node(3, place) == plain.node(3, place)
        assert namer.place(namer.node(3, place)) == (3, place)
    for foreign in ("urn:epc:id:sgln:0614141.12345.400", "urn:epc:id:sgln:x", "https://id.gs1.org/414/0614141123452"):
        assert namer.place(foreign) is None
        assert namer.today(foreign) == foreign


@pytest.mark.django_db
def test_events_at_a_node_with_a_gln_are_found_by_it_and_by_the_old_address(balanced: World, program: Program) -> None:
    find(balanced.sku("MUG"), 3, at=spot_of(balanced.bins()[0]))
    before = program.everything()
    old = before[-1]["bizLocation"]["id"]
    Node.objects.filter(pk=balanced.lyon.pk).update(gln="3012345000000")
    after = program.everything()
    assert [event["eventID"] for event in after] == [event["eventID"] for event in before]
    new = after[-1]["bizLocation"]["id"]
    assert new.startswith("urn:epc:id:sgln:")
    assert new.endswith(".0")
    assert after[-1]["readPoint"]["id"].startswith(new[:-1])
    by_name = [program.everything(EQ_bizLocation=name) for name in (old, new)]
    assert by_name[0] == by_name[1] != []
    assert {event["bizLocation"]["id"] for event in by_name[0]} == {new}
    assert faults(program.get(perPage=1000).json()) == []
