"""From orders, promises and stock to a sourcing problem, and from its plan back to parts and moves."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from colisage.boxing.queries import grams_of
from colisage.carriers.queries import Quote, QuoteRequest
from colisage.catalog.queries import SkuFacts
from colisage.inventory.queries import Promise, Stock
from colisage.kit.money import compared_in
from colisage.network.queries import Serving
from colisage.orders.queries import Order
from colisage.orders.queries.late import due_on
from colisage.solvers.sourcing.problem import Decision, Lane, Line, Node, Problem
from colisage.solvers.sourcing.problem import Order as Wanted

STEP_GRAMS = 250  # lanes are priced by steps of weight: fewer of them, and no cheaper than the truth
UNPRICED_CENTS = 9_900  # a way nobody has a tariff for is taken only when there is no other


@dataclass
class Case:
    """An order with what is promised to it."""

    order: Order
    promises: list[Promise] = field(default_factory=list)
    sets: Mapping[int, int] = field(default_factory=dict)  # order lines of a bundle: so many of it

    def units(self) -> dict[int, int]:
        """Sum the promised units by SKU."""
        total: Counter[int] = Counter()
        for promise in self.promises:
            total[promise.sku_id] += promise.qty
        return dict(total)

    def grams(self, skus: Mapping[int, SkuFacts]) -> int:
        """Weigh what is promised, in steps."""
        grams = sum(grams_of(skus[sku]) * units for sku, units in self.units().items())
        return -(-max(grams, 1) // STEP_GRAMS) * STEP_GRAMS

    def zone(self, skus: Mapping[int, SkuFacts]) -> str:
        """Name where it goes, how heavy and paid in what: what has one name has one price."""
        told = self.order.ship_to or {}
        where = f"{told.get('country', '')}:{str(told.get('postcode', ''))[:3]}"
        return f"{where}:{self.grams(skus)}:{self.order.currency}"


def quote_requests(
    cases: Sequence[Case], nodes: Sequence[Serving], *, skus: Mapping[int, SkuFacts]
) -> dict[tuple[int, str], QuoteRequest]:
    """Ask a price for each node and zone once."""
    asked: dict[tuple[int, str], QuoteRequest] = {}
    for case in cases:
        zone = case.zone(skus)
        told = case.order.ship_to or {}
        for node in nodes:
            if (node.node_id, zone) not in asked:
                asked[node.node_id, zone] = QuoteRequest(
                    key=len(asked),
                    operator_id=node.operator_id,
                    from_country=node.country,
                    country=str(told.get("country", "")),
                    postcode=str(told.get("postcode", "")),
                    grams=case.grams(skus),
                )
    return asked


def monies_of(
    cases: Sequence[Case],
    asked: Mapping[tuple[int, str], QuoteRequest],
    *,
    quotes: Mapping[int, Sequence[Quote]],
    skus: Mapping[int, SkuFacts],
    usual: str,
) -> dict[str, str]:
    """Give by zone the currency in which its ways are compared: the order's where a node is priced in it, else `usual`.

    Else the one most are priced in. `usual` is the merchant's.
    """
    priced: dict[str, list[str]] = defaultdict(list)
    for (_node, zone), request in asked.items():
        priced[zone] += {quote.currency for quote in quotes[request.key] if quote.kind != "relay"}
    return {
        zone: compared_in(priced[zone], wanted=(currency, usual))
        for zone, currency in {case.zone(skus): case.order.currency for case in cases}.items()
    }


def lanes_of(
    asked: Mapping[tuple[int, str], QuoteRequest],
    *,
    nodes: Sequence[Serving],
    quotes: Mapping[int, Sequence[Quote]],
    monies: Mapping[str, str],
) -> tuple[Lane, ...]:
    """Turn the cheapest home delivery of each node and zone into a lane.

    One nobody prices in the currency of its zone is dear, not closed. What handling costs counts where the zone is
    compared in its currency, and nowhere else: nothing here says what one is worth in the other.
    """
    lanes = []
    work = {node.node_id: node for node in nodes}
    for (node, zone), request in asked.items():
        handling = work[node].handling_cents if work[node].currency == monies[zone] else 0
        best = _best(quotes[request.key], currency=monies[zone])
        cents, days = (best.cents, (best.days_min, best.days_max)) if best else (UNPRICED_CENTS, (3, 10))
        lanes.append(Lane(str(node), zone, cents, handling_cents=handling, days_min=days[0], days_max=days[1]))
    return tuple(lanes)


def foreign_of(
    asked: Mapping[tuple[int, str], QuoteRequest],
    *,
    quotes: Mapping[int, Sequence[Quote]],
    monies: Mapping[str, str],
) -> set[tuple[int, str]]:
    """Give the nodes and zones that have prices, but none in the currency in which their zone is compared."""
    return {
        (node, zone)
        for (node, zone), request in asked.items()
        if any(quote.kind != "relay" for quote in quotes[request.key])
        and not _best(quotes[request.key], currency=monies[zone])
    }


def _best(quotes: Sequence[Quote], *, currency: str) -> Quote | None:
    """Give the cheapest home delivery of those priced in a currency."""
    return next((quote for quote in quotes if quote.kind != "relay" and quote.currency == currency), None)


def problem_of(
    cases: Sequence[Case],
    nodes: Sequence[Serving],
    *,
    stock: Sequence[Stock],
    skus: Mapping[int, SkuFacts],
    lanes: tuple[Lane, ...],
    leaves: Mapping[int, datetime],
    now: datetime,
    today: date,
) -> Problem:
    """Make the problem: a node has what is free there and what is held there for these very orders.

    `leaves` are cut-offs by the nodes' clocks; `today` is the day at the merchant.
    """
    free: dict[int, Counter[int]] = defaultdict(Counter)
    unlimited: dict[int, set[int]] = defaultdict(set)
    for row in stock:
        free[row.node_id][row.sku_id] += max(0, row.free)
        if row.source == "unlimited":
            unlimited[row.node_id].add(row.sku_id)
    for case in cases:
        for promise in case.promises:
            if promise.state == "held" and promise.node_id is not None:
                free[promise.node_id][promise.sku_id] += promise.qty
    return Problem(
        orders=tuple(
            Wanted(
                id=str(case.order.pk),
                zone=case.zone(skus),
                lines=tuple(Line(str(sku), units, grams_of(skus[sku])) for sku, units in sorted(case.units().items())),
                latest_day=(due - today).days if (due := due_on(case.order)) else None,
            )
            for case in cases
        ),
        nodes=tuple(
            Node(
                id=str(node.node_id),
                stock={
                    str(sku): None if sku in unlimited[node.node_id] else units
                    for sku, units in free[node.node_id].items()
                },
                ships_in_days=_days_until(leaves[node.node_id], now=now) if node.node_id in leaves else 0,
                preference=node.rank,
            )
            for node in nodes
        ),
        lanes=lanes,
    )


def _days_until(moment: datetime, *, now: datetime) -> int:
    """Count the midnights until then where its clock is."""
    return (moment.date() - now.astimezone(moment.tzinfo).date()).days


@dataclass(frozen=True, slots=True)
class Share:
    """Units of a promise that a node serves; `move` when they are held elsewhere or nowhere yet."""

    promise: Promise
    node_id: int
    qty: int
    move: bool
    waiting: bool = False


def shares_of(case: Case, decision: Decision) -> list[Share]:
    """Share the promises of an order among the nodes chosen: what is held there already first, then what must move.

    Of a bundle whole sets go to a node; those whose components were chosen at several nodes stay where they are. What
    no node has stays owed where it is.
    """
    wanted: Counter[tuple[int, int]] = Counter()
    for allocation in decision.chosen.allocations if decision.chosen else ():
        wanted[int(allocation.node_id), int(allocation.sku_id)] += allocation.quantity
    left = {promise.id: promise.qty for promise in case.promises}
    plain = [promise for promise in case.promises if promise.owner_id not in case.sets]
    shares = [
        *(share for owner, sets in case.sets.items() for share in _take_sets(case, owner, sets, wanted, left)),
        *_take(plain, wanted, left, there_only=True),
        *_take(plain, wanted, left, there_only=False),
    ]
    fallback = shares[0].node_id if shares else None
    for promise in case.promises:  # what nobody has
        node = promise.node_id or fallback
        if left[promise.id] and node is not None:
            shares.append(Share(promise, node, left[promise.id], move=False, waiting=promise.state != "held"))
    return shares


def _take_sets(
    case: Case, owner: int, sets: int, wanted: Counter[tuple[int, int]], left: dict[int, int]
) -> list[Share]:
    """Take whole sets of a bundle for the nodes that were chosen for all of their components."""
    mine = [promise for promise in case.promises if promise.owner_id == owner]
    units: Counter[int] = Counter()
    for promise in mine:
        units[promise.sku_id] += promise.qty
    each = {sku: total // sets for sku, total in units.items()}
    shares: list[Share] = []
    for there_only in (True, False):
        for node in sorted({node for node, _sku in wanted}):
            some = [p for p in mine if not there_only or (p.state == "held" and p.node_id == node)]
            stock: Counter[int] = Counter()
            for promise in some:
                stock[promise.sku_id] += left[promise.id]
            whole = min((min(wanted[node, sku], stock[sku]) // n for sku, n in each.items() if n), default=0)
            chosen = Counter({(node, sku): whole * n for sku, n in each.items()})
            wanted.subtract(chosen)
            shares += _take(some, chosen, left, there_only=there_only)
    return shares


def _take(
    promises: Sequence[Promise], wanted: Counter[tuple[int, int]], left: dict[int, int], *, there_only: bool
) -> list[Share]:
    """Take what is wanted from promises: only where it is held already, or from anywhere, to be moved."""
    shares = []
    for promise in promises:
        for node, sku in sorted(wanted):
            there = promise.state == "held" and promise.node_id == node
            units = min(wanted[node, sku], left[promise.id])
            if sku == promise.sku_id and units and (there or not there_only):
                wanted[node, sku] -= units
                left[promise.id] -= units
                shares.append(Share(promise, node, units, move=not there))
    return shares
