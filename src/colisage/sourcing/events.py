"""What sourcing tells."""

from dataclasses import dataclass
from typing import ClassVar

from colisage.kit.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSourced(Event):
    """Nodes were chosen for an order; its fulfilment orders are there."""

    topic: ClassVar[str] = "order"
    order_id: int
    nodes: tuple[int, ...]
