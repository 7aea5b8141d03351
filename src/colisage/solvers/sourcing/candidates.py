"""The ways to serve one order: what some nodes together can send, what it costs and when it arrives."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from colisage.solvers.sourcing.problem import (
    Allocation,
    Candidate,
    Cost,
    Flaw,
    Lane,
    Line,
    Node,
    Order,
    Problem,
    Shortage,
)

PLENTY = 1 << 60
"""Stock and capacity where there is no limit."""


@dataclass(slots=True)
class Supply:
    """What the nodes still have while the orders are served one after the other."""

    stock: dict[tuple[str, str], int]
    capacity: dict[str, int]

    @classmethod
    def of(cls, nodes: Sequence[Node]) -> "Supply":
        """Start with everything the nodes have."""
        stock = {
            (node.id, sku_id): PLENTY if quantity is None else max(quantity, 0)
            for node in nodes
            for sku_id, quantity in node.stock.items()
        }
        capacity = {node.id: PLENTY if node.capacity is None else node.capacity for node in nodes}
        return cls(stock, capacity)

    def take(self, candidate: Candidate) -> None:
        """Consume what a candidate sends."""
        for allocation in candidate.allocations:
            self.stock[allocation.node_id, allocation.sku_id] -= allocation.quantity
        for node_id in candidate.node_ids:
            self.capacity[node_id] -= 1


class Weigher:
    """Build and price candidates against the supply of the moment."""

    def __init__(self, problem: Problem, supply: Supply) -> None:
        self.supply = supply
        self.carbon_cents_per_kg = problem.carbon_cents_per_kg
        self.lanes: Mapping[tuple[str, str], Lane] = {(each.node_id, each.zone): each for each in problem.lanes}

    def candidate(self, order: Order, nodes: Sequence[Node]) -> Candidate:
        """Serve as much of an order as these nodes can, each SKU from the cheapest of them first.

        Exact for these nodes but for the rounding of each parcel's weight to whole cents: once the nodes are
        given only what a unit adds counts, and no SKU touches another.
        """
        able = [node for node in nodes if self.flaw(order, node) is None]
        allocations: list[Allocation] = []
        missing: list[Shortage] = []
        for line in order.lines:
            wanted = line.quantity
            for node in sorted(able, key=lambda each: self.unit_rank(order, line, each)):
                quantity = min(wanted, self.supply.stock.get((node.id, line.sku_id), 0))
                if quantity > 0:
                    allocations.append(Allocation(node.id, line.sku_id, quantity))
                    wanted -= quantity
            if wanted:
                missing.append(Shortage(line.sku_id, wanted))
        return self.priced(order, nodes, allocations, missing)

    def flaw(self, order: Order, node: Node) -> Flaw | None:
        """Say why a node cannot send this order anything."""
        if (node.id, order.zone) not in self.lanes:
            return Flaw.NO_LANE
        if self.supply.capacity[node.id] < 1:
            return Flaw.NO_CAPACITY
        if not any(self.supply.stock.get((node.id, line.sku_id), 0) for line in order.lines):
            return Flaw.NO_STOCK
        return None

    def unit_rank(self, order: Order, line: Line, node: Node) -> tuple[int, int, str]:
        """Rank a node by what one more unit costs there, in thousandths of a cent."""
        lane = self.lanes[node.id, order.zone]
        thousandths = 1000 * (node.handling_cents_per_unit + _unit_cents(node, line.sku_id))
        thousandths += line.grams * lane.cents_per_kg
        thousandths += line.grams * lane.carbon_grams_per_kg * self.carbon_cents_per_kg // 1000
        return thousandths, node.preference, node.id

    def priced(
        self,
        order: Order,
        nodes: Sequence[Node],
        allocations: Sequence[Allocation],
        missing: Sequence[Shortage],
    ) -> Candidate:
        """Put the price, the days and the flaws on what is sent."""
        senders = {allocation.node_id for allocation in allocations}
        used = [node for node in nodes if node.id in senders]
        days = [
            (node.ships_in_days + lane.days_min, node.ships_in_days + lane.days_max)
            for node in used
            for lane in (self.lanes[node.id, order.zone],)
        ]
        days_max = max((latest for _, latest in days), default=0)
        flaws = [flaw for node in nodes if (flaw := self.flaw(order, node)) is not None]
        if missing and allocations:
            flaws.append(Flaw.INCOMPLETE)
        if order.latest_day is not None and days_max > order.latest_day:
            flaws.append(Flaw.LATE)
        return Candidate(
            node_ids=tuple(node.id for node in (used or nodes)),
            allocations=tuple(allocations),
            missing=tuple(missing),
            cost=_sum(self.costs(order, used, allocations)),
            days_min=max((earliest for earliest, _ in days), default=0),
            days_max=days_max,
            flaws=tuple(dict.fromkeys(flaws)),
        )

    def costs(self, order: Order, used: Sequence[Node], allocations: Sequence[Allocation]) -> Iterator[Cost]:
        """Price the parcel of each node; parts of a cent count as a cent."""
        grams_of = {line.sku_id: line.grams for line in order.lines}
        for node in used:
            lane = self.lanes[node.id, order.zone]
            sent = [each for each in allocations if each.node_id == node.id]
            grams = sum(each.quantity * grams_of[each.sku_id] for each in sent)
            units = sum(each.quantity for each in sent)
            carbon_grams = lane.carbon_grams + -(-grams * lane.carbon_grams_per_kg // 1000)
            yield Cost(
                parcels=lane.parcel_cents,
                weight=-(-grams * lane.cents_per_kg // 1000),
                handling=node.handling_cents + lane.handling_cents + units * node.handling_cents_per_unit,
                goods=sum(each.quantity * _unit_cents(node, each.sku_id) for each in sent),
                carbon=-(-carbon_grams * self.carbon_cents_per_kg // 1000),
            )


def _sum(costs: Iterator[Cost]) -> Cost:
    total = Cost()
    for cost in costs:
        total = Cost(
            total.parcels + cost.parcels,
            total.weight + cost.weight,
            total.handling + cost.handling,
            total.goods + cost.goods,
            total.carbon + cost.carbon,
        )
    return total


def _unit_cents(node: Node, sku_id: str) -> int:
    return (node.unit_cents or {}).get(sku_id, 0)
