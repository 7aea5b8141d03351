"""Choose the nodes of each order: the cheapest node that has everything in time, else the cheapest split."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from colisage.solvers.sourcing.candidates import Supply, Weigher
from colisage.solvers.sourcing.problem import (
    Candidate,
    Decision,
    Flaw,
    Node,
    Order,
    Plan,
    Problem,
    Shortage,
)

MOST_NODES_COMBINED = 6
"""Splits are searched among so many nodes, those with most of the order: at most 57 combinations."""

MOST_SPLITS_TOLD = 8
"""The explanation names every single node, and so many of the best splits."""


def solve(problem: Problem, *, budget: float = 0.0, seed: int = 0) -> Plan:
    """Serve the orders in their order, each as well as the stock left by the earlier ones allows.

    Preferred in turn: most units served, in time, one node rather than a split, least cost, the merchant's
    preference. A split, and sending only what there is, are for orders that allow them; the others wait
    whole. Splits are weighed only where no single node is without flaw. Neither budget nor seed matter yet.
    """
    supply = Supply.of(problem.nodes)
    weigher = Weigher(problem, supply)
    preference = {node.id: node.preference for node in problem.nodes}
    decisions = []
    for order in problem.orders:
        decision = _decide(order, problem.nodes, weigher, preference)
        if decision.chosen is not None:
            supply.take(decision.chosen)
        decisions.append(decision)
    return Plan(tuple(decisions))


def _decide(order: Order, nodes: Sequence[Node], weigher: Weigher, preference: Mapping[str, int]) -> Decision:
    def rank(candidate: Candidate) -> tuple[int, bool, int, int, int, tuple[str, ...]]:
        return (
            sum(shortage.quantity for shortage in candidate.missing),
            Flaw.LATE in candidate.flaws,
            min(len(candidate.node_ids), 2),
            candidate.cost.total,
            sum(preference[node_id] for node_id in candidate.node_ids),
            candidate.node_ids,
        )

    candidates = [weigher.candidate(order, (node,)) for node in nodes]
    if order.can_split and all(candidate.flaws for candidate in candidates):
        candidates.extend(sorted(_splits(order, nodes, weigher), key=rank)[:MOST_SPLITS_TOLD])
    candidates.sort(key=rank)
    chosen = candidates[0] if candidates and _may_be_sent(order, candidates[0]) else None
    return Decision(
        order_id=order.id,
        chosen=chosen,
        missing=chosen.missing if chosen else tuple(Shortage(each.sku_id, each.quantity) for each in order.lines),
        candidates=tuple(candidates),
        saved_cents=_saved_cents(chosen, candidates),
    )


def _may_be_sent(order: Order, candidate: Candidate) -> bool:
    return bool(candidate.allocations) and (order.can_split or not candidate.missing)


def _saved_cents(chosen: Candidate | None, candidates: Sequence[Candidate]) -> int | None:
    if chosen is None or chosen.flaws:
        return None
    others = (each.cost.total for each in candidates if each is not chosen and not each.flaws)
    cheapest = min(others, default=None)
    return None if cheapest is None else cheapest - chosen.cost.total


def _splits(order: Order, nodes: Sequence[Node], weigher: Weigher) -> Iterator[Candidate]:
    """Combine nodes that can each add something."""
    able = _most_useful(order, [node for node in nodes if weigher.flaw(order, node) is None], weigher.supply)
    for size in range(2, min(order.most_nodes, len(able)) + 1):
        for group in combinations(able, size):
            candidate = weigher.candidate(order, group)
            if len(candidate.node_ids) == size:  # else a smaller group does the same
                yield candidate


def _most_useful(order: Order, able: Sequence[Node], supply: Supply) -> list[Node]:
    """Keep the nodes that cover the order best together, then those that have most of it."""
    if len(able) <= MOST_NODES_COMBINED:
        return list(able)
    wanted = {line.sku_id: line.quantity for line in order.lines}
    kept: list[Node] = []
    rest = list(able)
    open_units = dict(wanted)
    while len(kept) < MOST_NODES_COMBINED:
        best = max(rest, key=lambda node: (_units(node, open_units, supply), _units(node, wanted, supply)))
        kept.append(best)
        rest.remove(best)
        for sku_id, units in open_units.items():
            open_units[sku_id] = units - min(units, supply.stock.get((best.id, sku_id), 0))
    return kept


def _units(node: Node, wanted: Mapping[str, int], supply: Supply) -> int:
    return sum(min(quantity, supply.stock.get((node.id, sku_id), 0)) for sku_id, quantity in wanted.items())
