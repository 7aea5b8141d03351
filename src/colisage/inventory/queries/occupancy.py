"""How full bins are, and what lies in one."""

from collections.abc import Collection
from dataclasses import dataclass

from colisage.inventory.models import StockCell
from colisage.inventory.rules.occupancy import Bin
from colisage.kit.statements import ask


def bins_filled(place_ids: Collection[int]) -> list[Bin]:
    """Give those of places that are active bins, along the walk, with what lies in each; one statement."""
    return [Bin(*row) for row in ask("inventory", "occupancy", [list(place_ids)])]


@dataclass(frozen=True, slots=True)
class Lying:
    """Units that lie in a bin."""

    sku_id: int
    code: str
    name: str
    lot: str
    plate: str
    owner_id: int | None
    condition: str
    qty: int
    allocated: int


def lying_in(merchant_ids: Collection[int], *, place_id: int, most: int = 500) -> list[Lying]:
    """Give what lies in a place, by SKU."""
    cells = StockCell.objects.filter(merchant_id__in=merchant_ids, place_id=place_id, qty__gt=0)
    rows = cells.select_related("sku", "lot", "plate").order_by("sku__code", "pk")[:most]
    return [
        Lying(
            c.sku_id, c.sku.code, c.sku.name, c.lot.code if c.lot else "", c.plate.code if c.plate else "", c.owner_id,
            c.get_condition_display(), c.qty, c.allocated,
        )
        for c in rows
    ]  # fmt: skip
