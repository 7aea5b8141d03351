"""Our validator against the reference implementation, on GS1's own schema and examples."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from colisage.connectors.epcis.json_schema import MOST_FAULTS, epcis_schema, faults, is_time, is_uri

EVENT = {
    "type": "ObjectEvent", "action": "OBSERVE", "eventTime": "2026-11-28T10:00:00Z", "eventTimeZoneOffset": "+01:00",
    "epcList": ["urn:epc:id:sgtin:0614141.107346.2017"], "bizStep": "receiving", "disposition": "in_progress",
    "readPoint": {"id": "urn:epc:id:sgln:0614141.07346.1234"},
    "bizTransactionList": [{"type": "po", "bizTransaction": "urn:epc:id:gdti:0614141.00001.1618034"}],
    "quantityList": [{"epcClass": "urn:epc:class:lgtin:4012345.012345.998877", "quantity": 200, "uom": "KGM"}],
}  # fmt: skip
DOCUMENT = {
    "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"], "type": "EPCISDocument",
    "schemaVersion": "2.0", "creationDate": "2026-11-28T10:00:00Z", "epcisBody": {"eventList": [EVENT]},
}  # fmt: skip


def examples(shared: Path) -> list[tuple[str, Any]]:
    """Give every JSON document of GS1's that came with the schema."""
    folder = shared / "fixtures" / "epcis"
    files = [*folder.rglob("*.jsonld"), *folder.glob("spec/*Event.json")]
    found = [(file.name, json.loads(file.read_text())) for file in sorted(files) if file.name != "epcis-context.jsonld"]
    return [(name, document) for name, document in found if "type" in document]


def witness() -> Any:
    checker = jsonschema.FormatChecker(formats=())
    checker.checkers = {
        "uri": (lambda v: not isinstance(v, str) or is_uri(v), ()),
        "date-time": (lambda v: not isinstance(v, str) or is_time(v), ()),
    }
    return jsonschema.Draft7Validator(epcis_schema(), format_checker=checker)


WITNESS = witness()


@pytest.mark.shared
def test_the_schema_is_the_one_that_gs1_published(shared: Path) -> None:
    published = shared / "fixtures" / "epcis" / "spec" / "EPCIS-JSON-Schema.json"
    assert epcis_schema() == json.loads(published.read_text())


@pytest.mark.shared
def test_every_example_of_gs1_is_valid(shared: Path) -> None:
    found = examples(shared)
    assert len(found) > 30
    assert {name: faults(document) for name, document in found if faults(document)} == {}


def spoiled(document: Any) -> Iterator[Any]:
    """Give a document with each of its parts taken out, renamed, or of another kind."""
    if isinstance(document, dict):
        for name, value in document.items():
            rest = {n: v for n, v in document.items() if n != name}
            yield rest
            yield {**rest, f"{name}x": value}
            for other in (None, 1, True, "x", "http://a b", [], {}, [value], {"type": value}):
                yield {**rest, name: other}
            for worse in spoiled(value):
                yield {**rest, name: worse}
    elif isinstance(document, list):
        for n, value in enumerate(document):
            yield [*document, value]
            yield from ([*document[:n], worse, *document[n + 1 :]] for worse in spoiled(value))
    elif isinstance(document, str):
        yield from (document + " ", document.upper(), "", document[:-1])


@pytest.mark.shared
def test_every_spoiled_example_is_judged_as_the_reference_judges_it(shared: Path) -> None:
    judged = {True: 0, False: 0}
    for _name, document in examples(shared)[::4]:
        for n, worse in enumerate(spoiled(document)):
            if n % 31 == 0:  # the reference is slow
                valid = not faults(worse)
                assert valid == WITNESS.is_valid(worse), worse
                judged[valid] += 1
    assert min(judged.values()) > 50


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12)
    | st.sampled_from(["ObjectEvent", "ADD", "urn:x:y", "shipping", "2026-11-28T10:00:00Z", "+01:00"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from([*EVENT, *DOCUMENT, "example:field", "x"]), inner, max_size=4),
    max_leaves=8,
)  # fmt: skip


@given(name=st.sampled_from([*EVENT, "ilmd", "sensorElementList", "ex:a"]), value=json_values)
@settings(max_examples=120, deadline=None)
def test_whatever_stands_in_an_event_is_judged_as_the_reference_judges_it(name: str, value: Any) -> None:
    document = {**DOCUMENT, "epcisBody": {"eventList": [{**EVENT, name: value}]}}
    assert (not faults(document)) == WITNESS.is_valid(document)


@pytest.mark.parametrize("document", [None, 1, "x", [], {}, [DOCUMENT], {"type": 1}, {"type": "EPCISDocument"}])
def test_what_is_no_document_is_judged_too(document: Any) -> None:
    assert faults(document)
    assert not WITNESS.is_valid(document)


def test_a_fault_says_where_it_is() -> None:
    document = {**DOCUMENT, "epcisBody": {"eventList": [EVENT, {**EVENT, "eventTime": "yesterday", "action": "LOOK"}]}}
    assert {fault.pointer for fault in faults(document)} == {
        "/epcisBody/eventList/1/eventTime",
        "/epcisBody/eventList/1/action",
    }
    assert len(faults({**DOCUMENT, "epcisBody": {"eventList": [{"type": "ObjectEvent"}] * 50}})) == MOST_FAULTS
