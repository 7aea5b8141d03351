"""What is watched, and what was found about an order."""

from collections.abc import Mapping
from typing import Any, Final

from colisage.automation.models import Suspicion, Watch
from colisage.automation.rules.signals import SIGNALS, THRESHOLD
from colisage.kit.conflicts import one_by_one
from colisage.kit.marks import mark_of

PLAIN: Final = ("duplicates", "window_hours", "risk", "threshold", "dear_cents", "many_units")


def watch_of(merchant_id: int, *, locked: bool = False) -> Watch:
    """Give what a merchant has watched; nothing, as it is at first, when it never said.

    `locked`: nobody else changes it until the caller's transaction ends, also where there is no row yet.
    """
    if locked:
        one_by_one("watch", merchant_id)
    return Watch.objects.filter(merchant_id=merchant_id).first() or Watch(merchant_id=merchant_id, threshold=THRESHOLD)


def weights_of(watch: Watch) -> Mapping[str, int]:
    """Give what every sign of risk weighs: as the merchant said, else as usual."""
    return {name: watch.weights.get(name, signal.weight) for name, signal in SIGNALS.items()}


def watch_mark(watch: Watch) -> str:
    """Give a mark of what is watched: another one when somebody says it otherwise."""
    return mark_of([*(getattr(watch, name) for name in PLAIN), weights_of(watch)])


def suspicions_of(merchant_id: int, *, order_id: int) -> list[dict[str, Any]]:
    """Give what was found about an order: the one it looks like, or the signs of risk with their weights."""
    rows = Suspicion.objects.filter(merchant_id=merchant_id, order=order_id).select_related("other").order_by("pk")
    return [
        {
            "suspicion": row,
            "signals": [(SIGNALS[name].words if name in SIGNALS else name, weight) for name, weight in row.signals],
            "held": row.kind == "duplicate" or row.score >= row.threshold,
        }
        for row in rows
    ]
