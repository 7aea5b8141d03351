"""What goes into kits, and what is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

Recipe = Sequence[tuple[int, int]]  # SKU id, units in one kit


@dataclass(frozen=True, slots=True)
class Cell:
    """Free units that lie together."""

    sku_id: int
    cell_id: int
    place_id: int
    place: str
    lot_id: int | None
    lot: str | None
    expires_on: date | None
    plate_id: int | None
    free: int


@dataclass(frozen=True, slots=True)
class Taken:
    """Units of a component out of one cell."""

    cell: Cell
    per_kit: int
    units: int


def sets_of(recipe: Recipe, *, free: Mapping[int, int]) -> int:
    """Say how many kits the free units of the components make."""
    return max(min((max(free.get(sku, 0), 0) // units for sku, units in recipe), default=0), 0)


def missing(recipe: Recipe, *, kits: int, free: Mapping[int, int]) -> dict[int, int]:
    """Say how many units of each component are missing; empty when there are enough of all."""
    lacks = {sku: units * kits - max(free.get(sku, 0), 0) for sku, units in recipe}
    return {sku: units for sku, units in lacks.items() if units > 0}


def take(recipe: Recipe, *, kits: int, cells: Sequence[Cell]) -> list[Taken]:
    """Take the components out of cells in their order, as far as they reach."""
    taken = []
    for sku, per_kit in recipe:
        left = per_kit * kits
        for cell in cells:
            units = min(left, cell.free) if cell.sku_id == sku else 0
            if units:
                taken.append(Taken(cell, per_kit, units))
                left -= units
    return taken


Part = tuple[int, int | None]  # SKU and lot of a component


@dataclass(frozen=True, slots=True)
class Back:
    """Units of a component that come out of kits."""

    sku_id: int
    lot_id: int | None
    per_kit: int
    units: int


def take_back(gone_in: Mapping[Part, int], *, out: Mapping[Part, int], recipe: Recipe, kits: int) -> list[Back]:
    """Say which units come out of kits: each kit gives its whole recipe.

    Of an assembly, `gone_in` are the units of each component and lot, `out` those that came out before: a lot comes
    back for as many units as went in. What no lot is known for comes back without one.
    """
    left = {part: units - out.get(part, 0) for part, units in gone_in.items()}
    back = []
    for sku, per_kit in recipe:
        wanted = per_kit * kits
        for (component, lot), units in left.items():
            there = min(wanted, units) if component == sku else 0
            if there > 0:
                back.append(Back(sku, lot, per_kit, there))
                wanted -= there
        if wanted:
            back.append(Back(sku, None, per_kit, wanted))
    return back
