"""What is still to come, and what a receipt means for what was ordered and announced."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

EXPECTING: Final = ("open", "partly")  # purchase orders of which goods are still to come
UNFINISHED: Final = ("announced", "arriving")  # announced deliveries that are not settled
MOST_UNITS: Final = 1_000_000
MOST_CENTS: Final = 10**12


def state_after(lines: Iterable[tuple[int, int]]) -> str:
    """Give the state of an open order by its lines: (ordered, received)."""
    known = list(lines)
    if all(received >= ordered for ordered, received in known):
        return "closed"
    return "partly" if any(received for _ordered, received in known) else "open"


@dataclass(frozen=True, slots=True)
class Announced:
    """An announced line, as far as counting needs to know it."""

    id: int
    missing: int  # announced and not yet received; negative when more came
    lot: str = ""


def share_out(units: int, lines: Sequence[Announced], *, lot: str = "", all_of_it: bool = False) -> dict[int, int]:
    """Share what came of one SKU among the announced lines, each up to what it misses; those of the same lot first.

    What is more than announced goes to the best line when `all_of_it`, else to none.
    """
    ranked = sorted(lines, key=lambda line: (line.lot != lot, line.id))
    shares: dict[int, int] = {}
    left = units
    for line in ranked:
        take = min(left, max(line.missing, 0))
        if take:
            shares[line.id] = take
            left -= take
    if left and all_of_it and ranked:
        best = next((line for line in ranked if line.id in shares), ranked[0])
        shares[best.id] = shares.get(best.id, 0) + left
    return shares


@dataclass(frozen=True, slots=True)
class Ordered:
    """Units of a purchase line still to come."""

    merchant_id: int
    sku_id: int
    node_id: int
    order_id: int
    on: date | None
    missing: int


@dataclass(frozen=True, slots=True)
class Coming:
    """Units that somebody said are on their way: announced by a supplier, or sent by another node."""

    merchant_id: int
    sku_id: int
    node_id: int
    order_id: int | None
    on: date | None
    missing: int
    kind: str = "announced"  # announced | transit


@dataclass(frozen=True, slots=True)
class Incoming:
    """Units of a SKU on their way to a node: expected that day, and as what."""

    sku_id: int
    node_id: int
    on: date | None
    qty: int
    kind: str  # ordered | announced | transit


def incoming(ordered: Iterable[Ordered], announced: Iterable[Coming]) -> list[Incoming]:
    """Say what is to come, each unit once: what is announced of an order comes on the day of the announcement."""
    found: defaultdict[tuple[int, int, date | None, str], int] = defaultdict(int)
    said: defaultdict[tuple[int, int], int] = defaultdict(int)
    for line in announced:
        found[line.sku_id, line.node_id, line.on, line.kind] += line.missing
        if line.order_id is not None:
            said[line.order_id, line.sku_id] += line.missing
    for want in ordered:
        rest = want.missing - said[want.order_id, want.sku_id]
        if rest > 0:
            found[want.sku_id, want.node_id, want.on, "ordered"] += rest
    return sorted(
        (Incoming(sku, node, on, qty, kind) for (sku, node, on, kind), qty in found.items() if qty > 0),
        key=lambda i: (i.sku_id, i.on or date.max, i.node_id, i.kind),
    )


def order_total(lines: Iterable[tuple[int, int]]) -> int:
    """Give the total of an order: (units, unit cost in minor units)."""
    return sum(units * cost for units, cost in lines)


def changed(
    before: Mapping[int, tuple[object, ...]], after: Mapping[int, tuple[object, ...]]
) -> dict[str, list[object]]:
    """Say what changed of lines, for the audit: SKU id → [what was, what became]."""
    return {
        str(sku): [list(before.get(sku) or ()), list(after.get(sku) or ())]
        for sku in sorted({*before, *after})
        if before.get(sku) != after.get(sku)
    }
