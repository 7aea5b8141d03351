"""Serial numbers: a unit is in the house once."""

from collections.abc import Collection

from colisage.inventory.models import StockCell


def serials_known(merchant_id: int, *, serials: Collection[tuple[int, str]]) -> list[tuple[int, str]]:
    """Give those serial numbers, as (SKU, code), of which a unit is in the house; one statement."""
    if not serials:
        return []
    rows = StockCell.objects.filter(
        merchant_id=merchant_id, sku__in={sku for sku, _code in serials},
        lot__code__in={code for _sku, code in serials}, kept=True, qty__gt=0,
    )  # fmt: skip
    there = set(rows.values_list("sku_id", "lot__code"))
    return [serial for serial in serials if serial in there]
