"""Holding units for owners: the one place where stock is promised."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import msgspec
from django.db import connection, transaction

from colisage.inventory.queries.channels import buffers_of
from colisage.inventory.rules import Group, Placed, Want, place
from colisage.kit.statements import Rows, ask, ask_along, rows, statement
from colisage.network.queries import node_ids_serving

NOWHERE: Final = 0  # no node has this id
MOST: Final = 2**31 - 1  # units that the books can count


@dataclass(frozen=True, slots=True)
class Demand:
    """What one order (or other document) of a merchant asks for: `lines` are (owner id, SKU id, units)."""

    merchant_id: int
    owner_kind: str
    lines: tuple[tuple[int, int, int], ...]
    may_wait: bool = True
    buffer: int = 0
    priority: int = 0
    nodes: tuple[int, ...] | None = (
        None  # the only nodes to try, the preferred first; None: all that serve the merchant
    )
    channel_id: int | None = None  # whose buffers of single SKUs hold, instead of `buffer`
    bundles: Mapping[int, int] = field(default_factory=dict)  # owners whose lines are so many of one bundle
    expires_at: datetime | None = None  # when the promise ends by itself


class _Asked(msgspec.Struct, frozen=True, omit_defaults=True):
    """Units of one SKU that one owner of one demand asks for, as `sql/reserve_whole.sql` takes it."""

    n: int
    i: int
    merchant_id: int
    owner_kind: str
    owner_id: int
    sku_id: int
    qty: int
    node_id: int | None = None
    priority: int = 0
    buffer: int = 0
    channel_id: int | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    """Whether all is held, at the `first` node of each merchant; or else, locked, what is free and may be ordered."""

    whole: bool
    first: Mapping[int, int] = field(default_factory=dict)
    free: Mapping[tuple[int, int], int] = field(default_factory=dict)  # by (SKU, node)
    room: Mapping[tuple[int, int], int] = field(default_factory=dict)


@transaction.atomic(savepoint=False)  # hot, and nobody goes on after it failed
def reserve(demands: Sequence[Demand]) -> list[list[Placed] | None]:
    """Hold units for many demands, in their order; None where one is refused: for want of stock, or beyond counting.

    Rows of availability are locked in key order, so that two batches cannot deadlock; what is missing is pre-ordered
    (`ahead`) as far as that is open, and else owed (`waiting`) unless the demand may not wait. One statement where
    every demand finds all it asks for at its first node, six at most, however many demands.
    """
    if not demands:
        return []
    if not all(map(is_countable, demands)):
        rest = iter(reserve([demand for demand in demands if is_countable(demand)]))
        return [next(rest) if is_countable(demand) else None for demand in demands]
    found = _hold_whole(demands)
    if not found.whole:
        return _hold_parts(demands, found)
    return [
        [Placed(want, d.nodes[0] if d.nodes else found.first[d.merchant_id], want.qty, "held") for want in _wants(d)]
        for d in demands
    ]


@transaction.atomic(savepoint=False)  # hot, and nobody goes on after it failed
def reserve_or_refuse(demands: Sequence[Demand], *, meanwhile: Callable[[], None] | None = None) -> list[bool]:
    """Hold units as `reserve` does, and say of each demand only whether it was taken. `meanwhile`: see `ask`."""
    if not demands or not all(map(is_countable, demands)):
        if meanwhile:
            meanwhile()
        return [placed is not None for placed in reserve(demands)]
    found = _hold_whole(demands, meanwhile=meanwhile)
    if found.whole:
        return [True] * len(demands)
    return [placed is not None for placed in _hold_parts(demands, found)]


def _hold_parts(demands: Sequence[Demand], found: _Found) -> list[list[Placed] | None]:
    """Hold what is there, wherever it lies, by the rules: for some demand not everything was at its first node."""
    unsaid = {d.merchant_id for d in demands if d.nodes is None}
    nodes = node_ids_serving(unsaid) if unsaid else {}
    buffers = buffers_of(
        {d.channel_id for d in demands if d.channel_id}, sku_ids={line[1] for d in demands for line in d.lines}
    )
    groups = [
        Group(
            wants=_wants(demand),
            nodes=demand.nodes if demand.nodes is not None else nodes[demand.merchant_id],
            may_wait=demand.may_wait,
            buffer=demand.buffer,
            buffers=buffers.get(demand.channel_id or 0, {}),
        )
        for demand in demands
    ]
    outcome = place(groups, free=found.free, room=found.room)
    _write(demands, outcome, groups=groups)
    return outcome


def is_certain(demand: Demand) -> bool:
    """Say whether a demand is taken whatever stock there is: what is missing will be owed."""
    return demand.may_wait and is_countable(demand)


def is_countable(demand: Demand) -> bool:
    """Say whether no more units are asked for than the books can count: bundles of many units multiply."""
    return sum(line[2] for line in demand.lines) <= MOST


def _wants(demand: Demand) -> tuple[Want, ...]:
    return tuple(Want(*line, demand.bundles.get(line[0], 0)) for line in demand.lines)


def expect_to_hold(demands: Sequence[Demand]) -> None:
    """Hold everything at the first node of each demand; if it is not all there, undo the transaction.

    See `kit.expected`. The demands are countable (`is_countable`).
    """
    ask_along("inventory", "reserve_whole", _whole(demands, sure=True))


def _hold_whole(demands: Sequence[Demand], *, meanwhile: Callable[[], None] | None = None) -> _Found:
    """Hold everything at the first node of each demand, or nothing, and then say what was found."""
    answers = ask("inventory", "reserve_whole", _whole(demands, sure=False), meanwhile=meanwhile)
    if any(what == "whole" and number for what, _id, _node, number in answers):
        return _Found(whole=True, first={merchant: node for what, merchant, node, _ in answers if what == "node"})
    free, room = (
        {(sku, node): units for what, sku, node, units in answers if what == told} for told in ("free", "room")
    )
    return _Found(whole=False, free=free, room=room)


def _whole(demands: Sequence[Demand], *, sure: bool) -> tuple[list[int], Rows, bool]:
    """Give what `sql/reserve_whole.sql` takes."""
    asked = [
        _Asked(
            n, i, demand.merchant_id, demand.owner_kind, owner, sku, qty,
            None if demand.nodes is None else next(iter(demand.nodes), NOWHERE),
            demand.priority, demand.buffer, demand.channel_id, demand.expires_at,
        )
        for n, demand in enumerate(demands)
        for i, (owner, sku, qty) in enumerate(demand.lines)
    ]  # fmt: skip
    return sorted({d.merchant_id for d in demands if d.nodes is None}), rows(asked), sure


def lock_free(sku_ids: Collection[int]) -> dict[tuple[int, int], int]:
    """Lock the availability of SKUs, in key order, and give what may still be promised by (SKU, node)."""
    with connection.cursor() as db:
        db.execute(statement("inventory", "lock_free"), [sorted(sku_ids)])
        return {(sku, node): free for sku, node, free in db.fetchall()}


def raise_ahead(units: Mapping[tuple[int, int], int]) -> None:
    """Count more, or with negative units fewer, pre-orders by (SKU, node), whose availability is locked."""
    keys = sorted(key for key, n in units.items() if n)
    if keys:
        with connection.cursor() as db:
            db.execute(
                statement("inventory", "raise_ahead"),
                [[k[0] for k in keys], [k[1] for k in keys], [units[k] for k in keys]],
            )


def ahead_of(ended: Iterable[tuple[Any, ...]]) -> Counter[tuple[int, int]]:
    """Give by how many fewer are pre-ordered, of promises that ended: (merchant, SKU, node, units, state before)."""
    fewer: Counter[tuple[int, int]] = Counter()
    for _merchant, sku, node, qty, state in ended:
        if state == "ahead":
            fewer[sku, node] -= qty
    return fewer


def _write(demands: Sequence[Demand], outcome: Sequence[list[Placed] | None], *, groups: Sequence[Group]) -> None:
    """Raise what is reserved, in one statement, and insert the reservations, in another."""
    held: Counter[tuple[int, int]] = Counter()
    ahead: Counter[tuple[int, int]] = Counter()
    made = []
    for demand, group, pieces in zip(demands, groups, outcome, strict=True):
        for piece in pieces or ():
            if piece.state == "held" and piece.node_id is not None:
                held[piece.want.sku_id, piece.node_id] += piece.qty
            if piece.state == "ahead" and piece.node_id is not None:
                ahead[piece.want.sku_id, piece.node_id] += piece.qty
            made.append(
                {
                    "merchant_id": demand.merchant_id,
                    "owner_kind": demand.owner_kind,
                    "owner_id": piece.want.owner_id,
                    "sku_id": piece.want.sku_id,
                    "node_id": piece.node_id,
                    "qty": piece.qty,
                    "state": piece.state,
                    "priority": demand.priority,
                    "buffer": group.kept_back(piece.want.sku_id),
                    "expires_at": demand.expires_at,
                }
            )
    with connection.cursor() as db:
        if held:
            keys = sorted(held)
            db.execute(
                statement("inventory", "raise_reserved"),
                [[k[0] for k in keys], [k[1] for k in keys], [held[k] for k in keys]],
            )
        raise_ahead(ahead)
        if made:
            db.execute(statement("inventory", "insert_reservations"), [rows(made)])
