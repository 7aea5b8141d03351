"""What the API says of itself: the types that doors take and give become schemas of the OpenAPI document."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType, UnionType
from typing import Any, Final, get_args

import msgspec
from msgspec import Struct

from colisage.kit.problems import CONTENT_TYPE

REF: Final = "#/components/schemas/{name}"
LONGEST_KEY: Final = 255  # characters of an Idempotency-Key
_types: list[Any] = []


class Fault(Struct, frozen=True, kw_only=True):
    """One member that is wrong, by JSON pointer."""

    pointer: str
    code: str = ""
    detail: str = ""


class ProblemDocument(Struct, frozen=True, kw_only=True):
    """A refusal (RFC 9457). `code` is stable and for machines; `detail` is for people, in the language asked for."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[Fault] = []


def running(text: str) -> list[str]:
    """Give the paragraphs of a docstring as running text: no line ends, no marks of code."""
    paragraphs = (" ".join(part.replace("`", "").split()) for part in text.split("\n\n"))
    return [paragraph for paragraph in paragraphs if paragraph]


def described(
    answer: Any = None,
    *,
    scope: str,
    body: Any = None,
    status: int = 200,
    also: Mapping[int, Any] = MappingProxyType({}),
    refusals: tuple[int, ...] = (),
    headers: tuple[str, ...] = (),
    example: Any = None,
    files: tuple[str, ...] = (),
    gives: tuple[str, ...] = (),
    located: bool = False,
    media: tuple[str, ...] = (),
    parameters: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Describe a door for `openapi_extra`: its key's scope, what it takes and gives, and the statuses it refuses with.

    `headers` are those of the request that it reads besides the key: `Idempotency-Key`, `If-Match`, `If-None-Match`.
    `also` are other answers to what was done, by status.
    `files` are the media types of a body that is a file, as it is (`example` is one of the first), `gives` those of an
    answer that is one. An answer that is `located` names in `Location` where what was made is read; only such a one may
    say nothing else.
    `media` are further media types under which a JSON body is taken; `parameters`, as OpenAPI writes them, those that a
    door reads by itself.
    """
    said: dict[str, Any] = {
        "security": [{"key": []}],
        "x-scope": scope,
        "responses": {
            code: _content("OK", kind, "application/json") for code, kind in {status: answer, **also}.items()
        },
    }
    if gives:
        said["responses"][status]["content"] = _files(gives)
    if located:
        place = {"description": "Where it is read", "required": True, "schema": {"type": "string", "format": "uri"}}
        said["responses"][status]["headers"] = {"Location": place}
    for code in (401, *refusals, 422, 429):
        said["responses"][code] = _content(_REFUSED[code], ProblemDocument, CONTENT_TYPE)
    if "If-None-Match" in headers:
        said["responses"][304] = {"description": "Not changed since the ETag that was sent"}
    if headers or parameters:
        said["parameters"] = [
            *parameters,
            *({"in": "header", "name": name, "required": False, "schema": _header(name)} for name in headers),
        ]
    if files or body is not None:
        said["requestBody"] = {"required": True, "content": _taken(body, files=files, example=example, media=media)}
        said["responses"] |= {code: _content(_REFUSED[code], ProblemDocument, CONTENT_TYPE) for code in (413, 415)}
    return said


_REFUSED: Final = {
    400: "Not as the standard of this door has it",
    401: "No living key with the scope",
    403: "Not allowed",
    404: "Nothing there, or somebody else’s",
    409: "Refused as things stand",
    412: "Changed since the ETag that was sent",
    413: "Larger than is taken at once",
    415: "A kind of body that is not read here",
    422: "Cannot be understood",
    428: "Send the ETag that you saw as If-Match",
    429: "Too many requests: wait for Retry-After seconds",
}


def _header(name: str) -> dict[str, Any]:
    return {"type": "string", "maxLength": LONGEST_KEY} if name == "Idempotency-Key" else {"type": "string"}


def _taken(body: Any, *, files: tuple[str, ...], example: Any, media: tuple[str, ...]) -> dict[str, Any]:
    content: dict[str, Any] = _files(files) if body is None else _content("", body, "application/json")["content"]
    if example is not None:
        next(iter(content.values()))["example"] = example
    return content | dict.fromkeys(media, content.get("application/json"))


def _files(media: tuple[str, ...]) -> dict[str, Any]:
    return {one: {"schema": {"type": "string", "format": "binary"}} for one in media}


def _content(description: str, kind: Any, media: str) -> dict[str, Any]:
    if kind is None:
        return {"description": description}
    members = get_args(kind) if isinstance(kind, UnionType) else (kind,)
    _types.extend(one for one in members if one not in _types)
    each, _components = msgspec.json.schema_components(members, ref_template=REF)
    schema = each[0] if len(each) == 1 else {"oneOf": list(each)}
    return {"description": description, "content": {media: {"schema": schema}}}


def schemas() -> dict[str, Any]:
    """Give the schemas of every type a door named, and of those within."""
    _refs, components = msgspec.json.schema_components(_types, ref_template=REF)
    return dict(sorted(components.items()))
