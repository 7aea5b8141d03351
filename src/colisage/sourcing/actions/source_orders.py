"""Choosing the nodes that serve orders: many orders at once, each decision explained."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from colisage.carriers.queries import quotes
from colisage.catalog.queries import skus_by_id
from colisage.inventory.actions.move_reservations import Relocation, move_reservations
from colisage.inventory.actions.reserve import lock_free
from colisage.inventory.queries import promises_of, stock_of
from colisage.inventory.queries.owed import promised_skus
from colisage.kit.actors import SYSTEM
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.events import tell
from colisage.kit.statements import perform, rows
from colisage.network.queries import Serving, departures, nodes_serving
from colisage.network.queries.disruptions import active_for
from colisage.orders.actions.add_inserts import add_inserts
from colisage.orders.actions.claim_unsourced import claim_unsourced
from colisage.orders.actions.claim_untouched import claim_untouched
from colisage.orders.actions.close_orders import close_without_parcel
from colisage.orders.actions.create_fulfillment_orders import Part, create_fulfillment_orders
from colisage.orders.actions.drop_parts import drop_parts
from colisage.orders.queries import Order, lines_of
from colisage.orders.queries.inserts import inserted_skus
from colisage.orders.queries.instructions import counting_instructions
from colisage.people.queries import merchants_by_id
from colisage.solvers.sourcing.check import faults
from colisage.solvers.sourcing.problem import Candidate, Cost, Decision
from colisage.solvers.sourcing.solve import solve
from colisage.sourcing.events import OrderSourced
from colisage.sourcing.problem import (
    Case,
    Share,
    foreign_of,
    lanes_of,
    monies_of,
    problem_of,
    quote_requests,
    shares_of,
)

_COSTS: Final = tuple(field.name for field in fields(Cost))


class PlanIsWrong(Exception):  # noqa: N818 -- the witness speaks
    """The witness found a fault in a plan: a defect of the solver, never carried out."""


@transaction.atomic
def source_orders(order_ids: Collection[int], *, besides: Collection[int] = ()) -> int:
    """Choose nodes for the open orders among these that have none yet; give how many were sourced.

    Stock is held at the nodes chosen, each part becomes a fulfilment order, the decision is kept with the candidates
    it was chosen from. Orders without anything to send are closed; those with an unknown SKU wait. Harmless when
    repeated. Availability of the SKUs `besides` is locked together with that of what moves: the caller will promise
    units of them in the same transaction.
    """
    close_without_parcel(order_ids)
    by_merchant: dict[int, list[Order]] = defaultdict(list)
    for order in claim_unsourced(order_ids):
        by_merchant[order.merchant_id].append(order)
    wished = counting_instructions([o.pk for orders in by_merchant.values() for o in orders], kind="node")
    if len(by_merchant) > 1 or wished:
        _lock_first(by_merchant, besides=besides)
    return sum(
        _source_all(merchant, orders, wished=wished, besides=besides)
        for merchant, orders in sorted(by_merchant.items())
    )


@transaction.atomic
def source_again(order_ids: Collection[int]) -> set[int]:
    """Choose nodes anew for orders that nobody works on; give those that go elsewhere now.

    A node that a disruption has avoided gets nothing. An order that the others cannot send whole stays where it is:
    what it has there is better than waiting elsewhere. Their inserts go along where the others have them.
    """
    by_merchant: dict[int, list[Order]] = defaultdict(list)
    for order in claim_untouched(order_ids):
        by_merchant[order.merchant_id].append(order)
    moved: set[int] = set()
    if len(by_merchant) > 1:
        everyone = [order.pk for orders in by_merchant.values() for order in orders]
        _lock_first(by_merchant, besides=inserted_skus(everyone))
    for merchant, orders in sorted(by_merchant.items()):
        inserts = inserted_skus([order.pk for order in orders])
        went = _source(merchant, orders, besides=inserts, again=True)
        if inserts:
            add_inserts([order.pk for order in orders])  # also of those that stay after all
        moved |= went
    return moved


def _lock_first(by_merchant: Mapping[int, Sequence[Order]], *, besides: Collection[int]) -> None:
    """Lock the availability of all these orders' SKUs at once, when several steps will each lock what they move."""
    skus = set(besides)
    for merchant, orders in by_merchant.items():
        lines = [line.pk for each in lines_of([order.pk for order in orders]).values() for line in each]
        skus |= promised_skus(merchant, owner_kind="order_line", owner_ids=lines)
    lock_free(skus)


