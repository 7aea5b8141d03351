from collections.abc import Sequence

from colisage.orders.actions.close_orders import close_orders
from colisage.orders.events import StageReached


def follow_deliveries(events: Sequence[StageReached]) -> None:
    """Close the orders whose last part is delivered or cancelled."""
    close_orders({event.order_id for event in events})
