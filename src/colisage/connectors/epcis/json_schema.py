"""The part of JSON Schema (draft 7) that GS1's schema of EPCIS uses: is a document valid, and where not.

A validator of its own, because no other part of the installation needs one; the tests hold it against the reference
implementation, document by document.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

MOST_FAULTS: Final = 20
_URI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s\x00-\x1f\"<>\\^`{|}]*")
_TIME: Final = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt]([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a document is not as it must be (a JSON pointer), and why."""

    pointer: str
    why: str


@cache
def epcis_schema() -> dict[str, Any]:
    """Give GS1's schema of EPCIS 2.0 documents, as it was published."""
    file = Path(__file__).parent / "data" / "EPCIS-JSON-Schema.json"
    schema: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return schema


def is_uri(text: str) -> bool:
    """Say whether a text is an absolute URI."""
    return _URI.fullmatch(text) is not None


def is_time(text: str) -> bool:
    """Say whether a text is a moment with its offset (RFC 3339)."""
    found = _TIME.fullmatch(text)
    if not found:
        return False
    try:
        date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return False
    return True


_FORMATS: Final[Mapping[str, Callable[[str], bool]]] = {"uri": is_uri, "date-time": is_time}


def faults(document: Any, *, schema: Mapping[str, Any] | None = None) -> list[Fault]:
    """Give where a document is not as the schema says, the first few; nothing when it is valid."""
    root = epcis_schema() if schema is None else schema
    found = []
    for fault in _check(document, root, root, ""):
        found.append(fault)
        if len(found) == MOST_FAULTS:
            break
    return found


def _check(value: Any, schema: Any, root: Mapping[str, Any], at: str) -> Iterator[Fault]:
    if schema is True:
        return
    if schema is False:
        yield Fault(at, "not allowed here")
        return
    if "$ref" in schema:  # draft 7: what stands beside a reference does not count
        yield from _check(value, _resolve(schema["$ref"], root), root, at)
        return
    for word, argument in schema.items():
        checker = _WORDS.get(word)
        if checker:
            yield from checker(value, argument, schema, root, at)


@cache
def _steps(reference: str) -> tuple[str, ...]:
    path = reference.removeprefix("#").strip("/")
    return tuple(unquote(step).replace("~1", "/").replace("~0", "~") for step in path.split("/")) if path else ()


def _resolve(reference: str, root: Mapping[str, Any]) -> Any:
    found: Any = root
    for step in _steps(reference):
        found = found[step]
    return found


def _valid(value: Any, schema: Any, root: Mapping[str, Any]) -> bool:
    return next(_check(value, schema, root, ""), None) is None


_TYPES: Final[Mapping[str, Callable[[Any], bool]]] = {
    "object": lambda v: isinstance(v, dict),
    "array": lambda v: isinstance(v, list),
    "string": lambda v: isinstance(v, str),
    "boolean": lambda v: isinstance(v, bool),
    "null": lambda v: v is None,
    "number": lambda v: isinstance(v, int | float) and not isinstance(v, bool),
    "integer": lambda v: not isinstance(v, bool) and (isinstance(v, int) or (isinstance(v, float) and v.is_integer())),
}


def _type(value: Any, wanted: Any, _schema: Any, _root: Any, at: str) -> Iterator[Fault]:
    kinds = wanted if isinstance(wanted, list) else [wanted]
    if not any(_TYPES[kind](value) for kind in kinds):
        yield Fault(at, f"is not of type {', '.join(kinds)}")


def _enum(value: Any, allowed: Any, _schema: Any, _root: Any, at: str) -> Iterator[Fault]:
    if not any(_same(value, each) for each in allowed):
        yield Fault(at, f"is none of {', '.join(map(str, allowed))}"[:300])


