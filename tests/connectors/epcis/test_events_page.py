"""The desk's page of EPCIS: what happened here, what partners told, and what was refused, each with what is asked."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.books import find, move, virtual, where
from tests.cast import World
from tests.connectors.epcis.conftest import Program
from tests.connectors.epcis.test_epcis_capture import NAMED, document
from tests.desk.test_stock import client_of

from colisage.catalog.models import Barcode
from colisage.connectors.epcis.json_schema import faults
from colisage.connectors.models import CapturedEvent, CaptureJob
from colisage.inventory.actions.post_movements import post_movements
from colisage.kit.actors import SYSTEM

pytestmark = pytest.mark.django_db
SSCC = "106141412345678908"
PALLET = {**NAMED, "eventID": "urn:x:pallet", "epcList": ["urn:epc:id:sscc:0614141.1234567890"], "bizStep": "arriving"}


@pytest.fixture
def desk(world: World) -> Client:
    return client_of(world.chen)


def test_movements_are_read_in_words_the_latest_first_and_narrowed_to_what_is_sought(
    balanced: World, desk: Client
) -> None:
    mug = balanced.sku("MUG")
    post_movements(
        [move(mug, 3, source=virtual("found"), target=where(mug, balanced.lyon), reason="found")], actor=SYSTEM
    )
    page = desk.get("/stock/events")
    assert (page.context["rows"][0].step, page.context["rows"][0].things[0].units) == ("stock taken", 3)
    assert all(row.place and row.step and row.event_id for row in page.context["rows"])
    only = desk.get("/stock/events", {"text": "mug"}).context["rows"]
    assert {row.things[0].sku_id for row in only} == {mug.pk}
    assert 0 < len(only) < len(page.context["rows"])
    assert "No event is about this" in desk.get("/stock/events", {"text": "NOTHING"}).content.decode()


def test_what_partners_told_is_found_by_sku_and_by_sscc(balanced: World, desk: Client, program: Program) -> None:
    Barcode.objects.filter(sku=balanced.sku("MUG")).update(code="4006381333931")
    ours = {
        **NAMED,
        "epcList": [],
        "quantityList": [{"epcClass": "urn:epc:idpat:sgtin:4006381.033393.*", "quantity": 5}],
    }
    program.capture(document(ours, PALLET))

    def ids(text: str = "") -> list[str]:
        rows = desk.get("/stock/events", {"source": "partners", "text": text}).context["rows"]
        return [row.event_id for row in rows]

    assert sorted(ids()) == sorted([ours["eventID"], "urn:x:pallet"])
    assert ids("MUG") == ids("4006381333931") == [ours["eventID"]]
    assert ids(SSCC) == ids(f"00{SSCC}") == ids("urn:epc:id:sscc:0614141.1234567890") == ["urn:x:pallet"]
    assert ids("POSTER") == []


def test_the_download_is_a_valid_document_of_what_is_shown(balanced: World, desk: Client, program: Program) -> None:
    program.capture(document(PALLET))
    for source, shown in (("own", "/stock/events"), ("partners", "/stock/events?source=partners")):
        answer = desk.get("/stock/events.json", {"source": source})
        found = json.loads(answer.content)
        assert faults(found) == []
        told = [event["eventID"] for event in found["epcisBody"]["queryResults"]["resultsBody"]["eventList"]]
        assert told == [row.event_id for row in desk.get(shown).context["rows"]]
        assert told


def test_what_was_refused_is_shown_with_the_reason_and_nothing_of_it_is_kept(
    balanced: World, desk: Client, program: Program
) -> None:
    assert program.capture("{").status_code == 400
    assert program.capture(json.dumps({"type": "EPCISDocument"})).status_code == 400
    program.capture(document(PALLET))
    assert program.capture(document({**PALLET, "bizStep": "shipping"})).status_code == 202
    page = desk.get("/stock/events", {"source": "refused"})
    said = page.content.decode()
    assert len(page.context["jobs"]) == 3
    assert "The body is not JSON." in said
    assert "not a valid EPCIS 2.0 document" in said
    assert "urn:x:pallet" in said
    assert CapturedEvent.objects.count() == 1
    assert CaptureJob.objects.filter(success=False, captured=0).count() == 3


def test_nobody_sees_the_events_of_another_merchant(
    balanced: World, desk: Client, program: Program, stranger: Program
) -> None:
    stranger.capture(document(PALLET))
    stranger.capture("{")
    assert desk.get("/stock/events", {"source": "partners"}).context["rows"] == []
    assert desk.get("/stock/events", {"source": "refused"}).context["jobs"] == []
    assert desk.get("/stock/events", {"source": "partners", "text": SSCC}).context["rows"] == []


@pytest.mark.parametrize(
    "query", [{"after": "x"}, {"after": "9" * 40}, {"source": "?"}, {"text": "\x00%"}, {"text": "é" * 900}]
)
def test_nonsense_in_the_address_is_no_error(desk: Client, query: dict[str, str]) -> None:
    for path in ("/stock/events", "/stock/events.json"):
        assert desk.get(path, query).status_code == 200


def test_pages_follow_and_ask_as_often_for_many_as_for_few(balanced: World, desk: Client, program: Program) -> None:
    def asked(source: str) -> tuple[int, Any]:
        with CaptureQueriesContext(
            connection,
        ) as found:
            page = desk.get("/stock/events", {"source": source})
        return len(found), page

    program.capture(document(PALLET))
    few = [asked(source)[0] for source in ("own", "partners")]
    mug = balanced.sku("MUG")
    for _n in range(60):
        find(mug, 1, at=where(mug, balanced.lyon))
    program.capture(document(*({**PALLET, "eventID": f"urn:x:{n}"} for n in range(60))))
    many = [asked(source) for source in ("own", "partners")]
    assert [count for count, _page in many] == few
    for source, (_count, page) in zip(("own", "partners"), many, strict=True):
        rest = desk.get("/stock/events", {"source": source, "after": page.context["next"]}).context["rows"]
        assert rest
        assert not {r.event_id for r in rest} & {r.event_id for r in page.context["rows"]}
