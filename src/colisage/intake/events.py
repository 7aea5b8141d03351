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


@dataclass(frozen=True, slots=True, kw_only=True)
class AftermathTold(Event):
    """A message of a shop about an order that is here tells of refunds or returns; they are in the message."""

    topic: ClassVar[str] = "order"
    order_id: int
    message_id: int
