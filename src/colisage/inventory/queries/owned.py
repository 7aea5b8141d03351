"""What lies in the house and belongs to somebody else: consigned goods."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Sum

from colisage.inventory.models import StockCell


@dataclass(frozen=True, slots=True)
class Owned:
    """Units of a SKU in the house, of an owner."""

    owner_id: int
    sku_id: int
    code: str
    name: str
    units: int


def owned_units(merchant_ids: Collection[int], *, most: int = 1_000) -> list[Owned]:
    """Give the units in the house that are not the merchant's own, by owner and SKU."""
    rows = StockCell.objects.filter(merchant_id__in=merchant_ids, owner_id__isnull=False, kept=True, qty__gt=0)
    sums = rows.values("owner_id", "sku_id", "sku__code", "sku__name").annotate(n=Sum("qty"))
    return [
        Owned(owner or 0, *row)
        for owner, *row in sums.order_by("owner_id", "sku__code").values_list(
            "owner_id", "sku_id", "sku__code", "sku__name", "n"
        )[:most]
    ]
