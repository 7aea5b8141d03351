from collections.abc import Sequence

from colisage.orders.events import StageReached
from colisage.packing.actions.make_parcels import make_parcels


def plan_parcels(events: Sequence[StageReached]) -> None:
    """Plan the parcels of what has just been picked."""
    make_parcels({event.fulfillment_order_id for event in events if event.stage == "picked"})
