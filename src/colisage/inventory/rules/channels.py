"""What a channel may sell: what is free at each node, less what is kept back from it. Never negative."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

UNLIMITED: Final = 10**9


@dataclass(frozen=True, slots=True)
class AtNode:
    """The arithmetic at one node: `sellable - reserved - safety - buffer`, never less than none, and its pre-orders.

    Before its release nothing is sold of what is here.
    """

    node_id: int
    sellable: int
    reserved: int
    safety: int
    buffer: int
    unlimited: bool = False
    room: int = 0
    unreleased: bool = False

    @property
    def units(self) -> int:
        """Give what the channel may sell from here."""
        if self.unreleased:
            return self.room
        here = max(self.sellable - self.reserved - self.safety - self.buffer, 0)
        return UNLIMITED if self.unlimited else here + self.room


@dataclass(frozen=True, slots=True)
class Published:
    """What a channel may sell of a SKU: `units`, or any number where it is not counted (None)."""

    units: int | None
    nodes: tuple[AtNode, ...] = ()
    sets: Mapping[int, int] | None = None  # of a bundle: how many each node could send


def published(nodes: Sequence[AtNode]) -> Published:
    """Add up what a channel may sell of a SKU."""
    unlimited = any(node.unlimited for node in nodes)
    return Published(None if unlimited else sum(node.units for node in nodes), tuple(nodes))


def published_bundle(recipe: Sequence[tuple[int, int]], parts: Mapping[int, Sequence[AtNode]]) -> Published:
    """Say how many of a bundle a channel may sell: at each node the least that its components allow."""
    at: dict[int, dict[int, int]] = {}
    for sku, units in recipe:
        for node in parts.get(sku, ()):
            at.setdefault(node.node_id, {})[sku] = node.units // units
    sets = {node: min(found.values()) for node, found in at.items() if len(found) == len(recipe)}
    uncounted = any(n >= UNLIMITED // max(units for _sku, units in recipe) for n in sets.values())
    return Published(None if uncounted else sum(sets.values()), sets={node: n for node, n in sets.items() if n})
