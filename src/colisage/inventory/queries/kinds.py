"""The kinds of bins at nodes, and the first bins of kinds: what is read of a house to choose bins for goods."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from typing import Final

from colisage.kit.statements import ask

KINDS: Final = 2_000  # of all nodes asked about
DEEP: Final = 2_000  # bins of a kind that are looked through for enough room
BESIDE: Final = 1_000  # bins that hold one of the SKUs already, of all SKUs together
BESIDE_EACH: Final = 20  # of each SKU at least so many


@dataclass(frozen=True, slots=True)
class BinKind:
    """Bins of a node that are alike but for where they are; `bins` are so many, or more.

    Sizes are powers of four: 0 no room, n less than the nth and not less than the one before, 99 no limit known.
    """

    node_id: int
    storage: str
    cross_dock: bool
    skus: int
    mm3_size: int
    grams_size: int
    bins: int

    @property
    def like(self) -> tuple[str, bool, int, int, int]:
        """Give what they have in common beside the node."""
        return self.storage, self.cross_dock, self.skus, self.mm3_size, self.grams_size


@dataclass(frozen=True, slots=True)
class FirstOf:
    """The first bins of a kind with so much room: nearest to the bench (`way` 1), farthest (-1), along the walk (0)."""

    node: int
    storage: str
    cross_dock: bool
    skus: int
    mm3_size: int
    grams_size: int
    way: int
    mm3: int
    grams: int
    most: int


def kinds_at(node_ids: Collection[int], *, most: int) -> list[BinKind]:
    """Give the kinds of bins at nodes, with how many bins are of each, counted to `most`; one statement."""
    asked = {"nodes": list(node_ids), "most": most, "kinds": KINDS}
    return [BinKind(*row) for row in ask("inventory", "bin_kinds", asked)]


def first_bins(
    firsts: Sequence[FirstOf], *, node_ids: Collection[int], sku_ids: Collection[int], lot_ids: Collection[int]
) -> list[int]:
    """Give the first bins of kinds, those that hold SKUs, and those that units moved in just now; one statement.

    Of a kind `DEEP` bins are looked through. Of those that hold SKUs `BESIDE` are given, of each as many: those with
    one of the lots first, then those with room.
    """
    asked = {field.name: [getattr(one, field.name) for one in firsts] for field in fields(FirstOf)}
    more = {
        "deep": DEEP,
        "beside": max(BESIDE_EACH, BESIDE // max(1, len(sku_ids))),
        "nodes": list(node_ids),
        "held": list(sku_ids),
        "lots": list(lot_ids),
    }
    return [place for (place,) in ask("inventory", "bins_of_kinds", asked | more)]
