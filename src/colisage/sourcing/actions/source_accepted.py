from collections.abc import Sequence

from colisage.orders.events import OrderAccepted
from colisage.sourcing.actions.source_orders import source_orders


def source_accepted(events: Sequence[OrderAccepted]) -> None:
    """Source the orders that came in; history is left alone."""
    source_orders({event.order_id for event in events if not event.quiet})
