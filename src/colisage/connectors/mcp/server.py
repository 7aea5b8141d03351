"""The MCP server: over standard input and output, with the API of an installation behind it.

It knows no database. Whatever it does, the API does, under the key it was given: the key's merchant, scopes, rate limit
and audit. What changes something is rehearsed first (`Dry-Run`), and done only with the code of that rehearsal.
"""

import base64
import json
import uuid
from collections.abc import Mapping
from typing import Any, Final

import httpx
import mcp_types as types
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server

from colisage.connectors.mcp.doors import CONFIRM, Tool, call_of, tools_of
from colisage.connectors.mcp.guard import Guard, NotAllowed
from colisage.kit.terminal import either

DOCUMENT: Final = "/api/v1/openapi.json"
LONGEST: Final = 100_000  # characters of an answer
INSTRUCTIONS: Final = (
    "Colisage takes an online shop's orders from the click to the door and back. Amounts are integer cents with a "
    "currency, weights grams, times UTC. Lists come in pages: `next` is the `page` that follows. A call that changes "
    "something is first made without `confirm`: that rehearses it and changes nothing. Show the person what would "
    "happen, and confirm only when they agree."
)


class Assistant:
    """Answers the calls of one session."""

    def __init__(self, client: httpx.AsyncClient, tools: list[Tool], guard: Guard) -> None:
        self.client, self.guard = client, guard
        self.tools = {tool.name: tool for tool in tools}

    def listed(self) -> list[types.Tool]:
        """Give the tools as the protocol describes them."""
        return [
            types.Tool(
                name=tool.name,
                description=tool.description,
                input_schema=dict(tool.schema),
                annotations=types.ToolAnnotations(
                    read_only_hint=not tool.writes, destructive_hint=tool.writes, open_world_hint=False
                ),
            )
            for tool in self.tools.values()
        ]

    async def call(self, name: str, arguments: Mapping[str, Any]) -> types.CallToolResult:
        """Make a call, and give what the API says; what is wrong with it is an answer too."""
        tool = self.tools.get(name)
        if tool is None:
            return _told(
                {"problem": either(f"There is no tool {name} here.", f"Il n’y a pas d’outil {name} ici.")}, error=True
            )
        try:
            return await (self._write(tool, arguments) if tool.writes else self._send(tool, arguments))
        except (ValueError, NotAllowed) as error:
            return _told({"problem": str(error)}, error=True)
        except httpx.HTTPError as error:
            said = either(f"Colisage does not answer: {error!r}.", f"Colisage ne répond pas : {error!r}.")
            unsure = either(
                " Whether it was done is not known: read before you try again.",
                " On ne sait pas si c’est fait : relisez avant de réessayer.",
            )
            return _told({"problem": f"{said}{unsure if CONFIRM in arguments else ''}"}, error=True)

    async def _write(self, tool: Tool, arguments: Mapping[str, Any]) -> types.CallToolResult:
        self.guard.look(arguments)
        if arguments.get(CONFIRM) is not None:
            self.guard.confirm(tool.name, arguments)
            return await self._send(tool, arguments, {"Idempotency-Key": f"mcp-{uuid.uuid4()}"})
        shown = await self._send(tool, arguments, {"Dry-Run": "true"})
        if shown.is_error:
            return shown
        code = self.guard.rehearsed(tool.name, arguments)
        said = either(
            f"Nothing was changed yet. To do it, make the same call with confirm={code} within ten minutes.",
            f"Rien n’est encore modifié. Pour le faire, refaites cet appel avec confirm={code} dans les dix minutes.",
        )
        return _told({"rehearsed": shown.structured_content, "confirm": code, "note": said})

    async def _send(
        self, tool: Tool, arguments: Mapping[str, Any], headers: Mapping[str, str] | None = None
    ) -> types.CallToolResult:
        call = call_of(tool, arguments)
        answer = await self.client.request(
            call.method, call.path, params=call.query, headers={**call.headers, **(headers or {})},
            json=call.body if call.body is not None else None,
        )  # fmt: skip
        if len(answer.content) > LONGEST:
            return _told({"problem": _too_long(tool)}, error=True)
        kind = answer.headers.get("content-type", "").partition(";")[0]
        if answer.is_success and not kind.startswith("text/") and not kind.endswith("json"):
            return _file(answer.content, kind=kind, url=str(answer.url))
        try:
            content = answer.json() if answer.content else None
        except ValueError:
            content = {"text": answer.text[:2_000]}
        found: dict[str, Any] = {"status": answer.status_code, "answer": content}
        if tag := answer.headers.get("etag"):
            found["etag"] = tag
        return _told(found, error=not answer.is_success)


async def serve(url: str, *, key: str, language: str, write: bool, guard: Guard) -> None:
    """Serve one session over standard input and output; raises `httpx.HTTPError` when there is no Colisage."""
    headers = {"Authorization": f"Bearer {key}", "Accept-Language": language, "User-Agent": "colisage-mcp"}
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=30, trust_env=False) as client:
        document = (await client.get(DOCUMENT)).raise_for_status().json()
        assistant = Assistant(client, tools_of(document, write=write), guard)

        async def listed(_context: ServerRequestContext[Any], _asked: Any) -> types.ListToolsResult:
            return types.ListToolsResult(tools=assistant.listed())

        async def called(
            _context: ServerRequestContext[Any], asked: types.CallToolRequestParams
        ) -> types.CallToolResult:
            return await assistant.call(asked.name, asked.arguments or {})

        server: Server[Any] = Server(
            "colisage", version=document["info"]["version"], instructions=INSTRUCTIONS,
            on_list_tools=listed, on_call_tool=called,
        )  # fmt: skip
        async with stdio_server() as (reading, writing):
            await server.run(reading, writing, server.create_initialization_options())


def _too_long(tool: Tool) -> str:
    """Say what an answer that is too long can be made shorter with: not every tool gives a page of a list."""
    if "limit" in tool.places:
        return either(
            "The answer is too long: ask for fewer with `limit`, or filter.",
            "La réponse est trop longue : demandez-en moins avec `limit`, ou filtrez.",
        )
    names = ", ".join(f"`{name}`" for name, place in tool.places.items() if place == "query")
    return either(
        f"The answer is too long: ask for less{f' with {names}' if names else ''}.",
        f"La réponse est trop longue : demandez-en moins{f' avec {names}' if names else ''}.",
    )


def _file(content: bytes, *, kind: str, url: str) -> types.CallToolResult:
    """Give a file as it is: the person's program shows or saves it."""
    blob = types.BlobResourceContents(uri=url, mime_type=kind, blob=base64.b64encode(content).decode())
    return types.CallToolResult(content=[types.EmbeddedResource(resource=blob)])


def _told(content: Any, *, error: bool = False) -> types.CallToolResult:
    text = json.dumps(content, ensure_ascii=False)
    return types.CallToolResult(
        content=[types.TextContent(type="text", text=text)], structured_content=content, is_error=error
    )
