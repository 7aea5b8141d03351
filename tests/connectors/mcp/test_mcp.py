"""An assistant at the real command, over standard input and output, with the real API behind it."""

import asyncio
import base64
import json
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator
from mcp.client.session import ClientSession
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp_types import BlobResourceContents, EmbeddedResource
from tests.books import balanced, stand
from tests.cast import World
from tests.program import Make, program
from tests.serving import SRC, house

from colisage.connectors.mcp.doors import call_of, things_in, tools_of
from colisage.connectors.mcp.guard import Guard, NotAllowed
from colisage.connectors.mcp.server import Assistant
from colisage.kit.actors import SYSTEM
from colisage.kit.models import AuditEntry
from colisage.orders.actions.place_orders import place_orders
from colisage.orders.models import Order

__all__ = ["balanced", "program"]
DOCUMENT = json.loads((SRC.parent / "docs/reference/openapi.json").read_text(encoding="utf-8"))
Work = Callable[[ClientSession], Awaitable[None]]


@pytest.fixture
def url() -> Iterator[str]:
    """Run our web process; give its address."""
    with house() as address:
        yield address


def session(url: str, key: str, work: Work, *words: str) -> None:
    """Run a session of an assistant from its beginning to its end."""

    async def run() -> None:
        command = StdioServerParameters(
            command=sys.executable, args=["-m", "colisage", "mcp", *words],
            env={"COLISAGE_URL": url, "COLISAGE_KEY": key, "PYTHONPATH": str(SRC), "LC_ALL": "fr_FR.UTF-8"},
        )  # fmt: skip
        async with stdio_client(command) as (reading, writing), ClientSession(reading, writing) as talk:
            await talk.initialize()
            await work(talk)

    asyncio.run(asyncio.wait_for(run(), timeout=120))


def placed(world: World) -> int:
    [answer] = place_orders([world.order(("MUG", 2))], actor=SYSTEM)
    assert answer.order_id is not None
    return answer.order_id


@pytest.mark.django_db(transaction=True)
def test_what_changes_something_is_rehearsed_then_confirmed_once(balanced: World, program: Make, url: str) -> None:
    order, key = placed(balanced), program("orders:read", "orders:change").token
    states: list[str] = []

    async def work(talk: ClientSession) -> None:
        tools = {tool.name: tool for tool in (await talk.list_tools()).tools}
        assert tools["cancel_orders"].annotations is not None
        assert tools["cancel_orders"].annotations.destructive_hint
        read = await talk.call_tool("get_order", {"order_id": order})
        assert read.structured_content["answer"]["state"] == "open"
        asked = {"body": {"orders": [order]}}
        shown = (await talk.call_tool("cancel_orders", asked)).structured_content
        assert shown["rehearsed"]["answer"]["results"][0]["outcome"] == "cancelled"
        states.append((await talk.call_tool("get_order", {"order_id": order})).structured_content["answer"]["state"])
        other = await talk.call_tool("cancel_orders", {"body": {"orders": [order + 1]}, "confirm": shown["confirm"]})
        assert other.is_error
        done = await talk.call_tool("cancel_orders", {**asked, "confirm": shown["confirm"]})
        assert done.structured_content["answer"]["results"][0]["outcome"] == "cancelled"
        again = await talk.call_tool("cancel_orders", {**asked, "confirm": shown["confirm"]})
        assert again.is_error

    session(url, key, work, "--write")
    assert states == ["open"]
    assert Order.objects.get(pk=order).state == "cancelled"
    assert stand(balanced.sku("MUG"), balanced.lyon) == (20, 0)
    deed = AuditEntry.objects.get(verb="order_cancelled")
    assert (deed.actor_kind, deed.actor_name) == ("key", "Program")


