"""What happens to what is on its way in."""

from dataclasses import dataclass
from typing import ClassVar

from colisage.kit.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderAskedFor(Event):
    """A shop said that an order changed, and not how: it has to be asked. `ref` is the shop's identity of the order."""

    topic: ClassVar[str] = "channel"
    channel_id: int
    ref: str
