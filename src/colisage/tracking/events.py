"""What happens on the road."""

from dataclasses import dataclass
from typing import ClassVar

from colisage.kit.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelMoved(Event):
    """A parcel stands elsewhere than before, in the vocabulary of `tracking.ports`."""

    topic: ClassVar[str] = "order"
    order_id: int
    fulfillment_order_id: int
    parcel_id: int
    tracking_number: str
    status: str
    reason: str
    before: str