@pytest.mark.django_db(transaction=True)
def test_without_write_there_are_only_tools_that_read_and_the_key_bounds_them(
    balanced: World, program: Make, url: str
) -> None:
    order, key = placed(balanced), program("stock:read").token

    async def work(talk: ClientSession) -> None:
        tools = (await talk.list_tools()).tools
        assert all(tool.annotations and tool.annotations.read_only_hint for tool in tools)
        assert {"get_stock", "list_orders"} <= {tool.name for tool in tools}
        stock = await talk.call_tool("get_stock", {"sku": "mug"})
        assert stock.structured_content["answer"]["items"][0]["sku"] == "MUG"
        refused = await talk.call_tool("get_order", {"order_id": order})
        assert (refused.is_error, refused.structured_content["status"]) == (True, 401)
        assert "clé" in refused.structured_content["answer"]["detail"]
        for name, arguments in (("cancel_orders", {}), ("get_order", {}), ("get_stock", {"ksu": "MUG"})):
            assert (await talk.call_tool(name, arguments)).is_error

    session(url, key, work)


@pytest.mark.parametrize(
    ("env", "said"),
    [({}, "COLISAGE_KEY"), ({"COLISAGE_KEY": "x", "COLISAGE_URL": "http://127.0.0.1:9"}, "No Colisage answers")],
)
def test_what_is_missing_is_said_to_the_person(env: dict[str, str], said: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "colisage", "mcp"], capture_output=True, text=True, check=False,
        stdin=subprocess.DEVNULL, env={"PYTHONPATH": str(SRC), "DATA_DIR": str(tmp_path), "LC_ALL": "C.UTF-8", **env},
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr


def test_every_door_of_the_document_is_a_tool_whose_schema_stands_alone() -> None:
    tools = tools_of(DOCUMENT, write=True)
    doors = [door for doors in DOCUMENT["paths"].values() for door in doors.values()]
    files = [one for one in doors if "requestBody" in one and "application/json" not in one["requestBody"]["content"]]
    assert {one["operationId"] for one in doors} - {tool.name for tool in tools} == {
        one["operationId"] for one in files
    }
    for tool in tools:
        Draft202012Validator.check_schema(tool.schema)
        assert "#/components" not in json.dumps(tool.schema)
        assert tool.writes is ("confirm" in tool.schema["properties"])
    by_name = {tool.name: tool for tool in tools}
    post = Draft202012Validator(by_name["post_orders"].schema)
    line = {"sku": "MUG", "quantity": 1}
    assert post.is_valid({"body": {"reference": "A", "currency": "EUR", "lines": [line]}})
    assert not post.is_valid({"body": {"reference": "A", "currency": "EUR", "lines": []}})
    call = call_of(by_name["get_order_by_reference"], {"channel": "a/b", "reference": "#1 é"})
    assert call.path == "/api/v1/channels/a%2Fb/orders/%231%20%C3%A9"


def test_the_guard_lets_through_only_what_was_rehearsed_just_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    now = [0.0]
    guard = Guard(most_things=3, most_writes=2, clock=lambda: now[0])
    asked: dict[str, Any] = {"body": {"orders": [1, 2]}}
    for wrong in ({}, {"confirm": "1234"}):
        with pytest.raises(NotAllowed):
            guard.confirm("cancel_orders", {**asked, **wrong})
    late = guard.rehearsed("cancel_orders", asked)
    now[0] = 601
    with pytest.raises(NotAllowed):
        guard.confirm("cancel_orders", {**asked, "confirm": late})
    for _ in range(2):
        code = guard.rehearsed("cancel_orders", asked)
        guard.look(asked)
        with pytest.raises(NotAllowed):
            guard.confirm("hold_orders", {**asked, "confirm": code})
        guard.confirm("cancel_orders", {**asked, "confirm": code})
    with pytest.raises(NotAllowed, match="2 times"):
        guard.look(asked)
    with pytest.raises(NotAllowed, match="4 things"):
        Guard(most_things=3).look({"body": {"orders": [1, 2, 3, 4]}})


