"""What sets the books right: for each kind of difference the remedy, or that a person must look."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_REBUILT: Final = _("the figure is set to what the movements prove")
_UNBOUND: Final = _("the last allocations end; their promises stay held and are bound again")
_OFF: Final = _("a movement takes the units off the plate, where they lie")
REMEDIES: Final[Mapping[str, str | Promise]] = {
    "cell": _REBUILT,
    "cell_key": _("node, kept and sellable are set to what the place says"),
    "availability": _REBUILT,
    "reserved": _("the figure is set to the promises that are held"),
    "ahead": _("the figure is set to the pre-orders that are open"),
    "oversold": _("the last promises become owed"),
    "allocated": _("the figure is set to the allocations that are open"),
    "allocation": _UNBOUND,
    "overbound": _UNBOUND,
    "bound_twice": _UNBOUND,
    "below_zero": _("a movement finds the missing units: fewer than none cannot lie there"),
    "history": _("a movement between the cells brings back the balance that was proven"),
    "movements": _("history is taken as it stands, once its balances are brought back: a new proof begins"),
    "lot_held": _("a movement gives the units the condition of their lot"),
    "plate_closed": _OFF,
    "plate_places": _("a movement takes the units off the plates where the fewer lie; the units stay where they are"),
    "plate_circle": _("the plates of the circle stand on no other any more"),
}
UNDECIDED: Final = _("a person must look: count it, or correct the master data")


def remedy(what: str) -> str:
    """Say what a repair does about a kind of difference."""
    return str(REMEDIES.get(what, UNDECIDED))


@dataclass(frozen=True, slots=True)
class Off:
    """Units that a cell has too many (above zero) or too few of, against what was proven."""

    cell_id: int
    sku_id: int
    qty: int


def bring_back(off: Iterable[Off]) -> list[tuple[int, int, int]]:
    """Pair cells with too many units of a SKU with those that have too few; gives (from cell, to cell, units).

    What finds no partner stays: movements have two ends, so that only other damage can leave some.
    """
    by_sku: dict[int, list[Off]] = defaultdict(list)
    for one in off:
        by_sku[one.sku_id].append(one)
    return [pair for _sku, those in sorted(by_sku.items()) for pair in _pair(those)]


def _pair(off: list[Off]) -> Iterable[tuple[int, int, int]]:
    few = [[one.cell_id, -one.qty] for one in sorted(off, key=lambda o: o.cell_id) if one.qty < 0]
    for one in sorted(off, key=lambda o: o.cell_id):
        left = one.qty
        while left > 0 and few:
            units = min(left, few[0][1])
            yield one.cell_id, few[0][0], units
            left -= units
            few[0][1] -= units
            if not few[0][1]:
                few.pop(0)
