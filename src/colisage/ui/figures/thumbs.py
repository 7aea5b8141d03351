"""Small drawings that stand for a product without a picture."""

from typing import Final

from django.utils.safestring import SafeString

from colisage.ui.figures.svg import element

_SHAPES: Final = {
    "box": "M12 3 4 7.2v9.6L12 21l8-4.2V7.2zM4 7.2l8 4.2 8-4.2M12 11.4V21M8 5.1l8 4.2",
    "candle": "M7 10h10v10H7zM12 10V7.5M12 7.5c-1.3-1.2-1-2.6 0-4 1 1.4 1.3 2.8 0 4zM7 14h10",
    "gift": (
        "M4 9h16v4H4zM5.5 13h13v7.5h-13zM12 9v11.5"
        "M12 9C9 9 7.5 7.8 7.5 6.3S9 4 10 4.7 12 9 12 9s1-3.6 2-4.3 2.5 0 2.5 1.6S15 9 12 9z"
    ),
    "lamp": "M8.5 4h7l3 8h-13zM12 12v7M8 20h8",
    "linen": "M6 4h12v16H6zM6 8h12M9 4v16M14.5 12h2M14.5 15h2",
    "mug": (
        "M6 7h9v11a2 2 0 0 1-2 2H8a2 2 0 0 1-2-2zM15 9.5h1.6a2.4 2.4 0 0 1 2.4 2.4v1.2a2.4 2.4 0 0 1-2.4 2.4H15M6 11h9"
    ),
    "pillow": (
        "M3.5 9c2-2.5 4-3 8.5-3s6.5.5 8.5 3c-1 2-1 4 0 6-2 2.5-4 3-8.5 3s-6.5-.5-8.5-3c1-2 1-4 0-6z"
        "M9 10.5c1.5 1.2 4.5 1.2 6 0"
    ),
    "rug": (
        "M5 6h12v11H5zM5 9h12M5 14h12M6.5 17v2.5M9 17v2.5M11.5 17v2.5M14 17v2.5M16 17v2.5M6.5 6V3.5"
        "M9 6V3.5M11.5 6V3.5M14 6V3.5M16 6V3.5"
    ),
}


def thumb(name: str = "box") -> SafeString:
    """Draw what kind of thing it is; an unknown kind is a box."""
    path = element("path", d=_SHAPES.get(name, _SHAPES["box"]))
    return element("span", element("svg", path, viewBox="0 0 24 24"), class_="thumb", aria_hidden="true")
