"""The list of orders."""

from collections.abc import Collection
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from colisage.orders.queries import (
    Filters,
    Order,
    Stage,
    holds_of,
    lines_of,
    parts_of,
)

VIEWS: Final = (
    ("", pgettext_lazy("orders", "All")),
    ("held", gettext_lazy("On hold")),
    ("waiting", gettext_lazy("Owed")),
    ("ready", gettext_lazy("To pick")),
    ("picked", gettext_lazy("To pack")),
    ("labelled", gettext_lazy("To hand over")),
    ("handed_over", gettext_lazy("On the road")),
    ("problem", gettext_lazy("Problems")),
    ("cancelled", pgettext_lazy("orders", "Cancelled")),
)


def listed(rows: list[Order], *, filters: Filters, before: int | None, after: int | None, size: int) -> dict[str, Any]:
    """Turn one page of orders (with one row too many when there are more) into what the list shows."""
    more = len(rows) > size
    shown = (rows[1:] if more else rows) if after is not None else rows[:size]
    ids = [o.pk for o in shown]
    stages = parts_of(ids)
    holds = holds_of(ids)
    lines = lines_of(ids)
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
                "town": (o.ship_to or {}).get("city", ""),
            }
            for o in shown
        ],
        "page": {"next": shown[-1].pk if older else None, "previous": shown[0].pk if newer else None},
        "finding": _list_finding(filters),
    }


def _list_finding(filters: Filters) -> str:
    if filters.text:
        return _("Orders that begin with “%(text)s”") % {"text": filters.text}
    if filters.stage:
        return _("Orders: %(stage)s") % {"stage": stage_word(filters.stage)}
    return _("Orders, the newest first")


def stage_word(stage: str) -> str:
    """Say a stage, or another state an order list may be narrowed to."""
    words = {**dict(Stage.choices), "held": _("waiting for a decision"), "open": _("open"), "closed": _("closed")}
    return str(words.get(stage, stage))


def badge_of(order: Order, *, held: bool, stages: Collection[str]) -> str:
    """Give the one state by which an order is shown: a hold first, then its slowest part."""
    if order.state == "cancelled":
        return "cancelled"
    if held:
        return "hold"
    if not stages:
        return "to_source" if order.state == "open" and not order.quiet else "closed"
    alive = [stage for stage in stages if stage != "cancelled"] or ["cancelled"]
    if "problem" in alive:
        return "problem"
    return min(alive, key=_SLOWEST.index)


_SLOWEST = (
    "waiting", "ready", "released", "picking", "picked", "packed", "labelling", "labelled", "handed_over",
    "delivered", "cancelled",
)  # fmt: skip


def views(filters: Filters) -> list[dict[str, Any]]:
    """Give the views above the list."""
    base = reverse("orders")
    return [
        {"label": label, "url": f"{base}?stage={stage}" if stage else base, "here": filters.stage == stage}
        for stage, label in VIEWS
    ]
