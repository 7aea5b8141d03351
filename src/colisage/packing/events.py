"""What happens to parcels."""

from dataclasses import dataclass
from typing import ClassVar

from colisage.kit.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelSealed(Event):
    """A parcel is closed and weighed."""

    topic: ClassVar[str] = "order"
    order_id: int
    fulfillment_order_id: int
    parcel_id: int
    grams: int
