"""What is owed, to whom, and who is served next."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import Exists, Min, OuterRef, Q, Sum

from colisage.inventory.models import Availability, Reservation
from colisage.inventory.rules import RELEASABLE
from colisage.inventory.rules.expecting import Arrival, Expected, Pools, Turn, expect, pools_of
from colisage.kit.errors import NotThere
from colisage.kit.statements import ask

__all__ = ["Arrival", "Expected", "Pools", "Turn", "expect", "pools_of"]
OWED: Final = ("waiting", "ahead")


@dataclass(frozen=True, slots=True)
class Waiting:
    """Units owed to an owner (an order line, by `owner_kind`); the first of a list is served first."""

    id: int
    owner_kind: str
    owner_id: int
    node_id: int | None
    units: int
    since: datetime
    priority: int
    ahead: bool  # pre-ordered


def queue_of(merchant_id: int, *, sku_id: int, most: int = 20, after: int | None = None) -> list[Waiting]:
    """Give who waits for a SKU, in the order in which they are served: by priority, then first come; and one more.

    `after` is the last one of the page before, which may be served meanwhile; `NotThere` when there never was one.
    """
    rows = Reservation.objects.filter(merchant_id=merchant_id, sku=sku_id, state__in=OWED)
    if after is not None:
        last = Reservation.objects.filter(merchant_id=merchant_id, sku=sku_id, pk=after).first()
        if last is None:
            raise NotThere
        equal = Q(priority=last.priority)
        rows = rows.filter(
            Q(priority__lt=last.priority)
            | equal & Q(turn__gt=last.turn)
            | equal & Q(turn=last.turn, since__gt=last.since)
            | equal & Q(turn=last.turn, since=last.since, pk__gt=last.pk)
        )
    found = rows.order_by("-priority", "turn", "since", "pk")[: most + 1]
    return [
        Waiting(r.pk, r.owner_kind, r.owner_id, r.node_id, r.qty, r.since, r.priority, r.state == "ahead")
        for r in found
    ]


@dataclass(frozen=True, slots=True)
class Debt:
    """So many units of a SKU that an owner is owed, since when, and whether any of them is pre-ordered."""

    units: int
    since: datetime
    ahead: bool = False


def debts_of(merchant_id: int, *, owner_kind: str, owner_ids: Collection[int]) -> dict[int, dict[int, Debt]]:
    """Give what owners are owed, by owner and SKU."""
    rows = Reservation.objects.filter(
        merchant_id=merchant_id, owner_kind=owner_kind, owner_id__in=owner_ids, state__in=OWED
    )
    found: dict[int, dict[int, Debt]] = {}
    for row in rows.values("owner_id", "sku_id").annotate(
        n=Sum("qty"), at=Min("since"), ahead=BoolOr(Q(state="ahead"))
    ):
        found.setdefault(row["owner_id"], {})[row["sku_id"]] = Debt(row["n"], row["at"], row["ahead"])
    return found


def owners_owed(merchant_id: int, *, owner_kind: str) -> set[int]:
    """Give all owners of a merchant to whom anything is owed."""
    rows = Reservation.objects.filter(merchant_id=merchant_id, owner_kind=owner_kind, state__in=OWED)
    return set(rows.values_list("owner_id", flat=True).distinct())


def owners_by_sku(sku_ids: Collection[int], *, owner_kind: str) -> dict[int, set[int]]:
    """Give who is owed units of SKUs, by SKU, of any merchant: a question of workers."""
    found: dict[int, set[int]] = {}
    rows = Reservation.objects.filter(sku__in=sku_ids, owner_kind=owner_kind, state__in=OWED)
    for sku, owner in rows.values_list("sku_id", "owner_id").distinct():
        found.setdefault(sku, set()).add(owner)
    return found


def owed_skus(owner_kind: str, owner_ids: Collection[int]) -> set[int]:
    """Give the SKUs that owners are owed, of any merchant: a question of workers."""
    return {sku for (sku,) in ask("inventory", "skus_of_owners", [owner_kind, sorted(owner_ids), list(OWED)])}


def promised_skus(merchant_id: int, *, owner_kind: str, owner_ids: Collection[int]) -> set[int]:
    """Give the SKUs of which owners hold units, or are owed some: what to lock before their promises change."""
    rows = Reservation.objects.filter(merchant_id=merchant_id, owner_kind=owner_kind, owner_id__in=owner_ids)
    return set(rows.filter(state__in=RELEASABLE).values_list("sku_id", flat=True).distinct())


def ended_skus(owner_kind: str, owner_ids: Collection[int]) -> set[int]:
    """Give the SKUs of which owners were promised units and want them no more: a question of workers."""
    return {sku for (sku,) in ask("inventory", "skus_of_owners", [owner_kind, sorted(owner_ids), ["released"]])}


def owed_beside(sku_ids: Collection[int]) -> set[int]:
    """Give these SKUs and all others that somebody who waits for one of them waits for too."""
    waits = Reservation.objects.filter(sku__in=sku_ids, state__in=OWED)
    beside = Reservation.objects.filter(
        Exists(waits.filter(owner_kind=OuterRef("owner_kind"), owner_id=OuterRef("owner_id"))), state__in=OWED
    )
    return set(sku_ids) | set(beside.values_list("sku_id", flat=True).distinct())


@dataclass(frozen=True, slots=True, order=True)
class Standing:
    """Where somebody stands in the queue of a SKU: whoever is less is served before."""

    behind: int  # the priority, negative
    turn: str
    since: datetime
    id: int


@dataclass(frozen=True, slots=True)
class Queued:
    """Units of a SKU that an owner waits for, and where it stands; `parts` are all things that it waits for."""

    merchant_id: int
    owner: tuple[str, int]
    sku_id: int
    node_id: int | None
    qty: int
    ahead: bool
    standing: Standing
    parts: int


def queued(sku_ids: Collection[int]) -> list[Queued]:
    """Give who waits for SKUs, of any merchant, in the order in which they are served: a question of workers."""
    return _queued(ask("inventory", "queued", [sorted(sku_ids)]))


def queued_behind(last: Mapping[int, Standing]) -> list[Queued]:
    """Give who waits for SKUs behind where somebody stands there; no more is read, however many stand before."""
    places = [(sku, -one.behind, one.turn, one.since, one.id) for sku, one in sorted(last.items())]
    if not places:
        return []
    return _queued(ask("inventory", "queued_behind", [list(column) for column in zip(*places, strict=True)]))


def queued_of(owner_kind: str, owner_ids: Collection[int]) -> list[Queued]:
    """Give what owners wait for, of any merchant: a question of workers."""
    return _queued(ask("inventory", "queued_of", [owner_kind, sorted(owner_ids)]))


def _queued(found: Iterable[tuple[Any, ...]]) -> list[Queued]:
    return [
        Queued(merchant, (kind, owner), sku, node, qty, state == "ahead", Standing(-priority, turn, since, pk), parts)
        for merchant, kind, owner, sku, node, qty, state, priority, turn, since, pk, parts in found
    ]


def free_of(sku_ids: Collection[int]) -> tuple[dict[tuple[int, int], int], dict[tuple[int, int], date]]:
    """Give what is free of SKUs by (SKU, node), where that is counted, and from when on what is pre-ordered leaves."""
    stock = Availability.objects.filter(sku__in=sku_ids)
    free, leaves = {}, {}
    for row in stock.only("sku_id", "node_id", "source", "sellable", "reserved", "safety", "ahead_on"):
        if row.source != "unlimited":
            free[row.sku_id, row.node_id] = row.sellable - row.reserved - row.safety
        if row.ahead_on:
            leaves[row.sku_id, row.node_id] = row.ahead_on
    return free, leaves
