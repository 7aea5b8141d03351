"""When what is owed will probably be here: pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

Pool = list[tuple[date | None, str, int]]  # what comes to a node, the next last: when, as what, so many units
Pools = dict[int, dict[int, Pool]]  # by SKU and node


@dataclass(frozen=True, slots=True)
class Arrival:
    """Units of a SKU that come to a node: on a day (None: nobody knows), and as what."""

    sku_id: int
    node_id: int
    on: date | None
    qty: int
    kind: str  # dock | ordered | announced | transit


@dataclass(frozen=True, slots=True)
class Turn:
    """Units owed to an owner, in the order of service; `node_id` None: at whichever node has them first.

    `ahead_on` is the day before which what was pre-ordered does not leave.
    """

    owner_id: int
    sku_id: int
    node_id: int | None
    qty: int
    since: date
    ahead_on: date | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """When something owed is expected (None: nobody knows), and why.

    `why`: here (it waits for its turn, or for the rest of its set), dock, ordered, announced, transit, lead_time,
    preorder, undated (it is on its way, without a day), unknown.
    """

    on: date | None
    why: str


def expect(turns: Iterable[Turn], *, pools: Pools, lead: Mapping[int, int]) -> dict[int, Expected]:
    """Say for each owner when all it is owed will be here: the first in turn takes what comes first, out of `pools`.

    What is left there is for whoever stands behind them. Whoever finds nothing that is on its way is told the days a
    supplier takes (`lead`, by SKU), counted from the day since which it waits, so that asking again tomorrow gives the
    same day. An owner that waits for several things waits for the last of them.
    """
    found: dict[int, Expected] = {}
    for turn in turns:
        told = _of_turn(turn, pools=pools.get(turn.sku_id, {}), lead=lead)
        known = found.get(turn.owner_id)
        found[turn.owner_id] = told if known is None else max(known, told, key=_late)
    return found


def pools_of(arrivals: Iterable[Arrival], *, free: Mapping[tuple[int, int], int]) -> Pools:
    """Give what may be taken of each SKU at each node: what comes, and before it what is free."""
    pools: Pools = defaultdict(lambda: defaultdict(list))
    for one in sorted(arrivals, key=lambda a: (a.on or date.max, a.kind, a.qty), reverse=True):
        pools[one.sku_id][one.node_id].append((one.on, one.kind, one.qty))
    for (sku, node), units in free.items():
        if units > 0:
            pools[sku][node].append((date.min, "here", units))
    return pools


def _of_turn(turn: Turn, *, pools: Mapping[int, Pool], lead: Mapping[int, int]) -> Expected:
    nodes = [node for node in pools if turn.node_id in {None, node}]
    best = min(nodes, key=lambda node: (*_until(pools[node], turn.qty), node), default=None)
    told = None if best is None else _take(pools[best], turn.qty)
    if told is None and turn.ahead_on is None:
        days = lead.get(turn.sku_id)
        return Expected(turn.since + timedelta(days=days), "lead_time") if days else Expected(None, "unknown")
    if turn.ahead_on and (told is None or told.on is None or told.on < turn.ahead_on):
        return Expected(turn.ahead_on, "preorder")
    return told or Expected(None, "unknown")


def _until(pool: Pool, qty: int) -> tuple[bool, date]:
    """Say from when on so many units are there; those that do not come are the latest."""
    for on, _kind, units in reversed(pool):
        qty -= units
        if qty <= 0:
            return False, on or date.max
    return True, date.max


def _take(pool: Pool, qty: int) -> Expected | None:
    """Take units, the first to come first; give when the last of them come, None when too few do."""
    while pool:
        on, kind, units = pool.pop()
        if units > qty:
            pool.append((on, kind, units - qty))
        qty -= min(units, qty)
        if not qty:
            return Expected(None if on == date.min else on, "undated" if on is None else kind)
    return None


def _late(told: Expected) -> tuple[bool, date]:
    return told.on is None and told.why != "here", told.on or date.min
