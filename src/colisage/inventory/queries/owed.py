"""What is owed, to whom, and who is served next."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min, Sum

from colisage.inventory.models import Reservation


@dataclass(frozen=True, slots=True)
class Waiting:
    """Units owed to an owner (an order line, by `owner_kind`); the first of a list is served first."""

    owner_kind: str
    owner_id: int
    node_id: int | None
    units: int
    since: datetime
    priority: int


def queue_of(merchant_id: int, *, sku_id: int, most: int = 20) -> list[Waiting]:
    """Give who waits for a SKU, in the order in which they are served: by priority, then first come; and one more."""
    rows = Reservation.objects.filter(merchant_id=merchant_id, sku=sku_id, state="waiting")
    found = rows.order_by("-priority", "since", "pk")[: most + 1]
    return [Waiting(r.owner_kind, r.owner_id, r.node_id, r.qty, r.since, r.priority) for r in found]


@dataclass(frozen=True, slots=True)
class Debt:
    """So many units of a SKU that an owner is owed, and since when."""

    units: int
    since: datetime


def debts_of(merchant_id: int, *, owner_kind: str, owner_ids: Collection[int]) -> dict[int, dict[int, Debt]]:
    """Give what owners are owed, by owner and SKU."""
    rows = Reservation.objects.filter(
        merchant_id=merchant_id, owner_kind=owner_kind, owner_id__in=owner_ids, state="waiting"
    )
    found: dict[int, dict[int, Debt]] = {}
    for row in rows.values("owner_id", "sku_id").annotate(n=Sum("qty"), at=Min("since")):
        found.setdefault(row["owner_id"], {})[row["sku_id"]] = Debt(row["n"], row["at"])
    return found
