"""The reference of the API: every door, every type and every problem, from the document, in both languages."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from colisage.config.api import api
from colisage.desk.queries.reference import SUBJECTS, problems, type_of
from tests.cast import World

PAGE = "/settings/api"


@pytest.fixture
def page(world: World, enter: Any) -> str:
    text: str = enter(world.chen).get(PAGE).content.decode()
    return text


def test_every_door_and_every_type_is_there(page: str) -> None:
    document = api.get_openapi_schema()
    ids = set(re.findall(r'id="([\w.-]+)"', page))
    doors = {said["operationId"] for methods in document["paths"].values() for said in methods.values()}
    assert doors <= ids
    assert {f"schema-{name}" for name in document["components"]["schemas"]} <= ids
    assert {said["tags"][0] for methods in document["paths"].values() for said in methods.values()} <= set(SUBJECTS)


def test_every_link_within_the_page_leads_to_one_place(page: str) -> None:
    found = re.findall(r' id="([\w.-]+)"', page)
    assert len(found) == len(set(found))
    ids = set(re.findall(r'id="([\w.-]+)"', page))
    assert set(re.findall(r'href="#([\w.-]+)"', page)) <= ids


def test_it_loads_nothing_from_elsewhere(page: str) -> None:
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page)


def test_problems_have_a_stable_code_a_status_and_a_sentence_in_both_languages() -> None:
    with override("en"):
        english = {one["code"]: one for one in problems()}
    with override("fr"):
        french = {one["code"]: one for one in problems()}
    assert english.keys() == french.keys()
    for code, status in (("too_late_to_cancel", 409), ("idempotency_key_reused", 422), ("etag_differs", 412)):
        assert english[code]["status"] == status
        assert english[code]["text"] != french[code]["text"]
    assert not any("%(" in one["text"] for one in english.values())


def test_the_address_of_a_problem_opens_the_reference_there(world: World, enter: Any) -> None:
    answer = enter(world.chen).get("/problems/too_late_to_cancel")
    assert answer.headers["Location"] == f"{PAGE}#problem-too_late_to_cancel"


def test_the_page_speaks_french(world: World, enter: Any) -> None:
    client: Client = enter(world.chen)
    client.cookies["language"] = "fr"
    assert "Référence de l’API" in client.get(PAGE).content.decode()


def test_types_are_said_as_they_are_written() -> None:
    said = type_of({"anyOf": [{"type": "array", "items": {"$ref": "#/components/schemas/LineOut"}}, {"type": "null"}]})
    assert "".join(piece["text"] for piece in said) == "[LineOut] | null"
    assert [piece["ref"] for piece in said if piece["ref"]] == ["LineOut"]
    assert type_of({"type": "integer", "minimum": 1, "maximum": 5})[0]["text"] == "integer 1–5"
