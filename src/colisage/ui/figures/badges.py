"""Where a thing is in its life: a colour, a shape and a word, always together."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from colisage.ui.figures.svg import element


@dataclass(frozen=True, slots=True)
class State:
    """How a state looks: its tone, its glyph (a share of the ring in %, or a shape) and its usual word."""

    tone: str
    glyph: int | str
    text: str | Promise


STATES: Final = {
    # the life of an order
    "to_check": State("calm", 0, _("To check")),
    "to_source": State("calm", 20, _("To source")),
    "waiting": State("kraft", "owed", _("Owed")),
    "ready": State("blue", 45, _("To pick")),
    "released": State("blue", 50, _("In a wave")),
    "picking": State("blue", 55, _("Being picked")),
    "picked": State("blue", 65, _("To pack")),
    "packed": State("blue", 75, _("To label")),
    "labelling": State("blue", 80, _("Label requested")),
    "labelled": State("blue", 85, _("To hand over")),
    "handed_over": State("road", 95, _("On the road")),
    "delivered": State("ok", "done", _("Delivered")),
    "problem": State("bad", "bad", _("Problem")),
    "hold": State("warn", "hold", _("On hold")),
    "cancelled": State("calm", "void", _("Cancelled")),
    # anything else that advances
    "draft": State("calm", 0, _("Draft")),
    "open": State("blue", 30, _("Open")),
    "requested": State("calm", 10, _("Requested")),
    "expected": State("calm", 20, _("Expected")),
    "running": State("blue", 50, _("Under way")),
    "received": State("blue", 60, _("Received")),
    "inspected": State("blue", 80, _("Inspected")),
    "closed": State("ok", "done", _("Closed")),
    "done": State("ok", "done", _("Done")),
    "refunded": State("ok", "done", _("Refunded")),
    "failed": State("bad", "bad", _("Failed")),
    "parked": State("warn", "hold", _("Set aside")),
}
_STROKE: Final = "1.6"


def ring(glyph: int | str) -> SafeString:
    """Draw the stage: a ring that fills clockwise, or the shape `done`, `hold`, `bad`, `owed` or `void`."""
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
    """Draw a badge: a known state, or any glyph with its own text; a known state's text and tone can be replaced."""
    look = STATES.get(str(state)) or State("calm", state, "")
    return format_html(
        '<span class="badge" data-tone="{}">{}{}</span>', tone or look.tone, ring(look.glyph), text or look.text
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
