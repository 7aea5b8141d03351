"""What is watched, and what was found about an order."""

from typing import Any

from colisage.automation.models import Suspicion, Watch
from colisage.automation.rules.signals import SIGNALS, THRESHOLD


def watch_of(merchant_id: int) -> Watch:
    """Give what a merchant has watched; nothing, as it is at first, when it never said."""
    return Watch.objects.filter(merchant_id=merchant_id).first() or Watch(merchant_id=merchant_id, threshold=THRESHOLD)


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
