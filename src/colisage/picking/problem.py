"""Rows of the floor to the solvers' problems, and their plans back."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from colisage.catalog.queries import SkuFacts
from colisage.inventory.actions.allocate import Bound
from colisage.network.queries import Bin
from colisage.orders.queries import Part
from colisage.solvers.routes import floor
from colisage.solvers.routes import problem as routes_problem
from colisage.solvers.waves import problem as waves_problem

CART: Final = waves_problem.Cart(totes=8, tote_mm3=600 * 400 * 220, max_grams=120_000)
UNKNOWN_MM3: Final = 1_000_000  # a SKU whose size is not known counts as a litre
UNKNOWN_GRAMS: Final = 300
NEVER: Final = 2**40  # minutes: an order without a cut-off goes last
AISLE_END_MM: Final = 1_500  # from the last bin to the cross aisle


@dataclass(frozen=True, slots=True)
class Cartload:
    """One batch: its fulfilment orders with the totes of each, numbered from 1."""

    totes: dict[int, tuple[int, ...]]

    @property
    def tote_count(self) -> int:
        """Count the totes on the cart."""
        return max(max(totes) for totes in self.totes.values())


@dataclass(frozen=True, slots=True)
class Walk:
    """The bins in the order they are met, and the way as points (x, y, place id where one stops, else 0)."""

    places: tuple[int, ...]
    way: tuple[tuple[int, int, int], ...]
    millimetres: int


def volume(sku: SkuFacts) -> int:
    """Give the volume of one unit in mm³; a default where it is not known."""
    sides = (sku.length_mm, sku.width_mm, sku.height_mm)
    return sides[0] * sides[1] * sides[2] if sides[0] and sides[1] and sides[2] else UNKNOWN_MM3


def batching(
    parts: Sequence[Part],
    *,
    bound: Mapping[int, Sequence[Bound]],
    skus: Mapping[int, SkuFacts],
    bins: Mapping[int, Bin],
) -> waves_problem.Problem:
    """Make the problem of grouping orders into carts."""
    orders = (_order(part, bound=bound[part.id], skus=skus, bins=bins) for part in parts)
    return waves_problem.Problem(tuple(orders), CART)


def cartloads(problem: waves_problem.Problem, plan: waves_problem.Plan) -> list[Cartload]:
    """Give the carts of a plan, the most urgent first; what no cart takes is walked by itself."""
    loads = [
        Cartload({int(load.order_id): tuple(tote + 1 for tote in load.totes) for load in batch.loads})
        for batch in plan.batches
    ]
    sizes = {order.id: max(1, -(-order.mm3 // CART.tote_mm3)) for order in problem.orders}
    alone = [Cartload({int(o.order_id): tuple(range(1, sizes[o.order_id] + 1))}) for o in plan.unbatched]
    return [*loads, *alone]


def _order(
    part: Part, *, bound: Sequence[Bound], skus: Mapping[int, SkuFacts], bins: Mapping[int, Bin]
) -> waves_problem.Order:
    places = [bins[b.place_id] for b in bound]
    return waves_problem.Order(
        id=str(part.id),
        visits=tuple(waves_problem.Visit(place.aisle, place.y_mm) for place in places),
        mm3=sum(volume(skus[b.sku_id]) * b.qty for b in bound),
        grams=sum((skus[b.sku_id].grams or UNKNOWN_GRAMS) * b.qty for b in bound),
        priority=part.priority,
        due_minute=int(part.ship_by.timestamp() // 60) if part.ship_by else NEVER,
    )


def share_totes(bound: Sequence[Bound], *, totes: Sequence[int], skus: Mapping[int, SkuFacts]) -> dict[int, int]:
    """Say which of an order's totes each allocation goes to, filling one after the other."""
    chosen: dict[int, int] = {}
    filled = 0
    for each in bound:
        chosen[each.allocation_id] = totes[min(filled // CART.tote_mm3, len(totes) - 1)]
        filled += volume(skus[each.sku_id]) * each.qty
    return chosen


def walking(places: Iterable[int], *, bins: Mapping[int, Bin], depot: Bin) -> routes_problem.Problem:
    """Make the problem of walking from the bench past bins and back."""
    return routes_problem.Problem(
        routes_problem.Point(depot.x_mm, depot.y_mm),
        tuple(routes_problem.Stop(str(pk), bins[pk].x_mm, bins[pk].y_mm) for pk in sorted(set(places))),
        _layout([b for b in bins.values() if b.node_id == depot.node_id]),
    )


def walk_of(problem: routes_problem.Problem, plan: routes_problem.Plan) -> Walk:
    """Give the walk of a plan."""
    return Walk(tuple(int(stop) for stop in plan.sequence), _way(problem, plan), plan.length_mm)


def _layout(bins: Sequence[Bin]) -> routes_problem.Layout:
    """Read the aisles from the bins' coordinates; without aisles apart from each other, an open floor."""
    across: dict[int, list[int]] = defaultdict(list)
    for one in bins:
        across[one.aisle].append(one.x_mm)
    middles = {aisle: sum(xs) // len(xs) for aisle, xs in across.items()}
    ys = [one.y_mm for one in bins]
    if len(set(middles.values())) != len(middles) or not ys or min(ys) == max(ys):
        return routes_problem.Layout()
    ends = (min(ys) - AISLE_END_MM, max(ys) + AISLE_END_MM)
    return routes_problem.Layout(tuple(sorted(middles.values())), ends)


def _way(problem: routes_problem.Problem, plan: routes_problem.Plan) -> tuple[tuple[int, int, int], ...]:
    """Give the corners of the walk with the stops among them, each in its turn."""
    standing = {stop.id: floor.standing_point(problem.layout, stop) for stop in problem.stops}
    coming = [(standing[stop], int(stop)) for stop in plan.sequence]
    way: list[tuple[int, int, int]] = [(*plan.path[0], 0)]
    for a, b in pairwise(plan.path):
        while coming and _is_between(a, coming[0][0], b):
            point, place = coming.pop(0)
            way.append((*point, place))
            a = point  # noqa: PLW2901 -- the leg goes on from the stop
        if way[-1][:2] != tuple(b):
            way.append((*b, 0))
    return tuple(way)


def _is_between(a: routes_problem.Point, point: routes_problem.Point, b: routes_problem.Point) -> bool:
    to, on, whole = _far(a, point), _far(point, b), _far(a, b)
    return to + on == whole


def _far(a: routes_problem.Point, b: routes_problem.Point) -> int:
    return abs(a.x_mm - b.x_mm) + abs(a.y_mm - b.y_mm)
