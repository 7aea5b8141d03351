"""What the OpenAPI document says of the EPCIS doors: every parameter of a query, and both kinds of JSON."""

import json
from typing import Any

import pytest
from tests.cast import World
from tests.connectors.epcis.conftest import Program

from colisage.config.api import api
from colisage.connectors.epcis.asked import KNOWN
from colisage.connectors.epcis.document import DOCUMENT, EVENT
from colisage.connectors.models import CapturedEvent

PATHS: Any = api.get_openapi_schema()["paths"]


def door(path: str, method: str) -> Any:
    return PATHS[f"/api/v1/epcis/{path}"][method]


def test_the_document_names_every_parameter_of_a_query() -> None:
    said = door("events", "get")["parameters"]
    assert {one["name"] for one in said if one["in"] == "query"} == KNOWN
    assert all(one["description"] and not one["required"] for one in said)


@pytest.mark.parametrize(("path", "sent"), [("capture", DOCUMENT), ("events", EVENT)])
def test_json_and_linked_json_are_taken_as_the_document_says(
    balanced: World, program: Program, path: str, sent: dict[str, Any]
) -> None:
    content = door(path, "post")["requestBody"]["content"]
    assert list(content) == ["application/json", "application/ld+json"]
    for kind in content:
        answer = program.capture(json.dumps(sent), path=path, kind=kind)
        assert answer.status_code in door(path, "post")["responses"], answer.content
        assert answer.status_code < 300, answer.content
    assert CapturedEvent.objects.count() == 1
