"""Write SVG elements whose every value is escaped."""

import html
from collections.abc import Iterable

from django.utils.safestring import SafeString

Value = str | float | None


def number(value: float) -> str:
    """Write a coordinate with two decimals at most."""
    written = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if written == "-0" else written


def element(name: str, *children: str, **attributes: Value) -> SafeString:
    """Write one element; `class_` is `class`, `text_anchor` `text-anchor`, and None leaves one out."""
    written = "".join(
        f' {_NAMES.get(key) or key.replace("_", "-")}="{_escaped(value if isinstance(value, str) else number(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return SafeString(f"<{name}{written}>{group(children)}</{name}>")


def group(parts: Iterable[str]) -> SafeString:
    """Put markup end to end; what is not known to be safe is escaped."""
    return SafeString("".join(map(_escaped, parts)))


def _escaped(text: str) -> str:
    """Escape as Django does, without its detour for lazy texts: a page draws some thousand values."""
    return text.__html__() if isinstance(text, SafeString) else html.escape(str(text))


def points(pairs: Iterable[tuple[float, float]]) -> str:
    """Write the points of a line."""
    return " ".join(f"{number(x)},{number(y)}" for x, y in pairs)


_NAMES = {"class_": "class"}
