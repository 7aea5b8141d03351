"""What is held for carts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from colisage.inventory.models import StockHold, StockHoldLine


@dataclass(frozen=True, slots=True)
class HoldFacts:
    """A hold: `state` is held, expired, released or ordered; lines are (SKU code, units)."""

    id: int
    channel_id: int
    reference: str
    state: Literal["held", "expired", "released", "ordered"]
    expires_at: datetime
    lines: tuple[tuple[str, int], ...]


def hold_of(merchant_id: int, *, hold_id: int, now: datetime) -> HoldFacts | None:
    """Find a hold of a merchant."""
    hold = StockHold.objects.filter(merchant_id=merchant_id, pk=hold_id).first()
    if hold is None:
        return None
    lines = StockHoldLine.objects.filter(merchant_id=merchant_id, hold=hold).order_by("pk")
    return HoldFacts(
        hold.pk, hold.channel_id, hold.reference, _state(hold, now=now), hold.expires_at,
        tuple(lines.values_list("sku__code", "quantity")),
    )  # fmt: skip


def _state(hold: StockHold, *, now: datetime) -> Literal["held", "expired", "released", "ordered"]:
    if hold.ordered:
        return "ordered"
    if hold.expires_at <= now and (hold.ended_at is None or hold.ended_at >= hold.expires_at):
        return "expired"
    return "released" if hold.ended_at else "held"
