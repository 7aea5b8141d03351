"""Pure decisions of the floor: which promise serves which line, and what becomes of an order when its tasks end."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Need:
    """Units of a fulfilment line that no task covers yet."""

    line_id: int
    order_line_id: int | None
    sku_id: int
    node_id: int
    qty: int
    reservation_id: int | None


def owner_of_line(line_id: int, order_line_id: int | None) -> tuple[str, int]:
    """Say who the units of a fulfilment line are promised to: its order line, or, of an insert, the line itself."""
    return ("insert", line_id) if order_line_id is None else ("order_line", order_line_id)


@dataclass(frozen=True, slots=True)
class Held:
    """A promise of units that are there."""

    id: int
    owner_id: int
    sku_id: int
    node_id: int
    qty: int


def claims(needs: Sequence[Need], *, held: Iterable[Held]) -> dict[int, int]:
    """Say which line each promise serves: reservation id to line id.

    A line takes its own promise first. A promise that was split (some units demoted and served again) left units
    under another number: what still lacks is taken from promises of the same order line, SKU and node.
    """
    free = {promise.id: promise for promise in held}
    claimed: dict[int, int] = {}
    lacking = {need.line_id: need.qty for need in needs}
    for need in needs:
        own = free.pop(need.reservation_id or 0, None)
        if own is not None:
            claimed[own.id] = need.line_id
            lacking[need.line_id] -= own.qty
    others: dict[tuple[int, int, int], list[Held]] = defaultdict(list)
    for promise in free.values():
        others[promise.owner_id, promise.sku_id, promise.node_id].append(promise)
    for need in needs:
        kin = others[need.order_line_id or 0, need.sku_id, need.node_id]
        while kin and lacking[need.line_id] > 0:
            promise = kin.pop(0)
            claimed[promise.id] = need.line_id
            lacking[need.line_id] -= promise.qty
    return claimed


def stage_after(*, lacking: int, open_tasks: int, owed: bool) -> str | None:
    """Say where an order being picked goes; None while tasks are open.

    `lacking` are its units neither taken nor in an open task; `owed` says that stock is missing for them.
    """
    if open_tasks:
        return None
    if not lacking:
        return "picked"
    return "waiting" if owed else "ready"