def _source_all(
    merchant_id: int, orders: Sequence[Order], *, wished: Mapping[int, str], besides: Collection[int]
) -> int:
    """Source the orders that shall be served from one node there, when it has everything, then the others."""
    done: set[int] = set()
    for code in sorted({wished[order.pk] for order in orders if order.pk in wished}):
        done |= _source(
            merchant_id, [order for order in orders if wished.get(order.pk) == code], besides=besides, only=code
        )
    return len(done | _source(merchant_id, [order for order in orders if order.pk not in done], besides=besides))


def _source(
    merchant_id: int, orders: Sequence[Order], *, besides: Collection[int], only: str | None = None, again: bool = False
) -> set[int]:
    """Source orders, from one node alone or not at all when `only` names it; give those that were.

    `again`: they have nodes; those that others can send whole are given, the rest stays as it is.
    """
    cases = _cases(merchant_id, orders) if orders else []
    if not cases:
        return set()
    now, merchant = timezone.now(), merchants_by_id({merchant_id})[merchant_id]
    today = now.astimezone(ZoneInfo(merchant.timezone)).date()
    sku_ids = {promise.sku_id for case in cases for promise in case.promises}
    skus = skus_by_id(merchant_id, ids=sku_ids)
    working = _working(merchant_id)
    if not working and not again:
        working = nodes_serving([merchant_id])[merchant_id]
    nodes = [node for node in working if only in {None, node.code}]
    if not nodes and (only or again):
        return set()
    leaves = departures([node.node_id for node in nodes], now=now)
    asked = quote_requests(cases, nodes, skus=skus)
    quoted = quotes(list(asked.values()), on=today)
    monies = monies_of(cases, asked, quotes=quoted, skus=skus, usual=merchant.currency)
    problem = problem_of(
        cases,
        nodes,
        stock=stock_of(merchant_id, sku_ids=sku_ids),
        skus=skus,
        lanes=lanes_of(asked, nodes=nodes, quotes=quoted, monies=monies),
        leaves=leaves,
        now=now,
        today=today,
    )
    plan = solve(problem)
    wrong = next(iter(faults(problem, plan)), None)
    if wrong:
        raise PlanIsWrong(wrong)
    decided = list(zip(cases, plan.decisions, strict=True))
    if only or again:
        decided = [(case, d) for case, d in decided if d.chosen and not d.missing]
    cases = [case for case, _decision in decided]
    shares = {case.order.pk: shares_of(case, d) for case, d in decided}
    moved = {share.promise.sku_id for each in shares.values() for share in each if share.move}
    if moved and besides:
        lock_free(moved.union(besides))  # both at once: two ordered steps are no order
    if again:
        drop_parts(shares)
    held = _move(shares, bundles={owner: sets for case in cases for owner, sets in case.sets.items()})
    parts = [part for case in cases for part in _parts(case.order, shares[case.order.pk], held=held, leaves=leaves)]
    create_fulfillment_orders(parts)
    foreign = foreign_of(asked, quotes=quoted, monies=monies)
    zones = [case.zone(skus) for case in cases]
    priced = [(monies[zone], {node for node, there in foreign if there == zone}) for zone in zones]
    _tell(merchant_id, cases, [decision for _case, decision in decided], parts, priced=priced)
    stayed = {part.order_id for part in parts if part.node_id not in leaves}  # somebody was faster elsewhere
    return set(shares) - stayed if again else set(shares)


def _working(merchant_id: int) -> list[Serving]:
    """Give the nodes that serve a merchant, without those that a disruption has avoided."""
    active = active_for([merchant_id]).get(merchant_id, [])
    avoided = {one.node_id for one in active if one.effect == "reroute"}
    return [node for node in nodes_serving([merchant_id])[merchant_id] if node.node_id not in avoided]


