"""Keeping the stage of fulfilment orders true to their promises: complete ones are ready, others wait."""

from collections.abc import Sequence

from colisage.inventory.events import ReservationDemoted, WaitingServed
from colisage.orders.actions.settle_parts import settle_parts
from colisage.orders.queries import parts_with_lines


def ready_or_wait(events: Sequence[WaitingServed | ReservationDemoted]) -> None:
    """Look at the orders whose promises changed: a part is ready when all it needs is held, else waiting."""
    lines = {e.owner_id for e in events if e.owner_kind == "order_line"}
    parts = [p for p in parts_with_lines(lines) if p.stage in {"ready", "waiting"}]
    settle_parts({part.order_id for part in parts if part.order_id is not None})
