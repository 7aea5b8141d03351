"""The floor of a node with how full its bins are, and one bin."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection

from colisage.inventory.models import StockCell
from colisage.inventory.rules.occupancy import Bin
from colisage.kit.statements import statement


def bins_filled(node_id: int, *, above: int | None = None, places: Collection[int] | None = None) -> list[Bin]:
    """Give the bins of a node along the walk, with what lies in each, in one statement.

    `above` is a place: only the bins of its column are given, itself among them. Of `places` only those are given.
    """
    only = None if places is None else list(places)
    with connection.cursor() as db:
        db.execute(statement("inventory", "occupancy"), {"node": node_id, "place": above, "places": only})
        return [Bin(*row) for row in db.fetchall()]


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
