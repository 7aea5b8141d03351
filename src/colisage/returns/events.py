"""What happens to returns."""

from dataclasses import dataclass
from typing import ClassVar

from colisage.kit.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class _ReturnEvent(Event):
    topic: ClassVar[str] = "order"
    order_id: int
    return_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnRequested(_ReturnEvent):
    """A customer wants to send something back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnApproved(_ReturnEvent):
    """The customer may send it; with a label of ours when `prepaid`."""

    prepaid: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnRefused(_ReturnEvent):
    """A person said no, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnReceived(_ReturnEvent):
    """The first units of a return are on the returns table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnInspected(_ReturnEvent):
    """Everything that came is judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refunded(_ReturnEvent):
    """What the customer gets back is decided; the money moves in the shop's own system."""

    refund_id: int
    total_cents: int
