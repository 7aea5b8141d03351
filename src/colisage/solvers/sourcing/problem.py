"""Orders, nodes and lanes, and which node serves what. Money in cents of one currency, weights in grams.

Days are counted from the day of the decision: 0 is today.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Line:
    """So many units of a SKU, each weighing so much; an order asks a SKU on one line only."""

    sku_id: str
    quantity: int
    grams: int = 0


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked, for which zone, until when (`latest_day`, if promised), in how many parcels at most."""

    id: str
    zone: str
    lines: tuple[Line, ...]
    latest_day: int | None = None
    can_split: bool = True
    most_nodes: int = 3

    def __post_init__(self) -> None:
        if len({line.sku_id for line in self.lines}) != len(self.lines):
            raise ValueError(f"{self.id}: a SKU stands on two lines")
        if any(line.quantity < 1 or line.grams < 0 for line in self.lines):
            raise ValueError(f"{self.id}: quantities start at 1, weights at 0")


@dataclass(frozen=True, slots=True)
class Node:
    """A place that ships: its stock by SKU (None: unlimited) and what its work costs.

    `ships_in_days` is when a parcel decided now leaves (its cut-off and calendar applied); `preference`
    breaks ties of cost, the lowest first; `capacity` is how many more parcels it can ship, if limited;
    `unit_cents` is the purchase price where the goods are not ours yet, as in dropshipping.
    """

    id: str
    stock: Mapping[str, int | None]
    ships_in_days: int = 0
    handling_cents: int = 0
    handling_cents_per_unit: int = 0
    unit_cents: Mapping[str, int] | None = None
    preference: int = 0
    capacity: int | None = None


@dataclass(frozen=True, slots=True)
class Lane:
    """A parcel's way from a node to a zone: price, days in transit, grams of CO₂.

    `handling_cents` is what its node's work on a parcel that goes there costs, besides what it costs for any.
    """

    node_id: str
    zone: str
    parcel_cents: int
    cents_per_kg: int = 0
    days_min: int = 1
    days_max: int = 3
    carbon_grams: int = 0
    carbon_grams_per_kg: int = 0
    handling_cents: int = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """Orders in order of arrival: an earlier one takes the stock first. Lanes missing do not exist.

    `carbon_cents_per_kg` is what the merchant wants a kilogram of CO₂ to weigh in the decision.
    """

    orders: tuple[Order, ...]
    nodes: tuple[Node, ...]
    lanes: tuple[Lane, ...]
    carbon_cents_per_kg: int = 0

    def __post_init__(self) -> None:
        for ids in (
            [order.id for order in self.orders],
            [node.id for node in self.nodes],
            [(lane.node_id, lane.zone) for lane in self.lanes],
        ):
            if len(set(ids)) != len(ids):
                raise ValueError("two orders, nodes or lanes are the same")


@dataclass(frozen=True, slots=True)
class Cost:
    """What a way to serve an order costs, part by part, in cents."""

    parcels: int = 0
    weight: int = 0
    handling: int = 0
    goods: int = 0
    carbon: int = 0

    @property
    def total(self) -> int:
        """Add up the parts: this is what a decision makes small."""
        return self.parcels + self.weight + self.handling + self.goods + self.carbon


@dataclass(frozen=True, slots=True)
class Allocation:
    """So many units of a SKU from a node."""

    node_id: str
    sku_id: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Shortage:
    """So many units of a SKU that a way to serve leaves out."""

    sku_id: str
    quantity: int


class Flaw(StrEnum):
    """Why a candidate is not a complete answer."""

    NO_LANE = "no_lane"
    NO_CAPACITY = "no_capacity"
    NO_STOCK = "no_stock"
    INCOMPLETE = "incomplete"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A way to serve an order from some nodes. Without flaws it is complete and in time.

    The days are those of the last parcel; they are 0 where nothing can be sent.
    """

    node_ids: tuple[str, ...]
    allocations: tuple[Allocation, ...]
    missing: tuple[Shortage, ...]
    cost: Cost
    days_min: int
    days_max: int
    flaws: tuple[Flaw, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """What is done with an order and why.

    `candidates` are all that were weighed, the best first; `chosen` is the first of them, or None when the
    whole order waits. `saved_cents` is what it saves against the next one without flaws, if there is one.
    `missing` waits.
    """

    order_id: str
    chosen: Candidate | None
    missing: tuple[Shortage, ...]
    candidates: tuple[Candidate, ...]
    saved_cents: int | None


@dataclass(frozen=True, slots=True)
class Plan:
    """A decision for each order, in their order."""

    decisions: tuple[Decision, ...]

    @property
    def total_cents(self) -> int:
        """Add up what the chosen ways cost."""
        return sum(decision.chosen.cost.total for decision in self.decisions if decision.chosen)
