"""The reference of the API as a page shows it, from the OpenAPI document and from the refusals the code knows."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from colisage.intake.ports import REASONS
from colisage.kit.described import REF, running
from colisage.kit.errors import Refused
from colisage.notices.queries.webhooks import TYPES
from colisage.people.queries import scope_words

SUBJECTS: Final[Mapping[str, str | Promise]] = {
    "orders": _("Orders"),
    "changes": _("Changes to orders"),
    "files": pgettext_lazy("API", "Files, EDI and messages"),
    "columns": pgettext_lazy("API", "Columns of files"),
    "sent-files": pgettext_lazy("API", "Files of SKUs, deliveries and safety stock"),
    "products": _("Products"),
    "stock": _("Stock"),
    "lots": pgettext_lazy("API", "Lots and serial numbers"),
    "plates": _("Licence plates"),
    "kits": pgettext_lazy("API", "Kits"),
    "labels": _("Labels"),
    "counts": pgettext_lazy("API", "Counts"),
    "tags": pgettext_lazy("API", "Tags and readers"),
    "floor": pgettext_lazy("API", "Picking and packing"),
    "shipments": _("Shipments"),
    "returns": _("Returns"),
    "mails": _("Mails to customers"),
    "nodes": pgettext_lazy("API", "Nodes, zones and bins"),
    "packagings": pgettext_lazy("API", "Packagings"),
    "rates": pgettext_lazy("API", "Rate cards"),
    "network": pgettext_lazy("API", "Channels and shops"),
    "suppliers": _("Suppliers"),
    "inbound": pgettext_lazy("API", "Purchase orders and deliveries"),
    "dock": pgettext_lazy("API", "The dock"),
    "inspections": pgettext_lazy("API", "Inspections"),
    "putaway": pgettext_lazy("API", "Put-away"),
    "supplier-returns": _("Supplier returns"),
    "consigned": pgettext_lazy("API", "Consigned goods"),
    "transfers": _("Transfers"),
    "production": _("Own production"),
    "rules": _("Rules"),
    "disruptions": _("Disruptions"),
    "webhooks": _("Webhooks"),
    "epcis": _("EPCIS"),
}
STATUSES: Final[Mapping[int, str | Promise]] = {
    200: pgettext_lazy("answer", "done"),
    201: _("made"),
    202: pgettext_lazy("answer", "taken in"),
    304: _("not changed since the ETag that was sent"),
    400: pgettext_lazy("answer", "not as the standard of this door has it"),
    401: _("no living key with the scope"),
    403: pgettext_lazy("answer", "not allowed"),
    404: _("not there, or somebody else’s"),
    409: _("refused as things stand"),
    413: _("larger than is taken at once"),
    415: _("a kind of body that is not read here"),
    412: _("changed since the ETag that was sent"),
    422: _("cannot be understood"),
    428: _("send the ETag as If-Match"),
    429: _("too many requests: wait for Retry-After seconds"),
}
_API_TEXT: Final = "API text"  # as `tools/messages.py` finds them
_PLACE: Final = re.compile(r"%\(\w+\)[-+ \d.]*[a-z]")


def reference(subject: str = "") -> dict[str, Any]:
    """Give what the reference shows: every subject with its doors, and of one subject also all about them.

    A subject comes with the types its doors take and give, and those these are made of; an unknown one is empty.
    """
    document = import_string(settings.COLISAGE_API).get_openapi_schema()
    by_subject: dict[str, list[dict[str, Any]]] = {name: [] for name in SUBJECTS}
    for path, methods in document["paths"].items():
        for method, said in methods.items():
            by_subject.setdefault(said["tags"][0], []).append(_operation(method.upper(), path, said))
    subjects = [
        {"id": name, "title": SUBJECTS.get(name, name), "operations": found}
        for name, found in by_subject.items()
        if found
    ]
    doors = by_subject.get(subject, [])
    return {
        "subjects": subjects,
        "subject": next((one for one in subjects if one["id"] == subject), None),
        "refusals": {status: word for status, word in STATUSES.items() if status >= 400},
        "schemas": _schemas_of(
            doors, {name: _schema(name, said) for name, said in document["components"]["schemas"].items()}
        ),
        "base": settings.COLISAGE_URL.rstrip("/"),
    }


def _schemas_of(doors: Sequence[Mapping[str, Any]], schemas: Mapping[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Give the types that doors speak of, and the types of their members, by name."""
    types = [one["type"] for door in doors for one in (*door["parameters"], *door["responses"])]
    types += [door["body"] for door in doors]
    types += [type_of({"$ref": REF.format(name="ProblemDocument")})] if doors else []  # what they refuse with
    found: set[str] = set()
    while types:
        fresh = {piece["ref"] for type_ in types for piece in type_ or () if piece["ref"]} - found
        found |= fresh
        types = [member["type"] for name in fresh for member in schemas[name]["members"]]
    return [schemas[name] for name in sorted(found)]


