"""What rules tell."""

from dataclasses import dataclass
from typing import ClassVar

from colisage.kit.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleApplied(Event):
    """A rule of the merchant did something with an order; `mail` says that a person is to hear of it."""

    topic: ClassVar[str] = "order"
    order_id: int
    rule_id: int
    run_id: int
    rule: str
    mail: bool = False
