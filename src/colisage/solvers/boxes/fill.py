"""Fill one box: blocks of equal units into maximal free spaces, lowest first.

A free space is a rectangle of the floor plan and the height above which nothing stands, up to the lid; the
list holds every maximal one, so each is reachable from above and a plan can be loaded in the order given.
After Parreño, Alvarez-Valdes, Tamarit and Oliveira, *A maximal-space algorithm for the container loading
problem* (2008), without spaces under an overhang. About kinds x orientations x spaces per block placed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple

from colisage.solvers.boxes.problem import Box
from colisage.solvers.boxes.rules import Choice, Kind, Rule, Space

Rectangle = tuple[int, int, int, int]
"""A piece of the floor plan: x1, y1, x2, y2."""


class Block(NamedTuple):
    """Equal units side by side: the kind's index, the corner, one unit's extent, the units each way."""

    kind: int
    x: int
    y: int
    z: int
    dx: int
    dy: int
    dz: int
    nx: int
    ny: int
    nz: int


@dataclass(frozen=True, slots=True)
class Filled:
    """What went in, in loading order, and how many of each kind stayed out."""

    blocks: tuple[Block, ...]
    left: tuple[int, ...]
    mm3: int


def fill(box: Box, kinds: Sequence[Kind], counts: Sequence[int], *, rule: Rule, support_percent: int) -> Filled:
    """Put as much as the rule manages into one box, within its weight."""
    stack = _Stack(box, kinds, counts, support_percent)
    while stack.spaces and (block := stack.next_block(rule)) is not None:
        stack.put(block)
    return Filled(tuple(stack.blocks), tuple(stack.left), stack.mm3)


class _Stack:
    """A box being filled."""

    def __init__(self, box: Box, kinds: Sequence[Kind], counts: Sequence[int], support_percent: int) -> None:
        self.kinds = kinds
        self.support_percent = support_percent
        self.height = box.inner_height_mm
        self.left = list(counts)
        self.grams_left = box.max_contents_grams
        self.spaces = [Space(0, 0, 0, box.inner_width_mm, box.inner_length_mm)]
        self.tops: dict[int, list[Rectangle]] = {}  # what may carry, by height
        self.blocks: list[Block] = []
        self.mm3 = 0

    def next_block(self, rule: Rule) -> Block | None:
        """Find the best block that stands firmly, in the lowest space that takes one."""
        limits = [
            min(n, self.grams_left // kind.item.grams) if kind.item.grams else n
            for kind, n in zip(self.kinds, self.left, strict=True)
        ]
        for space in self.spaces:
            headroom = self.height - space.z
            ranked = [
                (rule(self.kinds[choice.kind], choice, space, headroom), choice)
                for choice in _choices(space, self.kinds, limits, headroom)
            ]
            ranked.sort(key=itemgetter(0), reverse=True)
            tops = self.tops.get(space.z, ())
            for _, choice in ranked:
                corner = _standing(space, choice, tops, self.support_percent)
                if corner is not None:
                    return Block(choice.kind, corner[0], corner[1], space.z, *choice[1:])
        return None

    def put(self, block: Block) -> None:
        """Take a block's units, weight and air out of what is left."""
        kind = self.kinds[block.kind]
        units = block.nx * block.ny * block.nz
        self.blocks.append(block)
        self.left[block.kind] -= units
        self.grams_left -= units * kind.item.grams
        self.mm3 += units * kind.mm3
        base = (block.x, block.y, block.x + block.dx * block.nx, block.y + block.dy * block.ny)
        top = block.z + block.dz * block.nz
        if kind.item.fragile:
            top = self.height  # nothing may rest on it: the air above is taken too
        else:
            self.tops.setdefault(top, []).append(base)
        smallest = min((self.kinds[i].shortest_mm for i, n in enumerate(self.left) if n), default=0)
        self.spaces = _cut(self.spaces, base, top, self.height, smallest) if smallest else []


