"""Group orders into pick batches: the most urgent first, with those whose aisles are walked anyway."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from colisage.solvers.waves.problem import Batch, Load, Order, Plan, Problem, Reason, Unbatched

LOOK_AHEAD = 500
"""How many of the most urgent orders left are compared for each place on a cart."""


def solve(problem: Problem, *, budget: float = 0.0, seed: int = 0) -> Plan:
    """Fill carts one after the other.

    A cart starts with the most urgent order left of its group, then takes what fits: orders as urgent
    before less urgent ones, among equals those that add the fewest aisles. Linear in the orders, times
    `LOOK_AHEAD`. Neither budget nor seed matter yet.
    """
    unbatched = tuple(_unbatched(problem))
    refused = {each.order_id for each in unbatched}
    groups: dict[str, list[Order]] = defaultdict(list)
    for order in problem.orders:
        if order.id not in refused:
            groups[order.group].append(order)
    carts = [cart for orders in groups.values() for cart in _carts(problem, orders)]
    carts.sort(key=lambda cart: cart[0].urgency)
    return Plan(tuple(_batch(cart) for cart in carts), unbatched)


def _unbatched(problem: Problem) -> Iterator[Unbatched]:
    for order in problem.orders:
        if _totes(problem, order) > problem.cart.totes:
            yield Unbatched(order.id, Reason.TOO_LARGE)
        elif order.grams > problem.cart.max_grams:
            yield Unbatched(order.id, Reason.TOO_HEAVY)


def _totes(problem: Problem, order: Order) -> int:
    return max(1, -(-order.mm3 // problem.cart.tote_mm3))


class _Waiting(NamedTuple):
    """An order and what is compared of it; `aisles` has one bit for each. Sorts the most urgent first."""

    urgency: tuple[int, int]
    order_id: str
    totes: int
    grams: int
    aisles: int


def _waiting(problem: Problem, orders: Iterable[Order]) -> list[_Waiting]:
    numbers: dict[int, int] = {}
    return sorted(
        _Waiting(
            (-order.priority, order.due_minute),
            order.id,
            _totes(problem, order),
            order.grams,
            sum(1 << numbers.setdefault(a, len(numbers)) for a in {visit.aisle for visit in order.visits}),
        )
        for order in orders
    )


def _carts(problem: Problem, orders: Iterable[Order]) -> Iterator[list[_Waiting]]:
    """Fill carts from orders of one group."""
    waiting = _waiting(problem, orders)
    while waiting:
        cart: list[_Waiting] = []
        totes, grams, walked = problem.cart.totes, problem.cart.max_grams, 0
        index: int | None = 0
        while index is not None:
            taken = waiting.pop(index)
            cart.append(taken)
            totes -= taken.totes
            grams -= taken.grams
            walked |= taken.aisles
            index = _next(waiting[:LOOK_AHEAD], totes, grams, walked) if totes else None
        yield cart


def _next(waiting: Iterable[_Waiting], totes: int, grams: int, walked: int) -> int | None:
    """Find what fits: the most urgent, then what adds the fewest aisles, then what shares the most."""
    best: tuple[tuple[int, int], int, int] | None = None
    found = None
    for index, each in enumerate(waiting):
        if best is not None and each.urgency > best[0]:
            break
        if each.grams <= grams and each.totes <= totes:
            shared = (each.aisles & walked).bit_count()
            rank = (each.urgency, each.aisles.bit_count() - shared, -shared)
            if best is None or rank < best:
                best, found = rank, index
    return found


def _batch(cart: Iterable[_Waiting]) -> Batch:
    loads = []
    first = 0
    for each in cart:
        loads.append(Load(each.order_id, tuple(range(first, first + each.totes))))
        first += each.totes
    return Batch(tuple(loads))
