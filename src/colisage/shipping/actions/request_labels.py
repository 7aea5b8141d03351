from collections.abc import Sequence

from colisage.orders.events import OrderFreed, StageReached
from colisage.orders.queries import parts_of
from colisage.shipping.actions.request_shipments import request_shipments


def request_labels(events: Sequence[StageReached | OrderFreed]) -> None:
    """Want labels for what has just been packed, and for what was packed when its order was freed of its holds.

    What came back to packed because its label was voided is left to the one who voided it.
    """
    packed = {e.fulfillment_order_id for e in events if isinstance(e, StageReached) and e.before == "picked"}
    freed = {e.order_id for e in events if isinstance(e, OrderFreed)}
    packed |= {part.id for found in parts_of(freed).values() for part in found if part.stage == "packed"}
    request_shipments(packed)