def _same(one: Any, other: Any) -> bool:
    """Compare as JSON does: true is not 1."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(_same(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    return bool(one == other)


def _pattern(value: Any, pattern: Any, _schema: Any, _root: Any, at: str) -> Iterator[Fault]:
    if isinstance(value, str) and not re.search(pattern, value):
        yield Fault(at, f"does not look like {pattern}"[:300])


def _format(value: Any, name: Any, _schema: Any, _root: Any, at: str) -> Iterator[Fault]:
    known = _FORMATS.get(name)
    if known and isinstance(value, str) and not known(value):
        yield Fault(at, {"uri": "is not a URI"}.get(name, "is not a date and time with its offset"))


def _required(value: Any, names: Any, _schema: Any, _root: Any, at: str) -> Iterator[Fault]:
    if isinstance(value, dict):
        yield from (Fault(at, f"{name} is missing") for name in names if name not in value)


def _properties(value: Any, parts: Any, _schema: Any, root: Any, at: str) -> Iterator[Fault]:
    if isinstance(value, dict):
        for name, part in parts.items():
            if name in value:
                yield from _check(value[name], part, root, f"{at}/{_escaped(name)}")


def _additional(value: Any, part: Any, schema: Any, root: Any, at: str) -> Iterator[Fault]:
    if isinstance(value, dict):
        for name in value.keys() - schema.get("properties", {}).keys():
            if part is False:
                yield Fault(f"{at}/{_escaped(name)}", "is not known here")
            else:
                yield from _check(value[name], part, root, f"{at}/{_escaped(name)}")


def _names(value: Any, part: Any, _schema: Any, root: Any, at: str) -> Iterator[Fault]:
    if isinstance(value, dict):
        for name in value:
            if not _valid(name, part, root):
                yield Fault(f"{at}/{_escaped(name)}", "is not a name that is known here")


def _items(value: Any, part: Any, _schema: Any, root: Any, at: str) -> Iterator[Fault]:
    if isinstance(value, list):
        for n, each in enumerate(value):
            yield from _check(each, part, root, f"{at}/{n}")


def _min_items(value: Any, least: Any, _schema: Any, _root: Any, at: str) -> Iterator[Fault]:
    if isinstance(value, list) and len(value) < least:
        yield Fault(at, f"holds fewer than {least}")


def _unique(value: Any, wanted: Any, _schema: Any, _root: Any, at: str) -> Iterator[Fault]:
    if wanted and isinstance(value, list):
        texts = [json.dumps(each, sort_keys=True) for each in value]
        if len(set(texts)) < len(texts):
            yield Fault(at, "names the same thing twice")


def _all_of(value: Any, parts: Any, _schema: Any, root: Any, at: str) -> Iterator[Fault]:
    for part in parts:
        yield from _check(value, part, root, at)


def _any_of(value: Any, parts: Any, _schema: Any, root: Any, at: str) -> Iterator[Fault]:
    tried = []
    for part in parts:
        first = next(_check(value, part, root, at), None)
        if first is None:
            return
        tried.append(first)
    deepest = max(tried, key=lambda fault: fault.pointer.count("/"))
    yield deepest if deepest.pointer != at else Fault(at, " or ".join(dict.fromkeys(f.why for f in tried))[:300])


def _one_of(value: Any, parts: Any, _schema: Any, root: Any, at: str) -> Iterator[Fault]:
    if sum(_valid(value, part, root) for part in parts) != 1:
        yield Fault(at, "is not exactly one of what is allowed")


def _not(value: Any, part: Any, _schema: Any, root: Any, at: str) -> Iterator[Fault]:
    if _valid(value, part, root):
        yield Fault(at, "is what it must not be")


def _if(value: Any, condition: Any, schema: Any, root: Any, at: str) -> Iterator[Fault]:
    branch = schema.get("then" if _valid(value, condition, root) else "else", True)
    yield from _check(value, branch, root, at)


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


_WORDS: Final[Mapping[str, Callable[[Any, Any, Any, Any, str], Iterator[Fault]]]] = {
    "type": _type, "enum": _enum, "pattern": _pattern, "format": _format, "required": _required,
    "properties": _properties, "additionalProperties": _additional, "propertyNames": _names, "items": _items,
    "minItems": _min_items, "uniqueItems": _unique, "allOf": _all_of, "anyOf": _any_of, "oneOf": _one_of, "not": _not,
    "if": _if,
}  # fmt: skip