def _choices(space: Space, kinds: Sequence[Kind], limits: Sequence[int], headroom: int) -> Iterator[Choice]:
    wide_mm, deep_mm = space.x2 - space.x1, space.y2 - space.y1
    for index, limit in enumerate(limits):
        if not limit:
            continue
        kind = kinds[index]
        for dx, dy, dz in kind.turns:
            if dz > headroom:
                break  # turns are sorted by height
            if dx > wide_mm or dy > deep_mm:
                continue
            if limit == 1:
                yield Choice(index, dx, dy, dz, 1, 1, 1)
                continue
            most_z = 1 if kind.item.fragile else headroom // dz
            for nx, ny, nz in _grids(limit, wide_mm // dx, deep_mm // dy, most_z):
                yield Choice(index, dx, dy, dz, nx, ny, nz)


def _grids(limit: int, most_x: int, most_y: int, most_z: int) -> set[tuple[int, int, int]]:
    """Fill the three directions in each order, as far as the units go, and offer a single unit."""
    grids = {(1, 1, 1)}
    nx = min(most_x, limit)
    ny = min(most_y, limit // nx)
    grids.add((nx, ny, min(most_z, limit // (nx * ny))))
    nz = min(most_z, limit // nx)
    grids.add((nx, min(most_y, limit // (nx * nz)), nz))
    ny = min(most_y, limit)
    nz = min(most_z, limit // ny)
    grids.add((min(most_x, limit // (ny * nz)), ny, nz))
    nz = min(most_z, limit)
    nx = min(most_x, limit // nz)
    grids.add((nx, min(most_y, limit // (nx * nz)), nz))
    ny = min(most_y, limit // nz)
    grids.add((min(most_x, limit // (ny * nz)), ny, nz))
    return grids


def _standing(space: Space, choice: Choice, tops: Sequence[Rectangle], support_percent: int) -> tuple[int, int] | None:
    """Find a corner in the space where every bottom unit of the block is held from below."""
    if space.z == 0:
        return space.x1, space.y1
    last_x = space.x2 - choice.dx * choice.nx
    last_y = space.y2 - choice.dy * choice.ny
    corners = [(space.x1, space.y1)]
    for x1, y1, x2, y2 in tops:
        if x1 < space.x2 and x2 > space.x1 and y1 < space.y2 and y2 > space.y1:
            corner = (min(max(x1, space.x1), last_x), min(max(y1, space.y1), last_y))
            if corner not in corners:
                corners.append(corner)
    for corner in corners:
        if _is_held(corner, choice, tops, support_percent):
            return corner
    return None


def _is_held(corner: tuple[int, int], choice: Choice, tops: Sequence[Rectangle], support_percent: int) -> bool:
    needed = support_percent * choice.dx * choice.dy
    for i in range(choice.nx):
        x = corner[0] + i * choice.dx
        for j in range(choice.ny):
            y = corner[1] + j * choice.dy
            held = 0
            for x1, y1, x2, y2 in tops:
                over_x = min(x2, x + choice.dx) - max(x1, x)
                over_y = min(y2, y + choice.dy) - max(y1, y)
                if over_x > 0 and over_y > 0:
                    held += over_x * over_y
            if 100 * held < needed:
                return False
    return True


def _cut(spaces: Sequence[Space], base: Rectangle, top: int, height: int, smallest: int) -> list[Space]:
    """Take a block out of the free spaces: what it meets shrinks to its sides or rises to its top."""
    x1, y1, x2, y2 = base
    kept: list[Space] = []
    fresh: set[Space] = set()
    for space in spaces:
        z, sy1, sx1, sy2, sx2 = space
        if z >= top or sx1 >= x2 or sx2 <= x1 or sy1 >= y2 or sy2 <= y1:
            kept.append(space)
            continue
        if x1 - sx1 >= smallest:
            fresh.add(Space(z, sy1, sx1, sy2, x1))
        if sx2 - x2 >= smallest:
            fresh.add(Space(z, sy1, x2, sy2, sx2))
        if y1 - sy1 >= smallest:
            fresh.add(Space(z, sy1, sx1, y1, sx2))
        if sy2 - y2 >= smallest:
            fresh.add(Space(z, y2, sx1, sy2, sx2))
        if height - top >= smallest:
            fresh.add(Space(top, sy1, sx1, sy2, sx2))
    for space in sorted(fresh, key=lambda s: (s.z, (s.x1 - s.x2) * (s.y2 - s.y1), s)):
        if not any(_covers(other, space) for other in kept):
            kept.append(space)
    kept.sort()
    return kept


def _covers(a: Space, b: Space) -> bool:
    return a.z <= b.z and a.x1 <= b.x1 and a.y1 <= b.y1 and a.x2 >= b.x2 and a.y2 >= b.y2
