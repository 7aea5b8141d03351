"""What lies where, by the codes that programs know."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from msgspec import Struct

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


class CellOut(Struct, frozen=True, kw_only=True):
    """Units of a SKU that lie together, alike in place, lot, plate, owner and condition.

    `free` are those to which no picker was sent. `consigned`: they are a supplier's until they are sold.
    """

    id: int
    sku: str
    node: str
    place: str
    kind: str
    lot: str
    plate: str
    condition: str
    consigned: bool
    quantity: int
    free: int


class CellPageOut(Struct, frozen=True, kw_only=True):
    """A page of what lies where, SKU by SKU; `next` is the `page` that follows, null on the last."""

    items: list[CellOut]
    next: str | None


@dataclass(frozen=True, slots=True)
class CellsWanted:
    """What a list of cells is narrowed to; codes as they were said, those of nodes and places in any case."""

    sku_id: int | None = None
    node_id: int | None = None
    place: str = ""
    plate: str = ""
    lot: str = ""
    condition: str = ""


_CELL = (
    "pk", "sku_id", "sku__code", "node__code", "place__code", "place__kind", "lot__code", "plate__code", "condition",
    "owner_id", "qty", "allocated",
)  # fmt: skip


def cells_page(
    merchant_id: int, *, wanted: CellsWanted, after: tuple[int, int] = (0, 0), size: int = 50
) -> list[tuple[int, CellOut]]:
    """Give one page of what lies where, each with its SKU, by SKU, and one more when there are more.

    `after` is the SKU and the cell that came last on the page before.
    """
    sku, pk = after
    rows = StockCell.objects.filter(
        Q(sku_id__gt=sku) | Q(sku_id=sku, pk__gt=pk), merchant_id=merchant_id, kept=True, qty__gt=0, sku_id__gte=sku
    )
    narrowed = {
        "sku_id": wanted.sku_id, "node_id": wanted.node_id, "place__code__iexact": wanted.place,
        "plate__code": wanted.plate, "lot__code": wanted.lot, "condition": wanted.condition,
    }  # fmt: skip
    rows = rows.filter(**{name: value for name, value in narrowed.items() if value not in {None, ""}})
    return [_cell(row) for row in rows.order_by("sku_id", "pk")[: size + 1].values_list(*_CELL)]


def _cell(row: tuple[Any, ...]) -> tuple[int, CellOut]:
    pk, sku_id, sku, node, place, kind, lot, plate, condition, owner, qty, allocated = row
    return sku_id, CellOut(
        id=pk, sku=sku, node=node, place=place, kind=kind, lot=lot or "", plate=plate or "", condition=condition,
        consigned=owner is not None, quantity=qty, free=qty - allocated,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lain:
    """Units of a merchant's own as a program names them: of a SKU in a bin (or quarantine), alike in the rest."""

    sku_id: int
    place_id: int
    condition: str = "sellable"
    lot: str = ""
    plate: str = ""


def cells_named(merchant_id: int, *, named: Lain) -> list[int]:
    """Find the cells with units that somebody names; several when they differ in a lot that was not said."""
    rows = StockCell.objects.filter(
        merchant_id=merchant_id, sku=named.sku_id, place=named.place_id, condition=named.condition, owner_id=None,
        kept=True, qty__gt=0,
    )  # fmt: skip
    rows = rows.filter(plate__code=named.plate) if named.plate else rows.filter(plate=None)
    rows = rows.filter(lot__code=named.lot) if named.lot else rows
    return list(rows.order_by("pk").values_list("pk", flat=True))
