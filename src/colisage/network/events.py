"""What happens to the network."""

from dataclasses import dataclass
from typing import ClassVar

from colisage.kit.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class _DisruptionEvent(Event):
    topic: ClassVar[str] = "disruption"
    disruption_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DisruptionBegan(_DisruptionEvent):
    """From now on a disruption acts on the orders of this merchant that it touches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DisruptionChanged(_DisruptionEvent):
    """A disruption that acts on the orders of this merchant lasts until another day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DisruptionEnded(_DisruptionEvent):
    """A disruption is over for the orders of this merchant."""
