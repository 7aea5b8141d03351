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
class PreorderChanged(Event):
    """A SKU was opened for pre-order, closed, or leaves on another day."""

    topic: ClassVar[str] = "sku"
    sku_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnsChanged(Event):
    """Who waits for a SKU is served in another order than before."""

    topic: ClassVar[str] = "sku"
    sku_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OfPromise(Event):
    """So many units of a SKU at a node, promised to an owner: what the next three tell about. Never told itself."""

    topic: ClassVar[str] = "owner"
    owner_id: int
    owner_kind: str
    reservation_id: int
    sku_id: int
    node_id: int
    qty: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationDemoted(OfPromise):
    """Reality was less than the books: units held for an owner are owed now; an insert does without them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingServed(OfPromise):
    """Units owed to an owner are held for it now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitsUnbound(OfPromise):
    """Units bound to a picker cannot be taken from their bin any more; their promise stays held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedChanged(Event):
    """What channels may sell of these SKUs may have changed: their stock, promises, safety stock or buffers did.

    Told for all that was changed since it was told last, by however many transactions; whoever hears it asks for the
    figures of the moment (`published_of`). A bundle is named when one of its components is.
    """

    topic: ClassVar[str] = "merchant"
    sku_ids: tuple[int, ...]


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
