"""What happens to orders."""

from dataclasses import dataclass
from typing import ClassVar

from colisage.kit.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class _OrderEvent(Event):
    topic: ClassVar[str] = "order"
    order_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderAccepted(_OrderEvent):
    """An order is in: lines, reservations and audit are written."""

    quiet: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderHeld(_OrderEvent):
    """An order waits for a reason."""

    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDisrupted(_OrderEvent):
    """A disruption touched an order: it waits for it (`hold`), or is promised for a later day (`redate`).

    It waits until a day (`until`, ISO; empty: nobody knows). `again`: that is later than was told before.
    """

    disruption_id: int
    effect: str
    until: str = ""
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderResumed(_OrderEvent):
    """An order goes on that a disruption held or delayed: it is over before its time, or somebody `released` the order.

    `effect`: hold, redate, released.
    """

    disruption_id: int
    effect: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFreed(_OrderEvent):
    """The last hold of an order is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCancelled(_OrderEvent):
    """The whole order will not be fulfilled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderChanged(_OrderEvent):
    """An order was changed after it was accepted; the document says what."""

    change_id: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderExpected(_OrderEvent):
    """What is owed of an order is expected on another day than before (`on`, ISO; empty: nobody knows).

    `later` than the customer was told: he is told the new day. Because of a disruption, if it says.
    """

    on: str
    later: bool
    disruption_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdersParted(_OrderEvent):
    """A parcel that was to hold several orders holds fewer: one of them left it."""

    fulfillment_order_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StageReached(_OrderEvent):
    """A fulfilment order of this order advanced."""

    chosen_by: ClassVar[str] = "stage"
    fulfillment_order_id: int
    node_id: int
    stage: str
    before: str
