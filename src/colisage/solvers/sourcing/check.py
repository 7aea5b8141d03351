"""Witness of sourcing decisions: quantities, stock, lanes, dates and prices, recomputed from the problem."""

from collections import Counter
from collections.abc import Iterator

from colisage.solvers.sourcing.problem import (
    Allocation,
    Candidate,
    Decision,
    Flaw,
    Lane,
    Node,
    Order,
    Plan,
    Problem,
    Shortage,
)


def faults(problem: Problem, plan: Plan) -> Iterator[str]:
    """Say everything that is wrong with the decisions, sharing no code with the solver."""
    if [order.id for order in problem.orders] != [decision.order_id for decision in plan.decisions]:
        yield "not one decision for each order, in their order"
        return
    for order, decision in zip(problem.orders, plan.decisions, strict=True):
        for fault in _faults_of_decision(problem, order, decision):
            yield f"order {order.id}: {fault}"
    yield from _overdrawn(problem, plan)


def _faults_of_decision(problem: Problem, order: Order, decision: Decision) -> Iterator[str]:
    yield from _miscounts(order, decision)
    chosen = decision.chosen
    if chosen is None:
        if decision.saved_cents is not None:
            yield "saves nothing, whatever is told"
        return
    if chosen not in decision.candidates:
        yield "the choice was never weighed"
    if chosen.missing != decision.missing:
        yield "what waits is not what the choice leaves out"
    if not order.can_split and (len(chosen.node_ids) > 1 or decision.missing):
        yield "split against the order's wish"
    rivals = [each.cost.total for each in decision.candidates if each is not chosen and not each.flaws]
    saved = min(rivals) - chosen.cost.total if rivals and not chosen.flaws else None
    if decision.saved_cents != saved:
        yield f"saves {saved}, {decision.saved_cents} told"
    yield from _faults_of_candidate(problem, order, chosen)


def _miscounts(order: Order, decision: Decision) -> Iterator[str]:
    """Each unit once: sent, or waiting."""
    told: Counter[str] = Counter()
    parts: list[Allocation | Shortage] = list(decision.missing)
    if decision.chosen is not None:
        parts.extend(decision.chosen.allocations)
    for each in parts:
        told[each.sku_id] += each.quantity
        if each.quantity < 1:
            yield f"{each.quantity} units of {each.sku_id}"
    asked = Counter({line.sku_id: line.quantity for line in order.lines})
    for sku_id in sorted(asked.keys() | told.keys()):
        if asked[sku_id] != told[sku_id]:
            yield f"{sku_id}: {asked[sku_id]} asked, {told[sku_id]} sent or waiting"


def _faults_of_candidate(problem: Problem, order: Order, candidate: Candidate) -> Iterator[str]:
    nodes = {node.id: node for node in problem.nodes}
    lanes = {(lane.node_id, lane.zone): lane for lane in problem.lanes}
    senders = {allocation.node_id for allocation in candidate.allocations}
    if senders != set(candidate.node_ids) or len(senders) != len(candidate.node_ids):
        yield "the nodes named are not those that send"
    if len(senders) > max(order.most_nodes, 1):
        yield f"{len(senders)} nodes, at most {order.most_nodes} wanted"
    if any(node_id not in nodes or (node_id, order.zone) not in lanes for node_id in senders):
        yield "sent where no lane leads"
        return
    used = [(nodes[node_id], lanes[node_id, order.zone]) for node_id in sorted(senders)]
    arrivals = [node.ships_in_days + lane.days_max for node, lane in used]
    if max(arrivals, default=0) != candidate.days_max:
        yield "arrives on another day than told"
    if candidate.days_min != max((node.ships_in_days + lane.days_min for node, lane in used), default=0):
        yield "arrives at the earliest on another day than told"
    is_late = order.latest_day is not None and max(arrivals, default=0) > order.latest_day
    if is_late != (Flaw.LATE in candidate.flaws):
        yield "late and not told, or told and not late"
    if bool(candidate.missing) != (Flaw.INCOMPLETE in candidate.flaws):
        yield "incomplete and not told, or told and not incomplete"
    total = sum(_price(problem, order, candidate, node, lane) for node, lane in used)
    cost = candidate.cost
    parts = cost.parcels + cost.weight + cost.handling + cost.goods + cost.carbon
    if not total == parts == cost.total:
        yield f"costs {total}, its parts add up to {parts}, {cost.total} told"


def _price(problem: Problem, order: Order, candidate: Candidate, node: Node, lane: Lane) -> int:
    grams = cents = 0
    weights = {line.sku_id: line.grams for line in order.lines}
    for allocation in candidate.allocations:
        if allocation.node_id == node.id:
            grams += weights.get(allocation.sku_id, 0) * allocation.quantity
            cents += node.handling_cents_per_unit * allocation.quantity
            if node.unit_cents is not None:
                cents += node.unit_cents.get(allocation.sku_id, 0) * allocation.quantity
    carbon = lane.carbon_grams + _thousandths(grams * lane.carbon_grams_per_kg)
    cents += lane.parcel_cents + _thousandths(grams * lane.cents_per_kg) + node.handling_cents + lane.handling_cents
    return cents + _thousandths(carbon * problem.carbon_cents_per_kg)


def _thousandths(amount: int) -> int:
    """Divide by a thousand, a part counting as a whole."""
    return (amount + 999) // 1000


def _overdrawn(problem: Problem, plan: Plan) -> Iterator[str]:
    taken: Counter[tuple[str, str]] = Counter()
    parcels: Counter[str] = Counter()
    for decision in plan.decisions:
        if decision.chosen is not None:
            parcels.update(set(decision.chosen.node_ids))
            for allocation in decision.chosen.allocations:
                taken[allocation.node_id, allocation.sku_id] += allocation.quantity
    for node in problem.nodes:
        if node.capacity is not None and parcels[node.id] > node.capacity:
            yield f"node {node.id}: {parcels[node.id]} parcels, {node.capacity} possible"
    stock = {(node.id, sku_id): held for node in problem.nodes for sku_id, held in node.stock.items()}
    for (node_id, sku_id), quantity in taken.items():
        held = stock.get((node_id, sku_id), 0)
        if held is not None and quantity > held:
            yield f"node {node_id}: {quantity} of {sku_id} sent, {held} there"
