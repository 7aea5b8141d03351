from collections.abc import Sequence

from colisage.orders.events import OrderHeld, StageReached
from colisage.orders.queries import parts_of
from colisage.shipping.actions.void_shipments import void_shipments


def void_stopped(events: Sequence[OrderHeld | StageReached]) -> None:
    """Void the labels of parts that a hold or a cancellation stopped before they left."""
    stopped = {e.fulfillment_order_id for e in events if isinstance(e, StageReached)}
    held = {e.order_id for e in events if isinstance(e, OrderHeld)}
    stopped |= {
        part.id
        for found in parts_of(held).values()
        for part in found
        if part.held and part.stage in {"labelling", "labelled"}
    }
    if stopped:
        void_shipments(stopped)
