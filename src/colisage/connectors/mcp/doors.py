"""Tools for an assistant, made from the OpenAPI document of the installation it speaks to: one of each door."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote

from colisage.kit.terminal import either

REF: Final = "#/components/schemas/"
CONFIRM: Final = "confirm"
IF_MATCH: Final = "If-Match"
_ASKED: Final = {
    "type": "string",
    "description": "Leave it out to rehearse: the answer says what would happen and gives the code to confirm with.",
}


@dataclass(frozen=True, slots=True)
class Tool:
    """A door of the API as a tool: how it is called, and the JSON Schema of its arguments."""

    name: str
    method: str
    path: str
    description: str
    schema: Mapping[str, Any]
    places: Mapping[str, str] = field(default_factory=dict)  # argument: `path`, `query` or `header`

    @property
    def writes(self) -> bool:
        """Say whether it may change something."""
        return self.method != "GET"


@dataclass(frozen=True, slots=True)
class Call:
    """A request to the API."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any


def tools_of(document: Mapping[str, Any], *, write: bool) -> list[Tool]:
    """Make a tool of each door of an OpenAPI document that takes no file; without `write` only of those that read."""
    found = []
    for path, doors in document["paths"].items():
        for method, door in doors.items():
            if "application/json" not in door.get("requestBody", {}).get("content", {"application/json": {}}):
                continue
            tool = _tool(document, path, method.upper(), door)
            if write or not tool.writes:
                found.append(tool)
    return sorted(found, key=lambda tool: tool.name)


def call_of(tool: Tool, arguments: Mapping[str, Any]) -> Call:
    """Turn arguments into a request; raises `ValueError`, which says what is wrong with them."""
    strange = sorted(set(arguments) - set(tool.schema["properties"]))
    if strange:
        names = ", ".join(strange)
        raise ValueError(either(f"unknown arguments: {names}", f"arguments inconnus : {names}"))
    missing = sorted(set(tool.schema["required"]) - set(arguments))
    if missing:
        names = ", ".join(missing)
        raise ValueError(either(f"missing arguments: {names}", f"arguments manquants : {names}"))
    path, query, headers = tool.path, {}, {}
    for name, value in arguments.items():
        place = tool.places.get(name)
        if place is None or value is None:
            continue
        if not isinstance(value, str | int | float):
            said = either(f"{name} is one text or number", f"{name} est un seul texte ou nombre")
            raise ValueError(said)  # noqa: TRY004 -- one kind of error for the assistant
        said = str(value).lower() if isinstance(value, bool) else str(value)
        if place == "path":
            path = path.replace(f"{{{name}}}", quote(said, safe=""))
        elif place == "query":
            query[name] = said
        else:
            headers[IF_MATCH] = said
    return Call(tool.method, path, query, headers, arguments.get("body"))


def things_in(body: Any) -> int:
    """Count what a body is about: the longest list in it, or one."""
    if isinstance(body, list):
        return max(len(body), *map(things_in, body)) if body else 0
    if isinstance(body, Mapping):
        return max((things_in(value) for value in body.values()), default=1) or 1
    return 1


def _tool(document: Mapping[str, Any], path: str, method: str, door: Mapping[str, Any]) -> Tool:
    properties: dict[str, Any] = {}
    required: list[str] = []
    places: dict[str, str] = {}
    for parameter in door.get("parameters", ()):
        name, place = parameter["name"], parameter["in"]
        if place == "header":
            if name != IF_MATCH:
                continue
            name = "if_match"
        said = parameter.get("description")
        properties[name] = {**parameter["schema"], **({"description": said} if said else {})}
        places[name] = place
        if parameter.get("required") or name == "if_match":
            required.append(name)
    body = door.get("requestBody")
    if body:
        properties["body"] = body["content"]["application/json"]["schema"]
        required.append("body")
    if method != "GET":
        properties[CONFIRM] = _ASKED
    schema: dict[str, Any] = {
        "type": "object",
        "properties": _local(properties),
        "required": required,
        "additionalProperties": False,
    }
    kinds = document["components"]["schemas"]
    if needed := _needed(properties, kinds):
        schema["$defs"] = {name: _local(kinds[name]) for name in sorted(needed)}
    told = [door.get("description") or door["summary"], f"Needs a key with the scope {door.get('x-scope', '')}."]
    return Tool(door["operationId"], method, path, "\n".join(told), schema, places)


def _refs(schema: Any) -> Iterator[str]:
    """Give the names of the schemas that a schema names."""
    if isinstance(schema, Mapping):
        if isinstance(ref := schema.get("$ref"), str):
            yield ref.removeprefix(REF)
        for value in schema.values():
            yield from _refs(value)
    elif isinstance(schema, Sequence) and not isinstance(schema, str):
        for value in schema:
            yield from _refs(value)


def _needed(schema: Any, kinds: Mapping[str, Any]) -> set[str]:
    """Give the names of all schemas that a schema leads to."""
    found: set[str] = set()
    waiting = list(_refs(schema))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(_refs(kinds[name]))
    return found


def _local(schema: Any) -> Any:
    """Let a schema find the others beside it instead of in the document."""
    if isinstance(schema, Mapping):
        return {
            name: f"#/$defs/{value.removeprefix(REF)}" if name == "$ref" and isinstance(value, str) else _local(value)
            for name, value in schema.items()
        }
    if isinstance(schema, Sequence) and not isinstance(schema, str):
        return [_local(value) for value in schema]
    return schema
