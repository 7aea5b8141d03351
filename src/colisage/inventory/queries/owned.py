"""What lies in the house and belongs to somebody else: consigned goods."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, Sum

from colisage.inventory.models import StockCell


@dataclass(frozen=True, slots=True)
class Owned:
    """Units of a SKU in the house, of an owner."""

    owner_id: int
    sku_id: int
    code: str
    name: str
    units: int


def owned_units(
    merchant_ids: Collection[int], *, owner_id: int | None = None, after: tuple[int, int] = (0, 0), most: int = 1_000
) -> list[Owned]:
    """Give the units in the house that are not the merchant's own, or those of one owner, by owner and SKU.

    `after` are the owner and the SKU that came last before.
    """
    rows = StockCell.objects.filter(merchant_id__in=merchant_ids, owner_id__isnull=False, kept=True, qty__gt=0)
    owner, sku = after
    rows = rows.filter(Q(owner_id=owner, sku_id__gt=sku) | Q(owner_id__gt=owner))
    if owner_id is not None:
        rows = rows.filter(owner_id=owner_id)
    sums = rows.values("owner_id", "sku_id", "sku__code", "sku__name").annotate(n=Sum("qty"))
    return [
        Owned(owner or 0, *row)
        for owner, *row in sums.order_by("owner_id", "sku_id").values_list(
            "owner_id", "sku_id", "sku__code", "sku__name", "n"
        )[:most]
    ]
