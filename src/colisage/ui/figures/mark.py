"""The mark, a kraft band folded into a C around a blue parcel, and the name drawn as paths."""

from functools import cache
from typing import Final

from django.utils.safestring import SafeString

from colisage.ui.figures.svg import element

_FOLDS: Final = (
    ("#f0dcba", "M16 2l12.1 7-5.2 3L16 8z"),
    ("#e2c59c", "M16 2v6l-6.9 4-5.2-3z"),
    ("#c99a5f", "M3.9 9l5.2 3v8l-5.2 3z"),
    ("#a5743b", "M3.9 23l5.2-3L16 24v6z"),
    ("#bb894d", "M16 30v-6l6.9-4 5.2 3z"),
    ("#a9c8fb", "m16 11.4 4 2.3-4 2.3-4-2.3z"),
    ("#5f92e0", "m12 13.7 4 2.3v4.6l-4-2.3z"),
    ("#3a6fc4", "m20 13.7-4 2.3v4.6l4-2.3z"),
)
_LETTERS: Final = (
    "M10.6 10.4a5 5 0 1 0 0 7.2M30.6 2.5V19M36.4 9v10M36.4 3.4v2.9M62 8.6V19.2"
    "M15.5 14a5 5 0 1 0 10 0a5 5 0 1 0-10 0zM52 14a5 5 0 1 0 10 0a5 5 0 1 0-10 0z"
    "M66.5 14a5 5 0 1 0 10 0a5 5 0 1 0-10 0zM76.5 8.6v11.2c0 3-2 4.9-5 4.9-1.8 0-3.3-.6-4.3-1.8"
    "M47.8 10.9c-.8-1.3-2.2-1.9-3.8-1.9-2 0-3.4.9-3.4 2.4 0 3.5 7.5 1.5 7.5 5.1"
    " 0 1.6-1.6 2.5-3.8 2.5-1.7 0-3.2-.7-4-2.1M81.8 14.3h9.7a5 5 0 1 0-1.5 3.3"
)


@cache
def mark() -> SafeString:
    """Draw the mark alone."""
    folds = (element("path", fill=fill, d=shape) for fill, shape in _FOLDS)
    return element("svg", *folds, class_="mark", viewBox="0 0 32 32", aria_hidden="true")


@cache
def wordmark() -> SafeString:
    """Draw the name."""
    return element(
        "svg",
        element("path", d=_LETTERS),
        class_="word",
        viewBox="0 1 94 26",
        role="img",
        aria_label="Colisage",
        fill="none",
        stroke="currentColor",
        stroke_width="2.9",
    )