def _cases(merchant_id: int, orders: Sequence[Order]) -> list[Case]:
    """Put orders and their promises together, leaving out what cannot be sourced yet."""
    lines = lines_of([order.pk for order in orders])
    lines = {pk: [line for line in each if line.quantity > line.cancelled] for pk, each in lines.items()}
    ready = [o for o in orders if all(line.sku_id or not line.requires_shipping for line in lines[o.pk])]
    of_line = {line.pk: o.pk for o in ready for line in lines[o.pk]}
    cases = {o.pk: Case(o, sets={x.pk: x.quantity - x.cancelled for x in lines[o.pk] if x.recipe}) for o in ready}
    for promise in promises_of(merchant_id, owner_kind="order_line", owner_ids=list(of_line)):
        if promise.state in {"held", "waiting", "ahead"}:
            cases[of_line[promise.owner_id]].promises.append(promise)
    return [case for case in cases.values() if case.promises]


def _move(shares: Mapping[int, Sequence[Share]], *, bundles: Mapping[int, int]) -> dict[tuple[int, int], int]:
    """Hold at the chosen nodes what is held elsewhere; give the new reservation by (old one, node)."""
    moves = [
        Relocation(share.promise.id, share.node_id, share.qty)
        for of_order in shares.values()
        for share in of_order
        if share.move
    ]
    return move_reservations(moves, bundles=bundles) if moves else {}


def _parts(
    order: Order, shares: Sequence[Share], *, held: Mapping[tuple[int, int], int], leaves: Mapping[int, Any]
) -> list[Part]:
    """Make one part for each node; a part with anything still owed waits as a whole."""
    by_node: dict[int, list[tuple[int, int, int, int | None]]] = defaultdict(list)
    waiting: set[int] = set()
    for share in shares:
        reservation = share.promise.id
        node = share.node_id
        if share.move:
            reservation = held.get((share.promise.id, share.node_id), 0)
            if not reservation:  # somebody was faster: it stays where it was
                reservation = share.promise.id
                if share.promise.state == "held" and share.promise.node_id is not None:
                    node = share.promise.node_id
                else:
                    waiting.add(node)
        elif share.waiting:
            waiting.add(node)
        by_node[node].append((share.promise.owner_id, share.promise.sku_id, share.qty, reservation))
    return [
        Part(
            merchant_id=order.merchant_id,
            order_id=order.pk,
            node_id=node,
            lines=tuple(lines),
            waiting=node in waiting,
            ship_by=leaves.get(node),
        )
        for node, lines in by_node.items()
    ]


def _tell(
    merchant_id: int,
    cases: Sequence[Case],
    decisions: Sequence[Decision],
    parts: Sequence[Part],
    *,
    priced: Sequence[tuple[str, set[int]]],
) -> None:
    nodes: dict[int, list[int]] = defaultdict(list)
    for part in parts:
        nodes[part.order_id].append(part.node_id)
    decided = (
        {
            "merchant_id": merchant_id,
            "order_id": case.order.pk,
            "currency": currency,
            "chosen": _candidate(decision.chosen, foreign=foreign) if decision.chosen else None,
            "candidates": [_candidate(c, foreign=foreign) for c in decision.candidates[:6]],
            "missing": [[int(m.sku_id), m.quantity] for m in decision.missing],
            "saved_cents": 0 if foreign else decision.saved_cents or 0,
        }
        for case, decision, (currency, foreign) in zip(cases, decisions, priced, strict=True)
    )
    perform("sourcing", "insert_decisions", [rows(decided)])
    tell(
        OrderSourced(merchant_id=merchant_id, order_id=case.order.pk, nodes=tuple(nodes[case.order.pk]))
        for case in cases
    )
    record_deeds(
        (
            Deed("order", case.order.pk, "order_sourced", {"nodes": nodes[case.order.pk]}, merchant_id=merchant_id)
            for case in cases
        ),
        actor=SYSTEM,
    )


def _candidate(candidate: Candidate, *, foreign: set[int]) -> dict[str, Any]:
    """Tell of a candidate; it has a flaw more when one of its nodes is priced in a currency that is not compared."""
    nodes = [int(node) for node in candidate.node_ids]
    return {
        "nodes": nodes,
        "cost": {name: getattr(candidate.cost, name) for name in (*_COSTS, "total")},
        "days": [candidate.days_min, candidate.days_max],
        "flaws": [*map(str, candidate.flaws), *(["currency"] if foreign.intersection(nodes) else [])],
        "missing": [[int(m.sku_id), m.quantity] for m in candidate.missing],
    }
