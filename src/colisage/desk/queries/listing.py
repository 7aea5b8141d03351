"""The list of orders."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from colisage.orders.queries import (
    Filters,
    Order,
    OrderLine,
    Stage,
    holds_of,
    lines_of,
    parts_of,
)
from colisage.orders.queries.backorders import last_of, owing_of
from colisage.orders.queries.changes import comes_to
from colisage.ui import words

VIEWS: Final = (
    ("", pgettext_lazy("orders", "All")),
    ("held", gettext_lazy("On hold")),
    ("late", pgettext_lazy("orders", "Late")),
    ("waiting", gettext_lazy("Owed")),
    ("ready", gettext_lazy("To pick")),
    ("together", gettext_lazy("Could go in one parcel")),
    ("picked", gettext_lazy("To pack")),
    ("labelled", gettext_lazy("To hand over")),
    ("handed_over", gettext_lazy("On the road")),
    ("problem", gettext_lazy("Problems")),
    ("cancelled", pgettext_lazy("orders", "Cancelled")),
)


LONGEST: Final = 100  # letters of what a list is narrowed by


def filters_from(said: Mapping[str, Any]) -> Filters:
    """Read what the list is narrowed to from an address, a form or a saved view; nonsense narrows nothing."""

    def typed(name: str, most: int = LONGEST) -> str:
        return str(said.get(name) or "").replace("\x00", "").strip()[:most]

    channel = typed("channel")
    known = channel.isascii() and channel.isdecimal() and len(channel) < 19
    try:
        until = date.fromisoformat(typed("wanted", 10)) if typed("wanted") else None
    except ValueError:
        until = None
    return Filters(typed("stage", 20), typed("text"), int(channel) if known else None, typed("tag"), until)


def said_of(filters: Filters) -> dict[str, str]:
    """Say what a list is narrowed to as an address or a form says it; `filters_from` reads it back."""
    until = filters.wanted_until.isoformat() if filters.wanted_until else ""
    said = {"stage": filters.stage, "text": filters.text, "channel": filters.channel_id, "tag": filters.tag,
            "wanted": until}  # fmt: skip
    return {name: str(value) for name, value in said.items() if value}


def address_of(filters: Filters) -> str:
    """Give the address of a list."""
    said = urlencode(said_of(filters))
    return f"{reverse('orders')}?{said}" if said else reverse("orders")


def listed(rows: list[Order], *, filters: Filters, before: int | None, after: int | None, size: int) -> dict[str, Any]:
    """Turn one page of orders (with one row too many when there are more) into what the list shows."""
    more = len(rows) > size
    shown = (rows[1:] if more else rows) if after is not None else rows[:size]
    ids = [o.pk for o in shown]
    stages = parts_of(ids)
    holds = holds_of(ids)
    lines = lines_of(ids)
    owing = owing_of(ids)
    older = shown and (more or after is not None)
    newer = shown and ((more and after is not None) or before is not None)
    return {
        "rows": [
            {
                "order": o,
                "badge": badge_of(
                    o, held=any(h.released_at is None for h in holds[o.pk]), stages=[p.stage for p in stages[o.pk]]
                ),
                "lines": len(lines[o.pk]),
                "units": sum(line.quantity - line.cancelled for line in lines[o.pk]),
                "ship_by": min((p.ship_by for p in stages[o.pk] if p.ship_by), default=None),
                "cents": _cents(o, lines[o.pk]),
                "owing": o.pk in owing,
                "expected_on": last_of(owing.get(o.pk, ())),
                "town": (o.ship_to or {}).get("city", ""),
            }
            for o in shown
        ],
        "page": {"next": shown[-1].pk if older else None, "previous": shown[0].pk if newer else None},
        "finding": _list_finding(filters),
        "hint": _hint(filters) if shown else "",
        "empty": _empty(filters),
    }


def _cents(order: Order, lines: Sequence[OrderLine]) -> int:
    """Give what an order costs now; of one that is cancelled, what it would have."""
    if order.state == "cancelled" or not any(line.cancelled for line in lines):
        return order.total_cents
    return comes_to(order, lines)


def _list_finding(filters: Filters) -> str:
    if filters.text:
        return _("Orders that begin with “%(text)s”") % {"text": filters.text}
    if filters.tag:
        return _("Orders with the tag “%(tag)s”") % {"tag": filters.tag}
    if filters.wanted_until:
        return _("Orders wanted by %(day)s") % {"day": words.day(filters.wanted_until, style="long")}
    if filters.stage:
        return _("Orders: %(stage)s") % {"stage": _stage_word(filters.stage)}
    return _("Orders, the newest first")


def _hint(filters: Filters) -> str:
    """Say what a list shows, or what is to be done with it, where its name alone does not."""
    hints = {
        "late": _("Their cut-off is over, or their wanted day has come, and they have not left."),
        "together": _(
            "Their customer has another order to the same door. Tick the orders of one customer,"
            " then send them in one parcel."
        ),
    }
    return hints.get(filters.stage, "")


def without_channel() -> dict[str, str]:
    """Say why a list is empty whose channel, in a view of before, is none of those that may be chosen."""
    text = _("The list is narrowed to a channel that is gone, or is of another shop. Choose another one, or clear all.")
    return {"title": _("This channel is not here"), "text": text}


def _empty(filters: Filters) -> dict[str, str]:
    """Say why a list is empty: some lists should be."""
    if filters == Filters("late"):
        return {
            "title": _("Nothing is late"),
            "text": _("An order is late when its cut-off is over, or its wanted day has come, and it has not left."),
        }
    if filters == Filters("together"):
        text = _("An order comes here when its customer has another one, to the same door, before its label.")
        return {"title": _("Nothing to put together"), "text": text}
    if filters == Filters():
        return {"title": _("No order yet"), "text": _("Orders come from your shops, from files and from the API.")}
    return {"title": _("No order here"), "text": _("No order is in this state, or matches what you typed.")}


def _stage_word(stage: str) -> str:
    """Say a stage, or another state an order list may be narrowed to, as the row of views above the list does."""
    words = {**dict(Stage.choices), "open": _("open"), "closed": _("closed"), **dict(VIEWS)}
    named = str(words.get(stage, stage))
    return named[:1].lower() + named[1:]


def badge_of(order: Order, *, held: bool, stages: Collection[str]) -> str:
    """Give the one state by which an order is shown: a hold first, then its slowest part; what is over is not held."""
    if order.state == "cancelled":
        return "cancelled"
    if held and order.state == "open":
        return "hold"
    if not stages:
        return "to_source" if order.state == "open" and not order.quiet else "closed"
    alive = [stage for stage in stages if stage != "cancelled"]
    if not alive:  # nothing of a complete order was ours to send: another did
        return "closed" if order.state == "closed" else "cancelled"
    if "problem" in alive:
        return "problem"
    return min(alive, key=_SLOWEST.index)


_SLOWEST = (
    "waiting", "ready", "released", "picking", "picked", "packed", "labelling", "labelled", "handed_over",
    "delivered", "cancelled",
)  # fmt: skip


def views(filters: Filters) -> list[dict[str, Any]]:
    """Give the views above the list that everybody has."""
    return [
        {"label": label, "url": address_of(Filters(stage)), "here": filters == Filters(stage)} for stage, label in VIEWS
    ]