def events() -> list[tuple[str, str | Promise]]:
    """Give the types of webhook messages with what they tell."""
    return list(TYPES.items())


def _operation(method: str, path: str, said: Mapping[str, Any]) -> dict[str, Any]:
    body = said.get("requestBody", {}).get("content", {}).get("application/json", {})
    example = json.dumps(body["example"], indent=2, ensure_ascii=False) if "example" in body else ""
    summary, *rest = _in_words(said) or [said["summary"]]
    answers = [_response(int(status), one) for status, one in sorted(said["responses"].items())]
    return {
        "id": said["operationId"],
        "method": method,
        "path": path,
        "summary": summary,
        "description": rest,
        "scope": said.get("x-scope", ""),
        "may": scope_words().get(said.get("x-scope", ""), ""),
        "parameters": [_parameter(one) for one in said.get("parameters", ())],
        "body": type_of(body["schema"]) if body else None,
        "example": example,
        "curl": _curl(method, path, example, file=next(iter(said.get("requestBody", {}).get("content", {})), "")),
        "responses": [one for one in answers if not one["bad"]],
        "refusals": [one["status"] for one in answers if one["bad"]],
    }


def _parameter(one: Mapping[str, Any]) -> dict[str, Any]:
    schema = one["schema"]
    return {
        "name": one["name"],
        "where": one["in"],
        "required": one.get("required", False),
        "type": type_of(schema),
        "default": schema.get("default"),
    }


def _response(status: int, one: Mapping[str, Any]) -> dict[str, Any]:
    content: Mapping[str, Any] = next(iter(one.get("content", {}).values()), {})
    return {
        "status": status,
        "word": STATUSES.get(status, one.get("description", "")),
        "type": type_of(content["schema"]) if "schema" in content else None,
        "bad": status >= 400,
    }


def _curl(method: str, path: str, example: str, *, file: str) -> str:
    """Write the request as a person would try it in a terminal."""
    lines = [f"curl -X {method} '{settings.COLISAGE_URL.rstrip('/')}{path}'", "-H 'Authorization: Bearer co_…'"]
    if example:
        compact = json.dumps(json.loads(example), ensure_ascii=False)
        lines += ["-H 'Content-Type: application/json'", f"-d '{compact}'"]
    elif file and file != "application/json":
        lines += [f"-H 'Content-Type: {file}'", "--data-binary '@file'"]
    return " \\\n  ".join(lines)


def _in_words(said: Mapping[str, Any]) -> list[str]:
    """Give what a door or a type says of itself, paragraph by paragraph, in the reader's language."""
    return [pgettext(_API_TEXT, text) for text in running(said.get("description", ""))]


def _schema(name: str, said: Mapping[str, Any]) -> dict[str, Any]:
    needed = set(said.get("required", ()))
    return {
        "name": name,
        "description": _in_words(said),
        "members": [
            {"name": member, "type": type_of(one), "required": member in needed, "default": one.get("default")}
            for member, one in said.get("properties", {}).items()
        ],
    }


def type_of(schema: Mapping[str, Any]) -> list[dict[str, str]]:
    """Say what a schema allows, in pieces: a text, and the name of the schema it leads to, if it is one of ours."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return [{"text": name, "ref": name}]
    several = schema.get("anyOf") or schema.get("oneOf")
    if several:
        pieces: list[dict[str, str]] = []
        for one in several:
            pieces += [{"text": " | ", "ref": ""}] if pieces else []
            pieces += type_of(one)
        return pieces
    if schema.get("type") == "array":
        return [{"text": "[", "ref": ""}, *type_of(schema.get("items", {})), {"text": "]", "ref": ""}]
    return [{"text": _plain(schema), "ref": ""}]


def _plain(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return ", ".join(str(value) for value in schema["enum"])
    kind = schema.get("format") or schema.get("type") or "any"
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        return f"{kind} {low}–{high}"
    longest = schema.get("maxLength")
    return f"{kind} ≤ {longest}" if longest else str(kind)


def problems() -> list[dict[str, Any]]:
    """Give every stable code with its status and its sentence, by code."""
    found: dict[str, tuple[int, str]] = {code: (422, str(text)) for code, text in REASONS.items()}
    for refusal in _kinds(Refused):
        found.setdefault(refusal.code, (refusal.status, str(refusal.text)))
    return [
        {"code": code, "status": status, "text": _PLACE.sub("…", text)}
        for code, (status, text) in sorted(found.items())
        if text
    ]


def _kinds(kind: type[Refused]) -> Iterator[type[Refused]]:
    yield kind
    for below in kind.__subclasses__():
        yield from _kinds(below)
