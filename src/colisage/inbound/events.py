"""What receiving tells."""

from dataclasses import dataclass
from typing import ClassVar

from colisage.kit.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingChanged(Event):
    """Other units of a SKU are on their way than before, or come on another day; maybe because of a disruption."""

    topic: ClassVar[str] = "sku"
    sku_id: int
    disruption_id: int | None = None
