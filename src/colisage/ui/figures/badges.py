"""Where a thing is in its life: a colour, a shape and a word, always together."""

from dataclasses import dataclass
from functools import cache
from typing import Final

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import pgettext_lazy

from colisage.ui.figures.svg import element


@dataclass(frozen=True, slots=True)
class State:
    """How a state looks: its tone, its glyph (a share of the ring in %, or a shape) and its usual word."""

    tone: str
    glyph: int | str
    text: str | Promise


STATES: Final = {
    # the life of an order
    "to_check": State("calm", 0, pgettext_lazy("state", "To check")),
    "to_source": State("calm", 20, pgettext_lazy("state", "To source")),
    "waiting": State("kraft", "owed", pgettext_lazy("state", "Owed")),
    "ready": State("blue", 45, pgettext_lazy("state", "To pick")),
    "released": State("blue", 50, pgettext_lazy("state", "In a wave")),
    "picking": State("blue", 55, pgettext_lazy("state", "Being picked")),
    "picked": State("blue", 65, pgettext_lazy("state", "To pack")),
    "packed": State("blue", 75, pgettext_lazy("state", "To label")),
    "labelling": State("blue", 80, pgettext_lazy("state", "Label requested")),
    "labelled": State("blue", 85, pgettext_lazy("state", "To hand over")),
    "handed_over": State("road", 95, pgettext_lazy("state", "On the road")),
    "delivered": State("ok", "done", pgettext_lazy("state", "Delivered")),
    "problem": State("bad", "bad", pgettext_lazy("state", "Problem")),
    "hold": State("warn", "hold", pgettext_lazy("state", "On hold")),
    "cancelled": State("calm", "void", pgettext_lazy("state", "Cancelled")),
    # anything else that advances
    "draft": State("calm", 0, pgettext_lazy("state", "Draft")),
    "open": State("blue", 30, pgettext_lazy("state", "Open")),
    "requested": State("calm", 10, pgettext_lazy("state", "Requested")),
    "expected": State("calm", 20, pgettext_lazy("state", "Expected")),
    "running": State("blue", 50, pgettext_lazy("state", "Under way")),
    "received": State("blue", 60, pgettext_lazy("state", "Received")),
    "inspected": State("blue", 80, pgettext_lazy("state", "Inspected")),
    "closed": State("ok", "done", pgettext_lazy("state", "Closed")),
    "done": State("ok", "done", pgettext_lazy("state", "Done")),
    "refunded": State("ok", "done", pgettext_lazy("state", "Refunded")),
    "failed": State("bad", "bad", pgettext_lazy("state", "Failed")),
    "parked": State("warn", "hold", pgettext_lazy("state", "Set aside")),
}
_STROKE: Final = "1.6"


@cache
def ring(glyph: int | str) -> SafeString:
    """Draw the stage: a ring that fills clockwise, or the shape `done`, `hold`, `bad`, `owed` or `void`."""
    inside: tuple[SafeString, ...]
    match glyph:
        case "done":
            tick = "m4.8 8.3 2.2 2.2 4.2-4.7"
            inside = (
                element("circle", cx=8, cy=8, r=7, fill="currentColor", stroke="none"),
                element("path", d=tick, class_="cut", stroke_width="1.8"),
            )
        case "hold":
            inside = (
                element("rect", x="1.8", y="1.8", width="12.4", height="12.4", rx=2, stroke_width=_STROKE),
                element("path", d="M6.2 5v6M9.8 5v6", stroke_width="1.8"),
            )
        case "bad":
            inside = (
                element("path", d="M8 1.8 14.8 14H1.2z", stroke_width=_STROKE, stroke_linejoin="round"),
                element("path", d="M8 6v3.8M8 11.8v.2", stroke_width="1.8"),
            )
        case "owed":
            inside = (element("circle", class_="rim", cx=8, cy=8, r="6.8", stroke_dasharray="2.2 2.1"),)
        case "void":
            inside = (_rim(), element("path", d="M3.4 12.6 12.6 3.4", stroke_width=_STROKE))
        case _:
            inside = (_rim(), _pie(int(glyph)))
    return element("svg", *inside, class_="ring", viewBox="0 0 16 16", aria_hidden="true")


def badge(state: str | int, *, text: str | Promise = "", tone: str = "") -> SafeString:
    """Draw a badge: a known state (whose text and tone may be replaced), or any glyph with its text."""
    look = STATES.get(str(state)) or State("calm", state, "")
    return format_html(
        '<span class="badge" data-tone="{}">{}{}</span>',
        tone or look.tone,
        ring(look.glyph),
        text or look.text,
    )


def _rim() -> SafeString:
    return element("circle", class_="rim", cx=8, cy=8, r="6.8")


def _pie(share: int) -> SafeString:
    return element(
        "circle",
        class_="pie",
        cx=8,
        cy=8,
        r="2.6",
        pathLength=100,
        stroke_dasharray=f"{share} 100",
        transform="rotate(-90 8 8)",
    )
