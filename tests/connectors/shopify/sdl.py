"""A small check of documents against a GraphQL schema, since no library for it is among our dependencies.

It knows fields, arguments (which exist, which are needed), variables (declared, used, of the type that is asked for),
fragments on the type they are spread on or on a kind of it, directives, words of enumerations, and that objects are
asked for by their fields. It does not know unions, aliases or the contents of literal objects: our documents have none.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from colisage.connectors.shopify.graphql import Document, Enum, Field, Variable

SCALARS = {bool: {"Boolean"}, int: {"Int", "Float"}, str: {"String", "ID", "DateTime", "URL"}}


@dataclass
class Asked:
    """A field or argument of the schema: its type, whether it has a default, its own arguments."""

    type: str
    default: bool = False
    arguments: dict[str, "Asked"] = field(default_factory=dict)


@cache
def schema(
    path: Path,
) -> tuple[dict[str, dict[str, Asked]], dict[str, set[str]], dict[str, dict[str, Asked]], dict[str, set[str]]]:
    """Read the schema: fields of types and inputs, words of enumerations, arguments of directives, kinds of things."""
    text = re.sub(r'"""[\s\S]*?"""', "", path.read_text())
    text = re.sub(r'"(?:[^"\\\n]|\\.)*"', '""', text)
    types: dict[str, dict[str, Asked]] = {}
    kinds: dict[str, set[str]] = {}
    for found in re.finditer(r"^type (\w+) implements ([^{\n]*)\{", text, re.MULTILINE):
        for one in found[2].split("&"):
            kinds.setdefault(one.strip(), set()).add(found[1])
    for found in re.finditer(r"^(?:type|input|interface) (\w+)[^{\n]*\{(.*?)^\}", text, re.MULTILINE | re.DOTALL):
        types[found[1]] = dict(_fields(found[2]))
    enums = {
        found[1]: set(re.findall(r"^  (\w+)", found[2], re.MULTILINE))
        for found in re.finditer(r"^enum (\w+)[^{\n]*\{(.*?)^\}", text, re.MULTILINE | re.DOTALL)
    }
    directives = {
        found[1]: dict(_fields(found[2]))
        for found in re.finditer(r"^directive @(\w+)\((.*?)\) on", text, re.MULTILINE | re.DOTALL)
    }
    return types, enums, directives, kinds


def _fields(body: str) -> Iterator[tuple[str, Asked]]:
    pattern = r"(\w+)\s*(?:\(([^()]*(?:\([^()]*\)[^()]*)*)\))?\s*:\s*([\[\]\w!]+)(\s*=)?"
    body = re.sub(r"@\w+(?:\([^()]*\))?", "", body)
    for found in re.finditer(pattern, body):
        yield found[1], Asked(found[3], bool(found[4]), dict(_fields(found[2] or "")))


def faults(document: Document, path: Path) -> list[str]:
    """Say what of a document the schema does not allow."""
    check = _Check(document, path)
    check.fields({"query": "QueryRoot", "mutation": "Mutation"}[document.kind], document.fields)
    found = check.found + [f"${name} is not used" for name in document.variables if name not in check.used]
    return found + [
        f"${name}: no type {kind}"
        for name, kind in document.variables.items()
        if not _known(kind, check.types, check.enums)
    ]


class _Check:
    def __init__(self, document: Document, path: Path) -> None:
        self.variables = document.variables
        self.types, self.enums, self.directives, self.kinds = schema(path)
        self.found: list[str] = []
        self.used: set[str] = set()

    def fields(self, name: str, asked: Sequence[Field]) -> None:
        for one in asked:
            if one.name == "...":
                if one.on != name and one.on not in self.kinds.get(name, ()):
                    self.found.append(f"{name}: fragment on {one.on}")
                self.fields(one.on, one.fields)
            elif one.name in self.types[name]:
                self._field(f"{name}.{one.name}", one, self.types[name][one.name])
            else:
                self.found.append(f"{name}: no field {one.name}")

    def _field(self, where: str, one: Field, known: Asked) -> None:
        self._arguments(where, one.arguments, known.arguments)
        for directive, given in one.directives.items():
            if directive in self.directives:
                self._arguments(f"{where} @{directive}", given, self.directives[directive])
            else:
                self.found.append(f"{where}: no directive @{directive}")
        bare = known.type.strip("[]!")
        if (bare in self.types) != bool(one.fields):
            self.found.append(f"{where}: {'asks no fields' if bare in self.types else 'asks fields'} of {bare}")
        elif one.fields:
            self.fields(bare, one.fields)

    def _arguments(self, where: str, given: Mapping[str, Any], known: Mapping[str, Asked]) -> None:
        self.found += [f"{where}: no argument {name}" for name in given if name not in known]
        self.found += [
            f"{where}: needs {name}"
            for name, asked in known.items()
            if asked.type.endswith("!") and not asked.default and name not in given
        ]
        for name in given.keys() & known.keys():
            self._value(f"{where}({name})", given[name], known[name])

    def _value(self, where: str, value: Any, asked: Asked) -> None:
        bare = asked.type.strip("[]!")
        if isinstance(value, Variable):
            self.used.add(value.name)
            declared = self.variables.get(value.name, "")
            loose = asked.type.endswith("!") and not declared.endswith("!") and not asked.default
            if declared.rstrip("!") != asked.type.rstrip("!") or loose:
                self.found.append(f"{where}: {declared or 'undeclared'}, not {asked.type}")
        elif isinstance(value, Enum):
            if value.name not in self.enums.get(bare, ()):
                self.found.append(f"{where}: no word {value.name}")
        elif isinstance(value, list):
            for one in value:
                self._value(where, one, Asked(bare))
        elif bare not in SCALARS[type(value)]:
            self.found.append(f"{where}: {value!r}, not {asked.type}")


def _known(kind: str, types: Mapping[str, Any], enums: Mapping[str, Any]) -> bool:
    bare = kind.strip("[]!")
    return bare in types or bare in enums or bare in set().union(*SCALARS.values())


def input_faults(value: Any, kind: str, path: Path) -> list[str]:
    """Say what of a value that is sent with a mutation the schema does not allow."""
    types, _enums, _directives, _kinds = schema(path)
    bare = kind.strip("[]!")
    if isinstance(value, list):
        return [fault for one in value for fault in input_faults(one, bare, path)]
    if bare not in types:
        return []
    known = types[bare]
    found = [f"{bare}: no field {name}" for name in value if name not in known]
    found += [
        f"{bare}: needs {name}" for name, asked in known.items()
        if asked.type.endswith("!") and not asked.default and name not in value
    ]  # fmt: skip
    return found + [
        fault for name, one in value.items() if name in known for fault in input_faults(one, known[name].type, path)
    ]
