"""The French messages: `messages.py compile`, `check`, `missing PACKAGE` or `prune`.

What doors of the API say of themselves, and the types they speak of, is said by their docstrings, and translated with
`config`, where the API is put together.

`missing` prints what is to be translated in a package, `prune` throws away what no code says any more.

Needs no gettext binary. A message belongs to the package it is used in, below `src/colisage`, and is
translated in that package's `locale/fr/LC_MESSAGES/django.po`.
"""

import ast
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

from colisage.kit.described import running

ROOT = Path(__file__).resolve().parent.parent
API = ROOT / "docs" / "reference" / "openapi.json"
API_TEXT = "API text"
PACKAGE = ROOT / "src" / "colisage"
SAME_IN_BOTH = ROOT / "tools" / "same_in_both.txt"
PO = Path("locale/fr/LC_MESSAGES/django.po")
CALL = re.compile(r"\b(n?p?gettext|_)\((?=u?['\"])")
LITERAL = re.compile(r"\s*,?\s*u?('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")")
PLACE = re.compile(r"%\((\w+)\)|\{(\w*)\}")
# A straight apostrophe between letters; a plain space where a sign wants a no-break one.
UNTIDY = re.compile(r"\w'\w| [:;!?»]|« ")


class Use(NamedTuple):
    """A message in the code: where, and what it is looked up by."""

    where: str
    context: str | None
    text: str | tuple[str, str]


def main(argv: list[str]) -> int:
    """Compile or check."""
    if argv == ["compile"]:
        for path in catalogues(PACKAGE):
            compile_catalogue(path)
        return 0
    if argv[:1] == ["missing"] and len(argv) == 2:
        catalogue = Catalog()
        for use in missing(PACKAGE / argv[1]):
            catalogue.add(use.text, context=use.context)
        write_po(sys.stdout.buffer, catalogue, omit_header=True, width=0)
        return 0
    if argv == ["prune"]:
        for path in catalogues(PACKAGE):
            prune_catalogue(path)
        return 0
    if argv != ["check"]:
        sys.stderr.write(__doc__ or "")
        return 2
    complaints = [*check_catalogues(PACKAGE), *check_contradictions(PACKAGE), *check_uses(PACKAGE)]
    for complaint in complaints:
        print(complaint)
    print(f"{len(complaints)} complaints about messages" if complaints else "every message is translated")
    return int(bool(complaints))


def catalogues(package: Path) -> list[Path]:
    """Find the French catalogues of a source tree."""
    return sorted(package.glob(f"*/{PO}"))


def compile_catalogue(path: Path) -> None:
    """Write the `.mo` beside a `.po` that is newer; other processes see the old one or the new one."""
    compiled = path.with_suffix(".mo")
    if compiled.exists() and compiled.stat().st_mtime_ns >= path.stat().st_mtime_ns:
        return
    draft = compiled.with_name(f".{compiled.name}.{os.getpid()}")
    with draft.open("wb") as out:
        write_mo(out, read(path))
    draft.replace(compiled)


def read(path: Path) -> Catalog:
    """Read a catalogue."""
    with path.open("rb") as file:
        return read_po(file, locale="fr", abort_invalid=True)


def check_catalogues(package: Path) -> Iterator[str]:
    """Complain of translations that are missing, doubtful, or no translations."""
    same = set(SAME_IN_BOTH.read_text(encoding="utf-8").splitlines()) if SAME_IN_BOTH.exists() else set()
    for path in catalogues(package):
        catalogue = read(path)
        for message in catalogue:
            for complaint in faults(message, same) if message.id else ():
                yield f"{_short(path)}:{message.lineno}: {complaint}: {_first(message.id)!r}"
        for message in catalogue.obsolete.values():
            yield f"{_short(path)}: obsolete, delete it: {_first(message.id)!r}"


def faults(message: Message, same: set[str]) -> Iterator[str]:
    """Say what is wrong with one translation."""
    sources = [message.id] if isinstance(message.id, str) else list(message.id)
    texts = [message.string] if isinstance(message.string, str) else list(message.string or ())
    if not texts or not all(texts) or len(texts) < len(sources):
        yield "not translated"
        return
    if message.fuzzy:
        yield "fuzzy"
    if sources[0] in texts and sources[0] not in same and re.search(r"[^\W\d_]{2}", PLACE.sub("", sources[0])):
        yield "the same in French (if it is right, list it in tools/same_in_both.txt)"
    if any(UNTIDY.search(text) for text in texts):
        yield "straight apostrophe, or a plain space where French has a no-break one"
    known = set(PLACE.findall(" ".join(sources)))
    if any(set(PLACE.findall(text)) - known for text in texts) or known - set(PLACE.findall(" ".join(texts))):
        yield "other places than in English"


def check_contradictions(package: Path) -> Iterator[str]:
    """Complain of messages that two catalogues translate differently.

    Django reads all catalogues as one: only one of the two texts would be shown, in both packages.
    """
    first: dict[tuple[str | None, str], tuple[str, str]] = {}
    for path in catalogues(package):
        for message in read(path):
            if not message.id:
                continue
            said, text = _first(message.id), _texts(message)
            here = f"{_short(path)}:{message.lineno}"
            there, other = first.setdefault((message.context, said), (here, text))
            if text != other:
                known = f" (context {message.context!r})" if message.context else ""
                yield f"{here}: {said!r}{known} is {text} here, {other} in {there}: agree, or give one a context"


