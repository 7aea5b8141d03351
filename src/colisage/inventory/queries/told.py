"""What lies where, by the codes that programs know."""

from collections.abc import Collection
from dataclasses import dataclass

from colisage.inventory.models import StockCell


@dataclass(frozen=True, slots=True)
class Lying:
    """Good units of a merchant's own in a bin."""

    id: int
    sku: str
    node: str
    bin: str
    lot: str


def cells_lying(merchant_id: int, *, sku_ids: Collection[int], node_ids: Collection[int]) -> list[Lying]:
    """Give the cells of SKUs in bins of nodes, empty ones too: they may be found full."""
    rows = StockCell.objects.filter(
        merchant_id=merchant_id,
        sku__in=sku_ids,
        node__in=node_ids,
        kept=True,
        place__kind="bin",
        condition="sellable",
        owner_id=None,
    )
    found = rows.order_by("pk").values_list("pk", "sku__code", "node__code", "place__code", "lot__code")
    return [Lying(pk, sku, node, place, lot or "") for pk, sku, node, place, lot in found]
