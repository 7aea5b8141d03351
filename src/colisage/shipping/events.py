"""What happens to shipments."""

from dataclasses import dataclass
from typing import ClassVar

from colisage.kit.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class _ShipmentEvent(Event):
    topic: ClassVar[str] = "order"
    order_id: int
    fulfillment_order_id: int
    shipment_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelsBought(_ShipmentEvent):
    """The labels of a shipment are there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentVoided(_ShipmentEvent):
    """The labels of a shipment must not be used any more; its parcels stay."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentFailed(_ShipmentEvent):
    """The carrier refused, or nobody carries there; a person decides."""

    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentHandedOver(_ShipmentEvent):
    """A carrier took the parcels of a shipment."""

    tracking_numbers: tuple[str, ...]
