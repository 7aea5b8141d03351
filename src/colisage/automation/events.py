"""What rules tell."""

from dataclasses import dataclass
from typing import ClassVar

from colisage.kit.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class _RuleEvent(Event):
    topic: ClassVar[str] = "order"
    order_id: int
    rule_id: int
    run_id: int
    rule: str  # its name


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleMailed(_RuleEvent):
    """A rule asks that the merchant gets an e-mail about an order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCalled(_RuleEvent):
    """A rule asks that the merchant's programs hear of an order."""
