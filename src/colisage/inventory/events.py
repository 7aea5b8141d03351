"""What the books tell."""

from dataclasses import dataclass
from typing import ClassVar

from colisage.kit.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class SellableGrew(Event):
    """Units of a SKU became sellable at a node; what is owed may be served."""

    topic: ClassVar[str] = "sku"
    sku_id: int
    node_id: int
    qty: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationDemoted(Event):
    """Reality was less than the books: units held for an owner are owed now."""

    topic: ClassVar[str] = "owner"
    owner_id: int
    owner_kind: str
    reservation_id: int
    sku_id: int
    node_id: int
    qty: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingServed(Event):
    """Units owed to an owner are held for it now."""

    topic: ClassVar[str] = "owner"
    owner_id: int
    owner_kind: str
    reservation_id: int
    sku_id: int
    node_id: int
    qty: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitsUnbound(Event):
    """Units bound to a picker cannot be taken from their bin any more; their promise stays held."""

    topic: ClassVar[str] = "owner"
    owner_id: int
    owner_kind: str
    reservation_id: int
    sku_id: int
    node_id: int
    qty: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsignedMoved(Event):
    """Units that belong to a supplier left the house (or, `back`, were found again): what they cost is settled.

    A movement may be told more than once; its id says so.
    """

    topic: ClassVar[str] = "sku"
    sku_id: int
    owner_id: int
    movement_id: int
    lot_id: int | None
    qty: int
    reason: str
    occurred_at: str
    back: bool = False
