"""Pure decisions of the books: which node holds what, and who is demoted when there is less than was promised."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

RELEASABLE = ("held", "waiting", "ahead")


@dataclass(frozen=True, slots=True)
class Want:
    """Units of one SKU that one owner asks for."""

    owner_id: int
    sku_id: int
    qty: int


@dataclass(frozen=True, slots=True)
class Group:
    """What belongs together, such as an order: decided as a whole, in the order of arrival."""

    wants: tuple[Want, ...]
    nodes: tuple[int, ...]  # the preferred first
    may_wait: bool = True  # else a shortage refuses the whole
    buffer: int = 0  # units of each SKU and node that this channel may not touch


@dataclass(frozen=True, slots=True)
class Placed:
    """Units of a want at a node; `held` or, when stock is missing, `waiting`."""

    want: Want
    node_id: int | None
    qty: int
    state: str


def place(groups: Sequence[Group], *, free: Mapping[tuple[int, int], int]) -> list[list[Placed] | None]:
    """Decide for each group, in order, what is held where; None where a group is refused.

    `free` is what may be promised by (SKU, node). A group takes the first node that has everything; else each want
    takes what there is, node by node, and the rest waits at the preferred node. A refused group takes nothing.
    """
    left = dict(free)
    return [_place_group(group, left=left) for group in groups]


def _place_group(group: Group, *, left: dict[tuple[int, int], int]) -> list[Placed] | None:
    needed = Counter[int]()
    for want in group.wants:
        needed[want.sku_id] += want.qty
    for node in group.nodes:
        if all(left.get((sku, node), 0) - group.buffer >= qty for sku, qty in needed.items()):
            for sku, qty in needed.items():
                left[sku, node] -= qty
            return [Placed(want, node, want.qty, "held") for want in group.wants]
    taken: Counter[tuple[int, int]] = Counter()
    placed = [piece for want in group.wants for piece in _scatter(want, group=group, left=left, taken=taken)]
    if not group.may_wait and any(piece.state == "waiting" for piece in placed):
        return None
    for key, qty in taken.items():
        left[key] -= qty
    return placed


def _scatter(
    want: Want, *, group: Group, left: Mapping[tuple[int, int], int], taken: Counter[tuple[int, int]]
) -> Iterable[Placed]:
    missing = want.qty
    for node in group.nodes:
        key = (want.sku_id, node)
        there = min(missing, left.get(key, 0) - taken[key] - group.buffer)
        if there > 0:
            taken[key] += there
            missing -= there
            yield Placed(want, node, there, "held")
    if missing:
        yield Placed(want, group.nodes[0] if group.nodes else None, missing, "waiting")


@dataclass(frozen=True, slots=True)
class Held:
    """A held reservation, as far as demotion needs to know it."""

    id: int
    qty: int


def demote(held: Sequence[Held], *, excess: int) -> list[tuple[int, int]]:
    """Choose who loses `excess` units: the last come first, each by as much as needed. Gives (id, units)."""
    chosen = []
    for reservation in sorted(held, key=lambda h: -h.id):
        if excess <= 0:
            break
        units = min(excess, reservation.qty)
        chosen.append((reservation.id, units))
        excess -= units
    return chosen
