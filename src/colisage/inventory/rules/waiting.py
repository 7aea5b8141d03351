"""Who is served first when units become free."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Key = tuple[int, int]  # SKU and node


@dataclass(frozen=True, slots=True)
class Wait:
    """Units owed to an owner; `nodes` are those that may serve it, the first that can does. `buffer` stays there."""

    id: int
    owner: tuple[str, int]
    sku_id: int
    nodes: tuple[int, ...]
    qty: int
    buffer: int = 0


def serve(waits: Sequence[Wait], *, free: Mapping[Key, int]) -> dict[int, int]:
    """Choose what is held now: promise id to node. `waits` come in the order in which they are served.

    Each is served whole. What an owner is owed of several SKUs (a bundle) is served together or not at all. The first
    that does not fit stops its SKU at its node for those after it; only one that may go deeper, because less is kept
    back from it, is still looked at.
    """
    left = dict(free)
    stopped: dict[Key, int] = {}
    served: dict[int, int] = {}
    for group in _together(waits):
        taken: Counter[Key] = Counter()
        chosen = {}
        for wait in group:
            node = _node(wait, left=left, taken=taken, stopped=stopped)
            if node is not None:
                taken[wait.sku_id, node] += wait.qty
                chosen[wait.id] = node
        if len(chosen) == len(group):
            served |= chosen
            for key, qty in taken.items():
                left[key] -= qty
        else:
            _stop((wait for wait in group if wait.id not in chosen), stopped=stopped)
    return served


def _together(waits: Sequence[Wait]) -> Iterable[list[Wait]]:
    """Put what one owner is owed of several SKUs together, where its first part stands."""
    of_owner: dict[tuple[str, int], list[Wait]] = defaultdict(list)
    for wait in waits:
        of_owner[wait.owner].append(wait)
    given = set()
    for wait in waits:
        group = of_owner[wait.owner]
        if len({one.sku_id for one in group}) == 1:
            yield [wait]
        elif wait.owner not in given:
            given.add(wait.owner)
            yield group


def _node(wait: Wait, *, left: Mapping[Key, int], taken: Mapping[Key, int], stopped: Mapping[Key, int]) -> int | None:
    for node in wait.nodes:
        key = (wait.sku_id, node)
        if wait.buffer < stopped.get(key, 10**9) and left.get(key, 0) - taken.get(key, 0) - wait.buffer >= wait.qty:
            return node
    return None


def _stop(waits: Iterable[Wait], *, stopped: dict[Key, int]) -> None:
    for wait in waits:
        for node in wait.nodes:
            key = (wait.sku_id, node)
            stopped[key] = min(stopped.get(key, 10**9), wait.buffer)
