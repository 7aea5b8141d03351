"""The reference of the API: every door, every type and every problem, from the document, in both languages."""

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from colisage.config.api import api
from colisage.desk.queries.reference import SUBJECTS, problems, type_of
from tests.cast import World
from tests.cast import world as make_world
from tests.kept import kept

PAGE = "/settings/api"


pytestmark = pytest.mark.slow  # the pages are


@pytest.fixture(scope="module")
def pages(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The overview (under no name), the problems, and the page of each subject."""
    with kept(read_pages, blocker=django_db_blocker, folder=tmp_path_factory.mktemp("reference")) as copy:
        return copy()


def read_pages() -> dict[str, str]:
    """Open every page as Chen, in English."""
    client = Client()
    client.force_login(make_world().chen)
    client.cookies["language"] = "en"
    overview = client.get(PAGE).content.decode()
    subjects = set(re.findall(rf'href="{PAGE}/([\w-]+)', overview))
    return {"": overview, **{name: client.get(f"{PAGE}/{name}").content.decode() for name in sorted(subjects)}}


def test_every_door_and_every_type_is_there(pages: dict[str, str]) -> None:
    document = api.get_openapi_schema()
    ids = {name: set(re.findall(r'id="([\w.-]+)"', page)) for name, page in pages.items()}
    tags = set()
    for methods in document["paths"].values():
        for said in methods.values():
            tags.add(said["tags"][0])
            assert said["operationId"] in ids[said["tags"][0]]
            assert f"{PAGE}/{said['tags'][0]}#{said['operationId']}" in pages[""]
    assert tags <= set(SUBJECTS)
    spoken_of = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(document)))
    assert {f"schema-{name}" for name in spoken_of} <= set().union(*ids.values())


def test_every_link_within_a_page_leads_to_one_place(pages: dict[str, str]) -> None:
    for page in pages.values():
        found = re.findall(r' id="([\w.-]+)"', page)
        assert len(found) == len(set(found))
        assert set(re.findall(r'href="#([\w.-]+)"', page)) <= set(re.findall(r'id="([\w.-]+)"', page))


def test_no_page_is_too_heavy_for_a_telephone(pages: dict[str, str]) -> None:
    assert {name: len(page.encode()) for name, page in pages.items() if len(page.encode()) > 100_000} == {}


def test_a_subject_that_nobody_knows_is_not_there(world: World, enter: Any) -> None:
    assert enter(world.chen).get(f"{PAGE}/nothing").status_code == 404


def test_it_loads_nothing_from_elsewhere(pages: dict[str, str]) -> None:
    assert not [name for name, page in pages.items() if re.findall(r'(?:src|href)="(?:https?:)?//', page)]


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
    assert answer.headers["Location"] == f"{PAGE}/problems#problem-too_late_to_cancel"


def test_the_page_speaks_french(world: World, enter: Any) -> None:
    client: Client = enter(world.chen)
    client.cookies["language"] = "fr"
    assert "Référence de l’API" in client.get(PAGE).content.decode()


def test_what_doors_and_types_say_of_themselves_is_read_in_the_language_of_the_reader(world: World, enter: Any) -> None:
    client: Client = enter(world.chen)
    pages = []
    for client.cookies["language"] in ("en", "fr"):
        pages.append(client.get(f"{PAGE}/orders").content.decode())
    english, french = pages
    for said, told in (
        ("List orders, the newest first", "Lister les commandes, les plus récentes d’abord"),
        ("What puts an order before others", "Ce qui fait passer une commande avant d’autres"),
    ):
        assert (said in english, told in french) == (True, True)
        assert (told in english, said in french) == (False, False)


def test_types_are_said_as_they_are_written() -> None:
    said = type_of({"anyOf": [{"type": "array", "items": {"$ref": "#/components/schemas/LineOut"}}, {"type": "null"}]})
    assert "".join(piece["text"] for piece in said) == "[LineOut] | null"
    assert [piece["ref"] for piece in said if piece["ref"]] == ["LineOut"]
    assert type_of({"type": "integer", "minimum": 1, "maximum": 5})[0]["text"] == "integer 1–5"
