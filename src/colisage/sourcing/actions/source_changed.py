from collections.abc import Sequence

from colisage.orders.events import OrderChanged
from colisage.sourcing.actions.source_orders import source_orders


def source_changed(events: Sequence[OrderChanged]) -> None:
    """Source the changed orders that no node was chosen for yet, and close those that need no parcel any more."""
    source_orders({event.order_id for event in events})
