from collections.abc import Sequence

from colisage.orders.events import OrdersParted, StageReached
from colisage.packing.actions.make_parcels import make_parcels


def plan_parcels(events: Sequence[StageReached | OrdersParted]) -> None:
    """Plan the parcels of what has just been picked, and of what no longer waits for another order."""
    make_parcels({event.fulfillment_order_id for event in events})
