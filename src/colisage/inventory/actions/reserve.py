"""Holding units for owners: the one place where stock is promised."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db import connection, transaction

from colisage.inventory.queries.channels import buffers_of
from colisage.inventory.rules import Group, Placed, Want, place
from colisage.kit.statements import ask, rows, statement
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


@transaction.atomic(savepoint=False)  # hot, and nobody goes on after it failed
def reserve(demands: Sequence[Demand]) -> list[list[Placed] | None]:
    """Hold units for many demands, in their order; None where one is refused: for want of stock, or beyond counting.

    Rows of availability are locked in key order, so that two batches cannot deadlock; what is missing is pre-ordered
    (`ahead`) as far as that is open, and else owed (`waiting`) unless the demand may not wait. One statement where
    every demand finds all it asks for at its first node, six at most, however many demands.
    """
    if not demands:
        return []
    if not all(map(_is_countable, demands)):
        rest = iter(reserve([demand for demand in demands if _is_countable(demand)]))
        return [next(rest) if _is_countable(demand) else None for demand in demands]
    whole, free, room = _hold_whole(demands)
    if whole is not None:
        return whole
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
    outcome = place(groups, free=free, room=room)
    _write(demands, outcome, groups=groups)
    return outcome


def _is_countable(demand: Demand) -> bool:
    """Say whether no more units are asked for than the books can count: bundles of many units multiply."""
    return sum(line[2] for line in demand.lines) <= MOST


def _wants(demand: Demand) -> tuple[Want, ...]:
    return tuple(Want(*line, demand.bundles.get(line[0], 0)) for line in demand.lines)


def _hold_whole(
    demands: Sequence[Demand],
) -> tuple[list[list[Placed] | None] | None, dict[tuple[int, int], int], dict[tuple[int, int], int]]:
    """Hold everything at the first node of each demand, or nothing.

    Gives what is held, or else, locked, what is free and how many more may be pre-ordered.
    """
    asked = [
        {
            "n": n,
            "i": i,
            "merchant_id": demand.merchant_id,
            "owner_kind": demand.owner_kind,
            "owner_id": owner,
            "sku_id": sku,
            "node_id": None if demand.nodes is None else next(iter(demand.nodes), NOWHERE),
            "qty": qty,
            "priority": demand.priority,
            "buffer": demand.buffer,
            "channel_id": demand.channel_id,
            "expires_at": demand.expires_at,
        }
        for n, demand in enumerate(demands)
        for i, (owner, sku, qty) in enumerate(demand.lines)
    ]
    unsaid = sorted({d.merchant_id for d in demands if d.nodes is None})
    answers = ask("inventory", "reserve_whole", [unsaid, rows(asked)])
    if not any(what == "whole" and number for what, _id, _node, number in answers):
        free, room = (
            {(sku, node): units for what, sku, node, units in answers if what == told} for told in ("free", "room")
        )
        return None, free, room
    first = {merchant: node for what, merchant, node, _ in answers if what == "node"}
    return (
        [
            [
                Placed(want, demand.nodes[0] if demand.nodes else first[demand.merchant_id], want.qty, "held")
                for want in _wants(demand)
            ]
            for demand in demands
        ],
        {},
        {},
    )


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
