"""The icons: drawn once per page in a sprite, used by name."""

from functools import cache
from typing import Final

from django.utils.safestring import SafeString

from colisage.ui.figures.svg import element

_SHAPES: Final = {
    "alert": "M12 4 2.8 19.5h18.4zM12 10v4.5M12 17.2v.1",
    "arrow": "M4 12h15M13 6l6 6-6 6",
    "back": "M9 6 4 11l5 5M4 11h10a6 6 0 0 1 0 12",
    "bell": "M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 20.5h4",
    "bin": "M4 4v16M20 4v16M4 9h16M4 15h16",
    "box": "M12 3 4 7.2v9.6L12 21l8-4.2V7.2zM4 7.2l8 4.2 8-4.2M12 11.4V21M8 5.1l8 4.2",
    "camera": "M4 8h3.5L9 5.5h6L16.5 8H20v11H4zM8.6 13a3.4 3.4 0 1 0 6.8 0a3.4 3.4 0 1 0-6.8 0z",
    "check": "m4.5 12.5 5 5 10-11",
    "clock": "M3.5 12a8.5 8.5 0 1 0 17 0a8.5 8.5 0 1 0-17 0zM12 7v5.2l3.3 2",
    "copy": "M9 9h11v11H9zM5 15H4V4h11v1",
    "dots": "M5 12h.1M12 12h.1M19 12h.1",
    "down": "m5 9.5 7 7 7-7",
    "download": "M12 4v11M7.5 11 12 15.5 16.5 11M4.5 20h15",
    "file": "M6 3h8l4 4v14H6zM14 3v4h4",
    "flag": "M6 21V4h12l-2.5 4L18 12H6",
    "info": "M3.5 12a8.5 8.5 0 1 0 17 0a8.5 8.5 0 1 0-17 0zM12 11v5M12 8v.1",
    "keys": "M3 7h18v10H3zM6.5 10.5h.1M10 10.5h.1M13.5 10.5h.1M17 10.5h.1M8 14h8",
    "leaf": "M5 19c0-9 5-14 15-14 0 10-5 14-11 14-2 0-3-1-4 0zM5 19c2-4 5-7 9-9",
    "left": "m14.5 5-7 7 7 7",
    "list": "M8.5 6.5H20M8.5 12H20M8.5 17.5H20M4 6.5h.1M4 12h.1M4 17.5h.1",
    "lock": "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
    "mail": "M3.5 6h17v12h-17zM3.5 7l8.5 6.5L20.5 7",
    "off": "M7 18.5h10a4 4 0 0 0 .9-7.9A6 6 0 0 0 9 7.2M6.3 10.6A4 4 0 0 0 7 18.5M3.5 3.5l17 17",
    "out": "M10 4H5v16h5M15 8l4 4-4 4M19 12H9",
    "pause": "M9 6v12M15 6v12",
    "pen": "m4 20 1-4L16 5l3 3L8 19z",
    "pin": (
        "M12 21s-6.5-6-6.5-11a6.5 6.5 0 0 1 13 0c0 5-6.5 11-6.5 11zM9.7 10a2.3 2.3 0 1 0 4.6 0a2.3 2.3 0 1 0-4.6 0z"
    ),
    "plus": "M12 5v14M5 12h14",
    "print": "M7 8V4h10v4M7 17H4V8h16v9h-3M7 14h10v6H7z",
    "right": "m9.5 5 7 7-7 7",
    "scan": "M3 8V4h4M17 4h4v4M21 16v4h-4M7 20H3v-4M7.5 8v8M11 8v8M13.5 8v8M17 8v8",
    "search": "M4.5 11a6.5 6.5 0 1 0 13 0a6.5 6.5 0 1 0-13 0zM16 16l4.5 4.5",
    "shop": "M4 10v10h16V10M3 10l2-6h14l2 6zM10 20v-6h4v6",
    "split": "M12 20v-6L5 7M12 14l7-7M5 11.5V7h4.5M19 11.5V7h-4.5",
    "stop": "M8.2 3h7.6L21 8.2v7.6L15.8 21H8.2L3 15.8V8.2zM9 9l6 6M15 9l-6 6",
    "sync": ("M5 12a7 7 0 0 1 12-4.9L19.5 9.5M19.5 5v4.5H15M19 12a7 7 0 0 1-12 4.9L4.5 14.5M4.5 19v-4.5H9"),
    "truck": (
        "M2.5 6h11v10h-11zM13.5 9.5h4l3.5 3.5v3h-7.5zM5 17.5a2 2 0 1 0 4 0a2 2 0 1 0-4 0z"
        "M15 17.5a2 2 0 1 0 4 0a2 2 0 1 0-4 0z"
    ),
    "undo": "M9 5 4.5 9.5 9 14M4.5 9.5H14a5.5 5.5 0 0 1 0 11h-3",
    "upload": "M12 16V5M7.5 9 12 4.5 16.5 9M4.5 20h15",
    "user": "M8.2 8a3.8 3.8 0 1 0 7.6 0a3.8 3.8 0 1 0-7.6 0zM4.5 20a7.5 7.5 0 0 1 15 0",
    "weight": "M5 20 7 9h10l2 11zM9.4 6a2.6 2.6 0 1 0 5.2 0a2.6 2.6 0 1 0-5.2 0z",
    "x": "m6 6 12 12M18 6 6 18",
}
ICONS: Final = frozenset(_SHAPES)


def icon(name: str, *, label: str = "") -> SafeString:
    """Draw an icon; without a label it is silent, because a word stands beside it."""
    if name not in ICONS:
        raise ValueError(f"There is no icon named {name}.")
    use = element("use", href=f"#i-{name}")
    if label:
        return element("svg", use, class_="i", role="img", aria_label=str(label))
    return element("svg", use, class_="i", aria_hidden="true")


@cache
def sprite() -> SafeString:
    """Draw every icon once, unseen, for the page to use."""
    symbols = (
        element("symbol", element("path", d=shape), id=f"i-{name}", viewBox="0 0 24 24")
        for name, shape in _SHAPES.items()
    )
    return element("svg", *symbols, hidden="")
