"""What is where, and what may be promised."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q

from colisage.inventory.models import Availability, Reservation


@dataclass(frozen=True, slots=True)
class Promise:
    """A reservation, as plain values."""

    id: int
    owner_id: int
    sku_id: int
    node_id: int | None
    qty: int
    state: str


def promises_of(merchant_id: int, *, owner_kind: str, owner_ids: Collection[int]) -> list[Promise]:
    """Give the open and picked reservations of owners, the oldest first."""
    rows = Reservation.objects.filter(
        merchant_id=merchant_id,
        owner_kind=owner_kind,
        owner_id__in=owner_ids,
        state__in=["held", "waiting", "ahead", "picked"],
    ).order_by("pk")
    return [Promise(*row) for row in rows.values_list("pk", "owner_id", "sku_id", "node_id", "qty", "state")]


@dataclass(frozen=True, slots=True)
class Stock:
    """What one node can promise of one SKU."""

    sku_id: int
    node_id: int
    sellable: int
    reserved: int
    safety: int
    source: str

    @property
    def free(self) -> int:
        """Give the units that may still be promised."""
        return 10**9 if self.source == "unlimited" else self.sellable - self.reserved - self.safety


def stock_of(merchant_id: int, *, sku_ids: Collection[int]) -> list[Stock]:
    """Give what every node can promise of these SKUs."""
    rows = Availability.objects.filter(Q(merchant_id=merchant_id), sku__in=sku_ids).order_by("sku_id", "node_id")
    return [Stock(*row) for row in rows.values_list("sku_id", "node_id", "sellable", "reserved", "safety", "source")]