def _texts(message: Message) -> str:
    """Give every form of the French, and of the English where it counts."""
    texts = [message.string] if isinstance(message.string, str) else list(message.string or ())
    plural = "" if isinstance(message.id, str) else f", plural of {message.id[1]!r}"
    return " | ".join(map(repr, texts)) + plural


def check_uses(package: Path) -> Iterator[str]:
    """Complain of messages of the code that the catalogue of their package has not, and of those only it has."""
    for home in sorted(path for path in package.iterdir() if path.is_dir()):
        for use in missing(home):
            context = f" (context {use.context!r})" if use.context else ""
            yield f"{use.where}: not in {_short(home / PO)}: {_first(use.text)!r}{context}"
        for message in unused(home):
            said = _first(message.id)
            yield f"{_short(home / PO)}:{message.lineno}: said nowhere (`messages.py prune` removes it): {said!r}"


def missing(home: Path) -> Iterator[Use]:
    """Find the messages of a package that its catalogue has not."""
    known = {(m.context, _first(m.id)) for m in read(home / PO)} if (home / PO).exists() else set()
    return (use for use in uses_below(home) if (use.context, _first(use.text)) not in known)


def unused(home: Path) -> list[Message]:
    """Find the messages of a catalogue that its package says nowhere."""
    if not (home / PO).exists():
        return []
    said = {(use.context, _first(use.text)) for use in uses_below(home)}
    return [message for message in read(home / PO) if message.id and (message.context, _first(message.id)) not in said]


def prune_catalogue(path: Path) -> None:
    """Remove the entries that are said nowhere, and touch no other line."""
    gone = {message.lineno for message in unused(path.parents[3])}
    if not gone:
        return
    kept, at = [], 1
    for entry in path.read_text(encoding="utf-8").split("\n\n"):
        lines = entry.count("\n") + 2
        if not gone & set(range(at, at + lines)):
            kept.append(entry)
        at += lines
    path.write_text("\n\n".join(kept).rstrip("\n") + "\n", encoding="utf-8")


def uses_below(home: Path) -> Iterator[Use]:
    """Find the messages in the Python files and templates of a package."""
    for path in sorted(home.rglob("*.py")):
        yield from uses_in_python(path.read_text(encoding="utf-8"), _short(path))
    for pattern in ("*.html", "*.txt"):
        for path in sorted(home.glob(f"templates/**/{pattern}")):
            yield from uses_in_template(path.read_text(encoding="utf-8"), _short(path))
    if home == PACKAGE / "config":
        yield from uses_in_api(json.loads(API.read_text(encoding="utf-8")))


def uses_in_api(document: Mapping[str, Any]) -> Iterator[Use]:
    """Find what the reference of the API shows of the docstrings of doors and types: each paragraph as running text."""
    doors = [door for methods in document["paths"].values() for door in methods.values()]
    for said in (*doors, *document["components"]["schemas"].values()):
        for text in running(said.get("description", "")):
            yield Use(_short(API), API_TEXT, text)


def uses_in_python(source: str, where: str) -> Iterator[Use]:
    """Find the calls of gettext and its kin, under whatever name they were imported."""
    tree = ast.parse(source)
    names = {"_": "gettext"}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            names |= {alias.asname or alias.name: alias.name for alias in node.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            name = (
                called.id if isinstance(called, ast.Name) else called.attr if isinstance(called, ast.Attribute) else ""
            )
            kind = names.get(name, name).removesuffix("_lazy").removesuffix("_noop")
            texts = [word.value for word in node.args if isinstance(word, ast.Constant) and isinstance(word.value, str)]
            yield from _use(kind, texts, f"{where}:{node.lineno}")


def uses_in_template(source: str, where: str) -> Iterator[Use]:
    """Find the messages of a template, by way of Django's own reading of it."""
    if not settings.configured:
        settings.configure()
    for line, text in enumerate(templatize(source).split("\n"), start=1):
        for call in CALL.finditer(text):
            words, at = [], call.end()
            while literal := LITERAL.match(text, at):
                words.append(str(ast.literal_eval(literal[1])))
                at = literal.end()
            yield from _use("gettext" if call[1] == "_" else call[1], words, f"{where}:{line}")


def _use(kind: str, texts: list[str], where: str) -> Iterator[Use]:
    wanted = {"gettext": 1, "ngettext": 2, "pgettext": 2, "npgettext": 3}.get(kind)
    if wanted is None or len(texts) < wanted:
        return
    context = texts.pop(0) if kind.startswith(("p", "np")) else None
    yield Use(where, context, (texts[0], texts[1]) if kind in {"ngettext", "npgettext"} else texts[0])


def _first(text: str | Iterable[str]) -> str:
    return text if isinstance(text, str) else next(iter(text))


def _short(path: Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
