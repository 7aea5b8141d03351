"""What is owed, to whom, and who is served next."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import Exists, Min, OuterRef, Q, Sum

from colisage.inventory.models import Availability, Reservation
from colisage.inventory.rules import RELEASABLE
from colisage.inventory.rules.expecting import Arrival, Expected, Turn, expect
from colisage.kit.errors import NotThere

__all__ = ["Arrival", "Expected"]
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
    rows = Reservation.objects.filter(owner_kind=owner_kind, owner_id__in=owner_ids, state__in=OWED)
    return set(rows.values_list("sku_id", flat=True).distinct())


def promised_skus(merchant_id: int, *, owner_kind: str, owner_ids: Collection[int]) -> set[int]:
    """Give the SKUs of which owners hold units, or are owed some: what to lock before their promises change."""
    rows = Reservation.objects.filter(merchant_id=merchant_id, owner_kind=owner_kind, owner_id__in=owner_ids)
    return set(rows.filter(state__in=RELEASABLE).values_list("sku_id", flat=True).distinct())


def ended_skus(owner_kind: str, owner_ids: Collection[int]) -> set[int]:
    """Give the SKUs of which owners were promised units and want them no more: a question of workers."""
    rows = Reservation.objects.filter(owner_kind=owner_kind, owner_id__in=owner_ids, state="released")
    return set(rows.values_list("sku_id", flat=True).distinct())


def owed_beside(sku_ids: Collection[int]) -> set[int]:
    """Give these SKUs and all others that somebody who waits for one of them waits for too."""
    waits = Reservation.objects.filter(sku__in=sku_ids, state__in=OWED)
    beside = Reservation.objects.filter(
        Exists(waits.filter(owner_kind=OuterRef("owner_kind"), owner_id=OuterRef("owner_id"))), state__in=OWED
    )
    return set(sku_ids) | set(beside.values_list("sku_id", flat=True).distinct())


def expected_of_owed(
    sku_ids: Collection[int], *, arrivals: Iterable[Arrival], lead: Mapping[int, int]
) -> dict[tuple[str, int], Expected]:
    """Say when what is owed of these SKUs will probably be here, by owner: a question of workers, in two statements.

    `arrivals` is all that comes of them, `lead` the days that their suppliers take. What owners are owed of other SKUs
    is not looked at: ask with `owed_beside`.
    """
    rows = Reservation.objects.filter(sku__in=sku_ids, state__in=OWED).order_by("-priority", "turn", "since", "pk")
    owners: dict[tuple[str, int], int] = {}
    stock = {(row.sku_id, row.node_id): row for row in Availability.objects.filter(sku__in=sku_ids)}
    turns = [
        Turn(
            owners.setdefault((kind, owner), len(owners)), sku, node, qty, since.date(),
            ahead_on=stock[sku, node].ahead_on if state == "ahead" and (sku, node) in stock else None,
        )
        for kind, owner, sku, node, qty, since, state in rows.values_list(
            "owner_kind", "owner_id", "sku_id", "node_id", "qty", "since", "state"
        )
    ]  # fmt: skip
    free = {key: row.sellable - row.reserved - row.safety for key, row in stock.items() if row.source != "unlimited"}
    told = expect(turns, arrivals=arrivals, free=free, lead=lead)
    return {owner: told[number] for owner, number in owners.items()}
