"""Events of partners: valid ones are kept as they came, each once; none moves stock."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.cast import World
from tests.connectors.epcis.conftest import Program
from tests.connectors.epcis.test_epcis_schema import DOCUMENT, EVENT, WITNESS, examples

from colisage.catalog.models import Barcode
from colisage.connectors.epcis.capture import MOST_BYTES, MOST_EVENTS
from colisage.connectors.epcis.json_schema import faults
from colisage.connectors.models import CapturedEvent, CapturedName, CaptureJob
from colisage.inventory.models import StockCell, StockMovement

OURS = "4006381333931"
NAMED = {**EVENT, "eventID": "urn:uuid:404d95fc-9457-4a51-bd6a-0bba133845a8"}


def document(*events: dict[str, Any]) -> dict[str, Any]:
    return {**DOCUMENT, "epcisBody": {"eventList": list(events)}}


@pytest.mark.shared
def test_every_example_of_gs1_is_captured_and_read_again(balanced: World, program: Program, shared: Path) -> None:
    found = examples(shared)
    for name, example in found:
        answer = program.capture(example, **{"GS1-Capture-Error-Behaviour": "proceed"})
        assert answer.status_code == 202, (name, answer.content)
        job = answer.json()
        assert {error["code"] for error in job["errors"]} <= {"event_said_differently"}, (name, job)
        assert program.client.get(answer.headers["Location"]).json() == job
        assert program.capture(example).json()["captured"] == 0
    assert CapturedEvent.objects.count() > 30
    everything = program.get(perPage=1000).json()
    assert faults(everything) == []
    assert WITNESS.is_valid(everything)
    events = everything["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
    assert (
        len(events) == CapturedEvent.objects.count() + StockMovement.objects.filter(merchant=balanced.tilleul).count()
    )
    assert {e["type"] for e in events} >= {"AssociationEvent", "TransactionEvent", "TransformationEvent"}


@pytest.mark.shared
def test_every_example_in_xml_is_refused_as_what_it_is(world: World, program: Program, shared: Path) -> None:
    files = list((shared / "fixtures" / "epcis").glob("*.xml"))
    assert len(files) > 15
    for file in files:
        for kind in ("application/xml", "text/xml"):
            answer = program.capture(file.read_bytes(), kind=kind)
            assert (answer.status_code, answer.json()["code"]) == (415, "only_json")
        assert program.capture(file.read_bytes()).json()["code"] == "not_json"
    assert not CapturedEvent.objects.exists()


def test_an_event_sent_twice_is_kept_once(balanced: World, program: Program) -> None:
    first, again = program.capture(document(NAMED)).json(), program.capture(document(NAMED)).json()
    assert (first["captured"], first["known"], first["success"]) == (1, 0, True)
    assert (again["captured"], again["known"], again["success"]) == (0, 1, True)
    twice = program.capture(document({**NAMED, "eventID": "urn:x:1"}, {**NAMED, "eventID": "urn:x:1"})).json()
    assert (twice["captured"], twice["known"]) == (1, 1)
    assert CapturedEvent.objects.count() == 2


def test_an_event_without_an_id_gets_one_from_what_it_says(balanced: World, program: Program) -> None:
    program.capture(document(EVENT))
    assert program.capture(document(dict(reversed(EVENT.items())))).json()["known"] == 1
    assert program.capture(document({**EVENT, "bizStep": "shipping"})).json()["captured"] == 1
    assert {e.event_id[:9] for e in CapturedEvent.objects.all()} == {"urn:uuid:"}


def test_an_event_that_says_something_else_than_before_is_refused(balanced: World, program: Program) -> None:
    program.capture(document(NAMED))
    other, new = {**NAMED, "bizStep": "shipping"}, {**NAMED, "eventID": "urn:x:2"}
    job = program.capture(document(other, new)).json()
    assert (job["success"], job["captured"]) == (False, 0)
    assert [(e["eventID"], e["code"]) for e in job["errors"]] == [(NAMED["eventID"], "event_said_differently")]
    job = program.capture(document(other, new), **{"GS1-Capture-Error-Behaviour": "proceed"}).json()
    assert (job["success"], job["captured"]) == (False, 1)
    assert program.get(f"events/{NAMED['eventID']}").json()["bizStep"] == "receiving"
    answer = program.capture({"@context": DOCUMENT["@context"], **other}, path="events")
    assert (answer.status_code, answer.json()["code"]) == (409, "event_said_differently")


def test_one_event_can_be_posted_by_itself(balanced: World, program: Program) -> None:
    answer = program.capture({"@context": DOCUMENT["@context"], **NAMED}, path="events")
    assert answer.status_code == 201
    assert program.client.get(answer.headers["Location"]).json()["epcList"] == NAMED["epcList"]
    assert program.capture(document(NAMED), path="events").status_code == 400


def test_an_event_posted_without_an_id_is_found_where_the_answer_says(balanced: World, program: Program) -> None:
    sent = {"@context": DOCUMENT["@context"], **EVENT, "bizStep": "shipping"}
    answer = program.capture(sent, path="events")
    assert (answer.status_code, answer.content) == (201, b"")
    assert program.client.get(answer.headers["Location"]).json()["bizStep"] == "shipping"


def test_the_examples_of_the_document_are_taken_in_as_it_says(balanced: World, program: Program) -> None:
    api = program.client.get("/api/v1/openapi.json").json()
    for path, status in (("capture", 202), ("events", 201)):
        said = api["paths"][f"/api/v1/epcis/{path}"]["post"]
        answer = program.capture(said["requestBody"]["content"]["application/json"]["example"], path=path)
        assert (answer.status_code, str(status) in said["responses"]) == (status, True), answer.content


def test_what_partners_say_about_our_goods_is_found_by_them_and_moves_nothing(
    balanced: World, program: Program, stranger: Program
) -> None:
    Barcode.objects.filter(sku=balanced.sku("MUG")).update(code=OURS)
    before = (StockMovement.objects.count(), sum(StockCell.objects.values_list("qty", flat=True)))
    ours = "urn:epc:class:lgtin:4006381.033393.L-7"
    told = {**NAMED, "epcList": [], "quantityList": [{"epcClass": ours, "quantity": 4}], "bizStep": "arriving"}
    foreign = {**NAMED, "eventID": "urn:x:3"}
    assert program.capture(document(told, foreign)).json()["captured"] == 2
    assert (StockMovement.objects.count(), sum(StockCell.objects.values_list("qty", flat=True))) == before
    assert set(CapturedName.objects.values_list("uri", "sku__code", "lot")) == {
        (ours, "MUG", "L-7"),
        *((uri, None, "2017") for uri in EVENT["epcList"]),
        ("urn:epc:class:lgtin:4012345.012345.998877", None, "998877"),
    }
    for name in (ours, f"https://id.gs1.org/01/0{OURS}/10/L-7", "urn:epc:idpat:sgtin:4006381.033393.*"):
        assert [e["eventID"] for e in program.events(MATCH_epcClass=name) if e["bizStep"] == "arriving"] == [
            NAMED["eventID"]
        ]
    assert [e["eventID"] for e in program.events(MATCH_epc=EVENT["epcList"][0])] == ["urn:x:3"]
    assert stranger.events(MATCH_epcClass=ours) == []
    assert stranger.get(f"events/{NAMED['eventID']}").status_code == 404
    assert stranger.capture(document(foreign)).json()["captured"] == 1  # another merchant may hear the same


@pytest.mark.parametrize(("body", "status", "code"), [
    (b"{", 400, "not_json"), (b"\xff\xfe", 400, "not_json"), (b"[" * 5_000, 400, "not_json"),
    (b"null", 400, "not_valid_epcis"), (b"[]", 400, "not_valid_epcis"),
    (b'{"type": "ObjectEvent"}', 400, "not_valid_epcis"),
    (b'{"type": NaN}', 400, "not_json"), (b'{"type": 1e999}', 400, "not_json"), (b'{"a": "\\u0000"}', 400, "not_json"),
    (b'{"a": "\\ud800"}', 400, "not_json"), (b'{"a": ' + b"9" * 5_000 + b"}", 400, "not_json"),
    (b" " * (MOST_BYTES + 1), 413, "too_much"),
])  # fmt: skip
def test_what_cannot_be_read_is_refused(world: World, program: Program, body: bytes, status: int, code: str) -> None:
    answer = program.capture(body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert not CapturedEvent.objects.exists()
    job = CaptureJob.objects.get()  # noted with the reason, for the merchant to read
    assert (job.success, job.captured, [error["code"] for error in job.errors]) == (False, 0, [code])


def test_a_document_that_is_not_valid_is_told_where(world: World, program: Program) -> None:
    answer = program.capture(document(EVENT, {**EVENT, "action": "LOOK"}))
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/epcisBody/eventList/1/action"
    assert not CapturedEvent.objects.exists()


def test_valid_events_that_cannot_be_kept_are_named(balanced: World, program: Program) -> None:
    far, long = {**EVENT, "eventTime": "0001-01-01T00:00:00+14:00"}, {**EVENT, "epcList": ["urn:x:" + "9" * 600]}
    job = program.capture(document(far, long, EVENT), **{"GS1-Capture-Error-Behaviour": "proceed"}).json()
    assert (job["captured"], [e["code"] for e in job["errors"]]) == (1, ["unusable", "unusable"])


@pytest.mark.parametrize(("language", "words"), [("fr", "hors limites"), ("en", "out of range")])
def test_why_an_event_was_refused_is_told_in_the_reader_s_language(
    balanced: World, program: Program, language: str, words: str
) -> None:
    job = program.capture(document({**EVENT, "eventTime": "0001-01-01T00:00:00+14:00"})).headers["Location"]
    assert program.capture(b'{"type": "ObjectEvent"}').status_code == 400
    told = program.client.get(job, headers={"Accept-Language": language}).json()
    assert words in told["errors"][0]["detail"]
    desk = Client(headers={"Accept-Language": language})
    desk.force_login(balanced.chen)
    page = desk.get("/stock/events", {"source": "refused"}).content.decode()
    assert words in page
    assert ("EPCIS 2.0 valide" if language == "fr" else "valid EPCIS 2.0") in page


def test_more_events_than_are_taken_at_once_are_refused(world: World, program: Program) -> None:
    assert program.capture(document(*[EVENT] * (MOST_EVENTS + 1))).status_code == 413


def test_many_events_are_kept_in_as_many_statements_as_few(balanced: World, program: Program) -> None:
    counts = []
    for many in (2, 300):
        events = [{**deepcopy(EVENT), "eventID": f"urn:x:{many}-{n}"} for n in range(many)]
        with CaptureQueriesContext(connection) as queries:
            assert program.capture(json.dumps(document(*events))).json()["captured"] == many
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_key_without_the_scope_captures_nothing(world: World, program: Program) -> None:
    assert Program("x").capture(document(EVENT)).status_code == 401
    assert program.capture(document(EVENT), **{"GS1-Capture-Error-Behaviour": "hope"}).status_code == 400
    assert program.get("capture/999999999999").status_code == 404
    assert program.get("capture/x").status_code == 404
    assert program.get("capture").json() == []
    assert not CapturedEvent.objects.exists()
