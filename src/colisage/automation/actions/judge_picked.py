from collections.abc import Sequence

from colisage.automation.actions.apply_rules import apply_rules
from colisage.orders.events import StageReached


def judge_picked(events: Sequence[StageReached]) -> None:
    """Let the merchant's rules look at orders of which a part is about to be packed."""
    apply_rules({event.order_id: event.merchant_id for event in events}, moment="picked")
