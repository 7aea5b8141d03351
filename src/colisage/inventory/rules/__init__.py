"""Pure decisions of the books: which node holds what, and who is demoted when there is less than was promised."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

import msgspec

RELEASABLE = ("held", "waiting", "ahead")
NEVER_OWED = "insert"  # owners of this kind do without what is not there: their promises end instead of waiting


class Want(msgspec.Struct, frozen=True):
    """Units of one SKU that one owner asks for; with `sets`, the wants of this owner are so many of one bundle."""

    owner_id: int
    sku_id: int
    qty: int
    sets: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """What belongs together, such as an order: decided as a whole, in the order of arrival."""

    wants: tuple[Want, ...]
    nodes: tuple[int, ...]  # the preferred first
    may_wait: bool = True  # else a shortage refuses the whole
    buffer: int = 0  # units of each SKU and node that this channel may not touch
    buffers: Mapping[int, int] = field(default_factory=dict)  # the same for single SKUs, instead

    def kept_back(self, sku_id: int) -> int:
        """Give the units of a SKU that this group leaves at each node."""
        return self.buffers.get(sku_id, self.buffer)


class Placed(msgspec.Struct, frozen=True):
    """Units of a want at a node: `held`, `ahead` (pre-ordered) or, when stock is missing, `waiting`."""

    want: Want
    node_id: int | None
    qty: int
    state: str


def place(
    groups: Sequence[Group],
    *,
    free: Mapping[tuple[int, int], int],
    room: Mapping[tuple[int, int], int] | None = None,
) -> list[list[Placed] | None]:
    """Decide for each group, in order, what is held where; None where a group is refused.

    `free` is what may be promised by (SKU, node). A group takes the first node that has everything; else each want
    takes what there is, node by node, and the rest waits: pre-ordered as far as a node has `room` for that, else owed
    at the preferred node. A refused group takes nothing.
    Of a bundle, whole sets are held at one node, or wait as a whole: a component is never held for a set that lacks
    another.
    """
    left, ahead = dict(free), dict(room or {})
    return [_place_group(group, left=left, ahead=ahead) for group in groups]


def _place_group(
    group: Group, *, left: dict[tuple[int, int], int], ahead: dict[tuple[int, int], int]
) -> list[Placed] | None:
    needed = Counter[int]()
    for want in group.wants:
        needed[want.sku_id] += want.qty
    for node in group.nodes:
        if all(left.get((sku, node), 0) - group.kept_back(sku) >= qty for sku, qty in needed.items()):
            for sku, qty in needed.items():
                left[sku, node] -= qty
            return [Placed(want, node, want.qty, "held") for want in group.wants]
    taken: Counter[tuple[int, int]] = Counter()
    placed = [piece for wants in _lines(group) for piece in _scatter(wants, group=group, left=left, taken=taken)]
    booked: Counter[tuple[int, int]] = Counter()
    if ahead:
        placed = [piece for one in placed for piece in _ahead(one, group=group, room=ahead, booked=booked)]
    if not group.may_wait and any(piece.state == "waiting" for piece in placed):
        return None
    for key, qty in taken.items():
        left[key] -= qty
    for key, qty in booked.items():
        ahead[key] -= qty
    return placed


def _ahead(
    piece: Placed, *, group: Group, room: Mapping[tuple[int, int], int], booked: Counter[tuple[int, int]]
) -> Iterable[Placed]:
    """Pre-order what waits, node by node as far as there is room; what is beyond it waits on."""
    missing = piece.qty if piece.state == "waiting" else 0
    for node in group.nodes if missing else ():
        key = (piece.want.sku_id, node)
        units = min(missing, room.get(key, 0) - booked[key])
        if units > 0:
            missing -= units
            booked[key] += units
            yield Placed(piece.want, node, units, "ahead")
    if missing or piece.state == "held":
        yield Placed(piece.want, piece.node_id, missing or piece.qty, piece.state)


def _lines(group: Group) -> Iterable[Sequence[Want]]:
    """Give the wants of a group by what must be held together: each by itself, those of a bundle as one."""
    for (_owner, sets), wants in groupby(group.wants, key=lambda want: (want.owner_id, want.sets)):
        if sets:
            yield list(wants)
        else:
            yield from ([want] for want in wants)


def _scatter(
    wants: Sequence[Want], *, group: Group, left: Mapping[tuple[int, int], int], taken: Counter[tuple[int, int]]
) -> Iterable[Placed]:
    """Hold sets node by node as far as they go; the rest waits. A plain want is as many sets as it has units."""
    missing = wants[0].sets or wants[0].qty
    units = {want: want.qty // missing for want in wants}
    for node in group.nodes:
        there = min(
            (left.get((want.sku_id, node), 0) - taken[want.sku_id, node] - group.kept_back(want.sku_id)) // units[want]
            for want in wants
        )
        sets = min(missing, there)
        if sets > 0:
            missing -= sets
            for want in wants:
                taken[want.sku_id, node] += sets * units[want]
                yield Placed(want, node, sets * units[want], "held")
    if missing:
        for want in wants:
            yield Placed(want, group.nodes[0] if group.nodes else None, missing * units[want], "waiting")


@dataclass(frozen=True, slots=True)
class Held:
    """A held reservation, as far as demotion needs to know it."""

    id: int
    qty: int
    spared: bool = True  # else it goes before those that somebody ordered


def demote(held: Sequence[Held], *, excess: int) -> list[tuple[int, int]]:
    """Choose who loses `excess` units: inserts, then the last come first, each by as much as needed.

    Gives (id, units).
    """
    chosen = []
    for reservation in sorted(held, key=lambda h: (h.spared, -h.id)):
        if excess <= 0:
            break
        units = min(excess, reservation.qty)
        chosen.append((reservation.id, units))
        excess -= units
    return chosen
