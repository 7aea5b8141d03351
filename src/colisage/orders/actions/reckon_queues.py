"""Reckoning when what is owed will be here, of a whole queue or of those who joined its end."""

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec
from django.db import transaction

from colisage.inbound.queries.incoming import incoming_of, lead_days_of, standing_of
from colisage.inventory.queries.owed import (
    Arrival,
    Expected,
    Pools,
    Queued,
    Standing,
    Turn,
    expect,
    free_of,
    owed_beside,
    pools_of,
    queued,
    queued_behind,
)
from colisage.kit.once import insert_or_change
from colisage.orders.models import QueueEnd


@dataclass(frozen=True, slots=True)
class _Outlook:
    """All that days of SKUs follow from, besides who waits: what comes, how long a supplier takes, pre-orders."""

    pools: Pools
    lead: Mapping[int, int]
    leaves: Mapping[tuple[int, int], date]

    def mark(self, sku_id: int) -> str:
        """Give what changes whenever any of it does."""
        leaves = [[node, day] for (sku, node), day in sorted(self.leaves.items()) if sku == sku_id]
        said = [_told(self.pools.get(sku_id, {})), self.lead.get(sku_id), leaves]
        return hashlib.blake2b(msgspec.json.encode(said), digest_size=16).hexdigest()

    def of(self, places: Sequence[Queued], *, pools: Pools) -> dict[tuple[str, int], Expected]:
        """Say when what these wait for will be here, the first in turn first; they take it out of `pools`."""
        owners: dict[tuple[str, int], int] = {}
        turns = [
            Turn(
                owners.setdefault(one.owner, len(owners)), one.sku_id, one.node_id, one.qty, one.standing.since.date(),
                ahead_on=self.leaves.get((one.sku_id, one.node_id)) if one.ahead and one.node_id else None,
            )
            for one in places
        ]  # fmt: skip
        said = expect(turns, pools=pools, lead=self.lead)
        return {owner: said[number] for owner, number in owners.items()}


@transaction.atomic(savepoint=False)  # within date_backorders, which does not go on after it failed
def reckon_queues(
    skus: Collection[int], *, joined: Sequence[Queued], dated: Collection[int], merchant_ids: Collection[int]
) -> dict[int, Expected]:
    """Say by order line when what is owed is expected: of all who wait for SKUs, and of those who `joined` others.

    Who joined a queue at its end takes what those before him left; nobody before him is read. Where anything else has
    changed meanwhile the whole queue is reckoned anew: what comes, or somebody joined who is served before others and
    is none of the `dated`. The merchants are held by `lock_dates`.
    """
    outlook = _outlook({*skus, *(one.sku_id for one in joined)}, merchant_ids=merchant_ids)
    ends = {end.sku_id: end for end in QueueEnd.objects.filter(sku__in={one.sku_id for one in joined}.difference(skus))}
    again = _changed({*skus}, joined=joined, dated=dated, ends=ends, outlook=outlook)
    said = _whole(again, merchant_ids=merchant_ids)
    behind = {sku: end for sku, end in ends.items() if sku not in again}
    return said | _behind(behind, outlook=outlook)


def _outlook(sku_ids: Collection[int], *, merchant_ids: Collection[int]) -> _Outlook:
    coming = [one for each in incoming_of(merchant_ids, sku_ids).values() for one in each]
    free, leaves = free_of(sku_ids)
    arrivals = [
        Arrival(one.sku_id, one.node_id, one.on, one.qty, one.kind)
        for one in (*coming, *standing_of(merchant_ids, sku_ids))
    ]
    return _Outlook(pools_of(arrivals, free=free), lead_days_of(sku_ids), leaves)


def _changed(
    skus: set[int],
    *,
    joined: Sequence[Queued],
    dated: Collection[int],
    ends: Mapping[int, QueueEnd],
    outlook: _Outlook,
) -> set[int]:
    """Give the SKUs whose queue is to be reckoned as a whole: these, and what is not as it was when it was last."""
    fresh = [one for one in joined if one.owner[1] not in dated]
    changed = skus | {one.sku_id for one in fresh if one.sku_id not in ends}
    changed |= {sku for sku, end in ends.items() if end.mark != outlook.mark(sku)}
    return changed | {one.sku_id for one in fresh if one.sku_id in ends and one.standing <= _last(ends[one.sku_id])}


def _whole(skus: Collection[int], *, merchant_ids: Collection[int]) -> dict[int, Expected]:
    """Reckon for all who wait for SKUs, with whatever else they wait for."""
    if not skus:
        return {}
    beside = owed_beside(skus)
    outlook = _outlook(beside, merchant_ids=merchant_ids)
    marks = {sku: outlook.mark(sku) for sku in skus}
    places = queued(beside)
    said = outlook.of(places, pools=outlook.pools)
    last = {one.sku_id: one for one in places}
    QueueEnd.objects.filter(sku__in=[sku for sku in skus if sku not in last]).delete()
    _keep({sku: one for sku, one in last.items() if sku in skus}, marks=marks, pools=outlook.pools)
    return _of_lines(said, owners={one.owner for one in places if one.sku_id in skus})


def _behind(ends: Mapping[int, QueueEnd], *, outlook: _Outlook) -> dict[int, Expected]:
    """Reckon for those who joined the queues of SKUs at their end with all that they wait for.

    Who waits for more takes his turn; he is dated with the other queue, or when he is heard of.
    """
    places = queued_behind({sku: _last(end) for sku, end in ends.items()})
    pools: Pools = {sku: {int(node): _pool(told) for node, told in end.left.items()} for sku, end in ends.items()}
    said = outlook.of(places, pools=pools)
    last = {one.sku_id: one for one in places}
    _keep(last, marks={sku: end.mark for sku, end in ends.items()}, pools=pools)
    parts = Counter(one.owner for one in places)
    return _of_lines(said, owners={one.owner for one in places if one.parts == parts[one.owner]})


def _of_lines(said: Mapping[tuple[str, int], Expected], *, owners: Collection[tuple[str, int]]) -> dict[int, Expected]:
    return {owner: said[kind, owner] for kind, owner in owners if kind == "order_line"}


def _keep(last: Mapping[int, Queued], *, marks: Mapping[int, str], pools: Pools) -> None:
    """Write down who stands last in the queue of each SKU, and what is left behind him."""
    insert_or_change(
        (
            QueueEnd(
                sku_id=sku, merchant_id=one.merchant_id, mark=marks[sku], left=_told(pools.get(sku, {})),
                priority=-one.standing.behind, turn=one.standing.turn, since=one.standing.since,
                reservation_id=one.standing.id,
            )
            for sku, one in last.items()
        ),
        by=["sku_id"],
        change=["mark", "left", "priority", "turn", "since", "reservation_id"],
    )  # fmt: skip


def _last(end: QueueEnd) -> Standing:
    return Standing(-end.priority, end.turn, end.since, end.reservation_id)


def _told(pools: Mapping[int, Sequence[tuple[date | None, str, int]]]) -> dict[str, list[list[Any]]]:
    return {
        str(node): [[on and on.isoformat(), kind, qty] for on, kind, qty in pool]
        for node, pool in sorted(pools.items())
    }


def _pool(told: Sequence[Sequence[Any]]) -> list[tuple[date | None, str, int]]:
    return [(on and date.fromisoformat(on), kind, qty) for on, kind, qty in told]
