"""Which promises may be held at another node: pure. Of a bundle whole sets go together, or stay."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

Key = tuple[int, int]  # SKU and node
Owner = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Standing:
    """An open promise: where it stands, and what it leaves there for others (`buffer`). `fixed` ones stay."""

    id: int
    owner: Owner
    sku_id: int
    node_id: int | None
    qty: int
    held: bool
    buffer: int = 0
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """So many units of a promise that shall be held at a node."""

    promise_id: int
    node_id: int
    qty: int


def relocate(
    asked: Sequence[Asked],
    *,
    standing: Collection[Standing],
    free: Mapping[Key, int],
    sets: Mapping[int, int],
) -> list[Asked]:
    """Give those of what is asked that can be done, in their order; what is held there already is done.

    `standing` are all open promises of the owners, `free` is what may be promised by (SKU, node). An owner that is
    promised several SKUs is of a bundle, of so many `sets` (by owner id; one, where nobody says): what is asked for it
    at a node is done together, when at each node touched whole sets stand afterwards, or not at all.
    """
    room = _Room(standing, free=free, sets=sets)
    done: set[int] = set()
    for numbers in _together(asked, room=room):
        if room.takes([asked[n] for n in numbers]):
            done |= set(numbers)
    return [one for n, one in enumerate(asked) if n in done]


def _together(asked: Sequence[Asked], *, room: "_Room") -> list[list[int]]:
    """Put together by number what is done or left together, in the order of arrival."""
    groups: dict[tuple[Owner, int] | int, list[int]] = {}
    for n, one in enumerate(asked):
        promise = room.promises.get(one.promise_id)
        if promise is not None:
            bundled = len(room.units[promise.owner]) > 1
            groups.setdefault((promise.owner, one.node_id) if bundled else n, []).append(n)
    return list(groups.values())


class _Room:
    """What stands where and what is free, as it changes with what is done."""

    def __init__(self, standing: Collection[Standing], *, free: Mapping[Key, int], sets: Mapping[int, int]) -> None:
        self.promises = {one.id: one for one in standing}
        self.left = {one.id: one.qty for one in standing}
        self.free = dict(free)
        self.units: dict[Owner, Counter[int]] = defaultdict(Counter)  # of each SKU of an owner
        self.at: dict[Owner, Counter[tuple[int | None, int]]] = defaultdict(Counter)  # by node and SKU
        self.sets = sets
        for one in standing:
            self.units[one.owner][one.sku_id] += one.qty
            self.at[one.owner][one.node_id, one.sku_id] += one.qty

    def takes(self, group: Sequence[Asked]) -> bool:
        """Do what is asked, if all of it can be done and leaves whole sets."""
        left, free, nodes = dict(self.left), dict(self.free), {one.node_id for one in group}
        owner = self.promises[group[0].promise_id].owner
        at = Counter(self.at[owner])
        for one in group:
            promise = self.promises[one.promise_id]
            key = (promise.sku_id, one.node_id)
            left[promise.id] -= one.qty
            if promise.fixed or one.qty < 1 or left[promise.id] < 0:
                return False
            if promise.held and promise.node_id == one.node_id:
                continue
            if free.get(key, 0) - promise.buffer < one.qty:
                return False
            free[key] -= one.qty
            if promise.held and promise.node_id is not None:
                home = (promise.sku_id, promise.node_id)
                free[home] = free.get(home, 0) + one.qty
                nodes.add(promise.node_id)
            at[promise.node_id, promise.sku_id] -= one.qty
            at[one.node_id, promise.sku_id] += one.qty
        if not all(self._is_whole(owner, at, node) for node in nodes):
            return False
        self.left, self.free, self.at[owner] = left, free, at
        return True

    def _is_whole(self, owner: Owner, at: Counter[tuple[int | None, int]], node: int) -> bool:
        """Say whether whole sets of a bundle stand at a node: of each SKU its share of the same number of sets."""
        units, sets = self.units[owner], self.sets.get(owner[1], 1)
        if len(units) < 2:
            return True
        counts = {at[node, sku] * sets / total for sku, total in units.items()}
        return len(counts) == 1 and counts.pop().is_integer()
