"""Which promises give units back when an owner wants fewer: pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_FIRST: Final = {"ahead": 0, "waiting": 1, "held": 2}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Units of a SKU that an owner wants no more; of what stands at `node_id` (None: anywhere)."""

    owner_id: int
    sku_id: int
    units: int
    node_id: int | None = None
    promise_id: int | None = None  # from which to take first among what is held


@dataclass(frozen=True, slots=True)
class Open:
    """An open promise, and its units that are bound to no bin."""

    id: int
    owner_id: int
    sku_id: int
    node_id: int | None
    units: int
    state: str


def give_back_from(wanted: Sequence[Wanted], *, standing: Sequence[Open]) -> dict[int, int] | None:
    """Give the units to take from each promise, by id; None when they do not stand there unbound.

    What is owed goes before what is held, and of equals the last made first. What is owed at no node in particular
    is owed everywhere.
    """
    left = {one.id: one.units for one in standing}
    taken: dict[int, int] = {}
    for want in wanted:
        units = want.units
        for one in _in_turn(want, standing):
            take = min(units, left[one.id])
            if take > 0:
                left[one.id] -= take
                units -= take
                taken[one.id] = taken.get(one.id, 0) + take
        if units:
            return None
    return taken


def _in_turn(want: Wanted, standing: Sequence[Open]) -> list[Open]:
    mine = [
        one
        for one in standing
        if (one.owner_id, one.sku_id) == (want.owner_id, want.sku_id)
        and (want.node_id is None or one.node_id in {want.node_id, None})
    ]
    return sorted(mine, key=lambda one: (_FIRST[one.state], one.id != want.promise_id, -one.id))
