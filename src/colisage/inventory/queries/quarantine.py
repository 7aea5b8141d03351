"""What lies in quarantine."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Value
from django.db.models.functions import Coalesce

from colisage.inventory.models import Condition, StockCell


@dataclass(frozen=True, slots=True)
class Held:
    """Units of a SKU in quarantine, alike in lot, owner and condition."""

    cell_id: int
    merchant_id: int
    node_id: int
    place_id: int
    sku_id: int
    code: str
    name: str
    lot_id: int | None
    lot: str
    owner_id: int | None
    condition: str
    qty: int
    since: datetime | None
    cost_cents: int

    @property
    def condition_says(self) -> str:
        """Name the condition."""
        return str(Condition(self.condition).label)


def in_quarantine(merchant_ids: Collection[int], *, most: int = 500) -> list[Held]:
    """Give what lies in quarantine, the oldest first; units on a plate are left out: they go with it."""
    rows = StockCell.objects.filter(
        merchant_id__in=merchant_ids, place__kind="quarantine", plate=None, qty__gt=0
    ).annotate(lot_code=Coalesce("lot__code", Value("")))
    fields = (
        "pk", "merchant_id", "node_id", "place_id", "sku_id", "sku__code", "sku__name", "lot_id", "lot_code",
        "owner_id", "condition", "qty", "first_in_at", "sku__cost_cents",
    )  # fmt: skip
    return [Held(*row) for row in rows.order_by("first_in_at", "pk").values_list(*fields)[:most]]
