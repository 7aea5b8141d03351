"""XML of outside systems, read so that it can do no harm.

There is no DTD, so there are no entities but those of XML itself; size, depth and number of elements are bounded.
"""

import re
from typing import Any, Final
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

MOST_BYTES: Final = 20_000_000
MOST_ELEMENTS: Final = 1_000_000
DEEPEST: Final = 60
_NEVER: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class NotXml(ValueError):  # noqa: N818 -- a verdict
    """Not well-formed, or more than is read: `broken` says that it is only not well-formed."""

    def __init__(self, detail: str, *, broken: bool = False) -> None:
        super().__init__(detail)
        self.broken = broken


def tree(body: bytes) -> Element:
    """Parse XML; raises `NotXml` for what is not well-formed, has a DTD, or is too large."""
    if len(body) > MOST_BYTES:
        msg = f"{len(body)} bytes"
        raise NotXml(msg)
    built, parser = _Bounded(), expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = built.start, built.end
    parser.CharacterDataHandler = built.data
    parser.StartDoctypeDeclHandler = built.doctype
    try:
        parser.Parse(body, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        if isinstance(error, NotXml):
            raise
        raise NotXml(str(error), broken=True) from error
    return built.close()


class _Bounded(TreeBuilder):
    """A tree that ends when it grows beyond all measure."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = self.count = 0

    def start(self, tag: Any, attrs: Any, /) -> Element:
        self.depth, self.count = self.depth + 1, self.count + 1
        if self.depth > DEEPEST or self.count > MOST_ELEMENTS:
            msg = "too many elements"
            raise NotXml(msg)
        return super().start(tag, attrs)

    def end(self, tag: Any, /) -> Element:
        self.depth -= 1
        return super().end(tag)

    def doctype(self, name: str, *_rest: Any) -> None:
        msg = f"a DTD: {name}"
        raise NotXml(msg)


def clean(said: str) -> str:
    """Leave out the characters that no XML may hold: people paste them into forms."""
    return _NEVER.sub("", said)


def text(element: Element | None, path: str, *, longest: int = 300) -> str:
    """Give what stands in an element below, without the spaces around it; nothing when there is none."""
    found = element.find(path) if element is not None else None
    return "".join(found.itertext()).strip()[:longest] if found is not None else ""
