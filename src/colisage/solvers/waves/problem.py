"""Orders to pick, the cart, and which orders share a walk. Volumes in mm³, weights in grams."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Visit:
    """A place that an order is picked from: an aisle and how far along it."""

    aisle: int
    y_mm: int


@dataclass(frozen=True, slots=True)
class Order:
    """What is picked for one customer.

    Orders of different `group` (carrier, temperature, zone…) never share a cart. More urgent is a higher
    `priority`, then an earlier `due_minute` (of any clock, the same for all).
    """

    id: str
    visits: tuple[Visit, ...]
    mm3: int
    grams: int
    group: str = ""
    priority: int = 0
    due_minute: int = 0


@dataclass(frozen=True, slots=True)
class Cart:
    """What a picker pushes: equal totes, each for one order; a large order takes several."""

    totes: int
    tote_mm3: int
    max_grams: int

    def __post_init__(self) -> None:
        if self.totes < 1 or self.tote_mm3 < 1 or self.max_grams < 1:
            raise ValueError("a cart has totes, and these hold something")


@dataclass(frozen=True, slots=True)
class Problem:
    """The orders released for picking and the cart they are picked with."""

    orders: tuple[Order, ...]
    cart: Cart

    def __post_init__(self) -> None:
        if len({order.id for order in self.orders}) != len(self.orders):
            raise ValueError("two orders share an id")


@dataclass(frozen=True, slots=True)
class Load:
    """An order on the cart and its totes, numbered from 0."""

    order_id: str
    totes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """One walk."""

    loads: tuple[Load, ...]

    @property
    def order_ids(self) -> tuple[str, ...]:
        """Name the orders."""
        return tuple(load.order_id for load in self.loads)


class Reason(StrEnum):
    """Why an order is in no batch."""

    TOO_LARGE = "too_large"
    TOO_HEAVY = "too_heavy"


@dataclass(frozen=True, slots=True)
class Unbatched:
    """An order that no empty cart takes: to be picked by itself, with other means."""

    order_id: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Plan:
    """The batches, the most urgent first, and what fits no cart."""

    batches: tuple[Batch, ...]
    unbatched: tuple[Unbatched, ...]
