"""What to put down next: the rules by which a fill ranks the blocks that a free space could take."""

from collections.abc import Callable, Iterator
from itertools import cycle
from random import Random
from typing import NamedTuple

from colisage.solvers.boxes.problem import Box, Item


class Kind(NamedTuple):
    """An item, the ways it may lie (dx, dy, dz in mm, lowest first), its volume and its extreme edges."""

    item: Item
    turns: tuple[tuple[int, int, int], ...]
    mm3: int
    longest_mm: int
    shortest_mm: int


class Space(NamedTuple):
    """Free from height `z` to the lid, over x1..x2 and y1..y2. Sorts lowest first, then by depth."""

    z: int
    y1: int
    x1: int
    y2: int
    x2: int


class Choice(NamedTuple):
    """A block that would fit a space by size: what a rule ranks."""

    kind: int
    dx: int
    dy: int
    dz: int
    nx: int
    ny: int
    nz: int


Rule = Callable[[Kind, Choice, Space, int], float | tuple[float, ...]]
"""Rank a choice for a kind in a space with so many mm of height left: the highest is tried first."""


def _by_height(turn: tuple[int, int, int]) -> tuple[int, int, int]:
    return turn[2], turn[1], turn[0]


def kind_of(item: Item) -> Kind:
    """Say how an item may lie."""
    a, b, c = item.length_mm, item.width_mm, item.height_mm
    flat = {(a, b, c), (b, a, c)}
    turns = flat if item.keep_upright else flat | {(a, c, b), (c, a, b), (b, c, a), (c, b, a)}
    return Kind(item, tuple(sorted(turns, key=_by_height)), a * b * c, max(a, b, c), min(a, b, c))


def lies_in(item: Item, box: Box) -> bool:
    """Say whether a box is large enough for one unit."""
    return any(
        dx <= box.inner_length_mm and dy <= box.inner_width_mm and dz <= box.inner_height_mm
        for dx, dy, dz in kind_of(item).turns
    )


def bulk(kind: Kind, choice: Choice, space: Space, headroom: int) -> tuple[float, ...]:
    """Prefer the largest block, then the one that leaves the thinnest gaps beside it."""
    units = choice.nx * choice.ny * choice.nz
    gap_x = space.x2 - space.x1 - choice.dx * choice.nx
    gap_y = space.y2 - space.y1 - choice.dy * choice.ny
    return (kind.mm3 * units, -min(gap_x, gap_y), -choice.dz)


def floor(kind: Kind, choice: Choice, space: Space, headroom: int) -> tuple[float, ...]:
    """Prefer what covers most of the floor of the space, then what is lowest."""
    base = choice.dx * choice.nx * choice.dy * choice.ny
    return (base, -choice.dz * choice.nz, kind.mm3)


def tower(kind: Kind, choice: Choice, space: Space, headroom: int) -> tuple[float, ...]:
    """Prefer what comes closest to the lid, then what is largest."""
    return (choice.dz * choice.nz, kind.mm3 * choice.nx * choice.ny * choice.nz)


def large(kind: Kind, choice: Choice, space: Space, headroom: int) -> tuple[float, ...]:
    """Take the largest units first, then the largest block of them."""
    return (kind.mm3, choice.nx * choice.ny * choice.nz, -choice.dz)


def long(kind: Kind, choice: Choice, space: Space, headroom: int) -> tuple[float, ...]:
    """Take the longest units first, lying flat."""
    return (kind.longest_mm, kind.mm3, -choice.dz, choice.nx * choice.ny * choice.nz)


def wide(kind: Kind, choice: Choice, space: Space, headroom: int) -> tuple[float, ...]:
    """Take the units with the widest base first, as a carpet before a book."""
    return (choice.dx * choice.dy, -choice.dz, choice.nx * choice.ny * choice.nz)


def snug(kind: Kind, choice: Choice, space: Space, headroom: int) -> tuple[float, ...]:
    """Prefer what leaves the smallest gap on its best side, then the largest block."""
    gaps = (
        space.x2 - space.x1 - choice.dx * choice.nx,
        space.y2 - space.y1 - choice.dy * choice.ny,
        headroom - choice.dz * choice.nz,
    )
    return (-min(gaps), kind.mm3 * choice.nx * choice.ny * choice.nz)


RULES: tuple[Rule, ...] = (bulk, large, wide, floor, long, tower, snug)


def shaken(rule: Rule, random: Random) -> Rule:
    """Blur a rule's first criterion, so that each fill with it differs."""

    def blurred(kind: Kind, choice: Choice, space: Space, headroom: int) -> float:
        rank = rule(kind, choice, space, headroom)
        first = rank[0] if isinstance(rank, tuple) else rank
        return first * random.uniform(0.7, 1.0) if first > 0 else first * random.uniform(1.0, 1.4)

    return blurred


def shaken_rules(random: Random) -> Iterator[Rule]:
    """Shake each rule in its turn, without end."""
    for rule in cycle(RULES):
        yield shaken(rule, random)