def test_a_file_is_given_as_it_is_and_a_refusal_in_words() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("labels.pdf"):
            return httpx.Response(200, content=b"%PDF-1.7 \xff", headers={"Content-Type": "application/pdf"})
        problem = {"Content-Type": "application/problem+json"}
        return httpx.Response(404, json={"code": "not_there"}, headers=problem)

    async def work() -> None:
        async with httpx.AsyncClient(base_url="http://here", transport=httpx.MockTransport(answer)) as client:
            assistant = Assistant(client, tools_of(DOCUMENT, write=False), Guard())
            [found] = (await assistant.call("get_labels_pdf", {"shipment_id": 7})).content
            assert isinstance(found, EmbeddedResource)
            assert isinstance(found.resource, BlobResourceContents)
            assert found.resource.uri == "http://here/api/v1/shipments/7/labels.pdf"
            assert found.resource.mime_type == "application/pdf"
            assert base64.b64decode(found.resource.blob) == b"%PDF-1.7 \xff"
            assert (await assistant.call("get_labels_zpl", {"shipment_id": 7})).is_error

    asyncio.run(work())


def test_what_the_server_itself_says_is_said_in_the_language_of_who_started_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/orders/7"):
            raise httpx.ConnectError("nobody there")
        return httpx.Response(200, json={"text": "x" * 100_001 if request.method == "GET" else ""})

    async def said() -> list[str]:
        async with httpx.AsyncClient(base_url="http://here", transport=httpx.MockTransport(answer)) as client:
            assistant = Assistant(client, tools_of(DOCUMENT, write=True), Guard(most_things=1))
            told = [
                (await assistant.call(name, arguments)).structured_content or {}
                for name, arguments in (
                    ("nope", {}), ("list_orders", {}), ("list_orders", {"surprise": 1}), ("get_order", {}),
                    ("list_orders", {"state": ["a"]}), ("get_order", {"order_id": 7}),
                    ("tag_orders", {"body": {"orders": [1, 2]}}), ("tag_orders", {"body": {"orders": [1]}}),
                    ("tag_orders", {"body": {"orders": [1]}, "confirm": "x"}),
                )
            ]  # fmt: skip
            return [one.get("problem") or one["note"] for one in told]

    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    french = asyncio.run(said())
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    english = asyncio.run(said())
    for words, wanted in zip(
        french,
        ("pas d’outil nope", "trop longue", "inconnus : surprise", "manquants : order_id", "un seul texte",
         "ne répond pas", "au plus 1", "Rien n’est encore modifié", "sans `confirm`"),
        strict=True,
    ):  # fmt: skip
        assert wanted in words
    assert all(one != other for one, other in zip(french, english, strict=True))


@pytest.mark.parametrize(
    ("tool", "arguments", "shorter"),
    [
        ("list_orders", {}, "with `limit`"),
        ("get_bin_labels", {"node": "LYON"}, "with `node`, `beginning`, `arrows`, `paper`."),
        ("get_order", {"order_id": 7}, "ask for less."),
    ],
)
def test_an_answer_that_is_too_long_says_what_makes_it_shorter(
    tool: str, arguments: dict[str, Any], shorter: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")

    async def said() -> str:
        much = httpx.MockTransport(lambda _: httpx.Response(200, content=b"x" * 10_000_000))
        async with httpx.AsyncClient(base_url="http://here", transport=much) as client:
            told = await Assistant(client, tools_of(DOCUMENT, write=False), Guard()).call(tool, arguments)
            return str((told.structured_content or {})["problem"])

    assert shorter in asyncio.run(said())


@pytest.mark.parametrize(
    ("body", "things"), [(None, 1), ({}, 1), ({"orders": [1, 2]}, 2), ({"orders": [{"lines": [1, 2, 3]}]}, 3), ([], 0)]
)
def test_things_are_counted_by_the_longest_list(body: Any, things: int) -> None:
    assert things_in(body) == things
