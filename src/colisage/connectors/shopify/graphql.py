"""Reading our own GraphQL documents: for the simulator, and to check them against Shopify's schema."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

_TOKEN: Final = re.compile(r'#[^\n]*|[\s,]+|(\.\.\.|[_A-Za-z]\w*|-?\d+(?:\.\d+)?|"(?:[^"\\\n]|\\.)*"|[{}()\[\]:!$@=])')


@dataclass(frozen=True, slots=True)
class Variable:
    """A value that is given with the question."""

    name: str


@dataclass(frozen=True, slots=True)
class Enum:
    """A word of the schema."""

    name: str


@dataclass(frozen=True, slots=True)
class Field:
    """One field that is asked for; a fragment is a field called `...` with the type it is for in `on`."""

    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    fields: Sequence["Field"] = ()
    directives: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    on: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One operation; variables by name with the type they are declared with."""

    kind: str
    name: str
    variables: Mapping[str, str]
    fields: Sequence[Field]


def parsed(text: str) -> Document:
    """Read a document with one operation and its fragments; raises `ValueError` when it is not one."""
    tokens = _Tokens(text)
    found: list[Document] = []
    fragments: dict[str, Field] = {}
    while tokens.more():
        kind = tokens.take()
        if kind == "fragment":
            name, word, on = tokens.take(), tokens.take(), tokens.take()
            if word != "on":
                raise ValueError(f"fragment {name}: {word}")
            fragments[name] = Field("...", fields=_fields(tokens), on=on)
        elif kind in {"query", "mutation"}:
            name = tokens.take()
            found.append(Document(kind, name, _variables(tokens), _fields(tokens)))
        else:
            raise ValueError(kind)
    if len(found) != 1:
        raise ValueError(f"{len(found)} operations")
    [one] = found
    return Document(one.kind, one.name, one.variables, _spread(one.fields, fragments))


class _Tokens:
    def __init__(self, text: str) -> None:
        self._found = list(_tokens(text))
        self._at = 0

    def more(self) -> bool:
        return self._at < len(self._found)

    def next(self) -> str:
        return self._found[self._at] if self.more() else ""

    def take(self, wanted: str = "") -> str:
        token = self.next()
        if not token or (wanted and token != wanted):
            raise ValueError(f"{token or 'end'}, not {wanted}")
        self._at += 1
        return token

    def took(self, wanted: str) -> bool:
        if self.next() != wanted:
            return False
        self._at += 1
        return True


def _tokens(text: str) -> Iterator[str]:
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise ValueError(text[at : at + 20])
        if found[1]:
            yield found[1]
        at = found.end()


def _variables(tokens: _Tokens) -> dict[str, str]:
    found: dict[str, str] = {}
    if not tokens.took("("):
        return found
    while not tokens.took(")"):
        tokens.take("$")
        name = tokens.take()
        tokens.take(":")
        kind = tokens.take()
        while tokens.next() in {"!", "]", "["} or kind == "[":
            kind += tokens.take()
        found[name] = kind
    return found


def _fields(tokens: _Tokens) -> list[Field]:
    found = []
    tokens.take("{")
    while not tokens.took("}"):
        name = tokens.take()
        if name == "...":
            found.append(Field("...", on=tokens.take()))
            continue
        arguments = _arguments(tokens)
        directives = {}
        while tokens.took("@"):
            directive = tokens.take()
            directives[directive] = _arguments(tokens)
        found.append(Field(name, arguments, _fields(tokens) if tokens.next() == "{" else (), directives))
    return found


def _arguments(tokens: _Tokens) -> dict[str, Any]:
    found = {}
    if tokens.took("("):
        while not tokens.took(")"):
            name = tokens.take()
            tokens.take(":")
            found[name] = _value(tokens)
    return found


def _value(tokens: _Tokens) -> Any:
    if tokens.took("$"):
        return Variable(tokens.take())
    if tokens.took("["):
        found = []
        while not tokens.took("]"):
            found.append(_value(tokens))
        return found
    word = tokens.take()
    if word.startswith('"'):
        return word[1:-1]
    if word in {"true", "false"}:
        return word == "true"
    return int(word) if word.lstrip("-").isdecimal() else Enum(word)


def _spread(fields: Sequence[Field], fragments: Mapping[str, Field]) -> list[Field]:
    """Put each fragment where it is named; raises `ValueError` for one that does not exist."""
    found = []
    for one in fields:
        if one.name != "...":
            found.append(Field(one.name, one.arguments, _spread(one.fields, fragments), one.directives))
        elif one.on in fragments:
            fragment = fragments[one.on]
            found.append(Field("...", fields=_spread(fragment.fields, fragments), on=fragment.on))
        else:
            raise ValueError(f"no fragment {one.on}")
    return found
