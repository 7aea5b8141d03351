"""What was made in the house."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db.models import QuerySet
from msgspec import Struct

from colisage.inbound.models import Production


class UsedOut(Struct, frozen=True, kw_only=True):
    """Units of a SKU that were used for all units of a batch."""

    sku: str
    quantity: int


class ProductionOut(Struct, frozen=True, kw_only=True):
    """A batch of one SKU made in the house: units, their lot or serial numbers, and what was used for them.

    `batch` is the number of the batch sheet, `receipt` the one with which the first units came to the dock.
    """

    id: int
    node: str
    sku: str
    name: str
    quantity: int
    lot: str
    serials: list[str]
    batch: str
    components: list[UsedOut]
    receipt: int | None
    at: datetime


class ProductionPageOut(Struct, frozen=True, kw_only=True):
    """A page of batches, the latest first; `next` is the `page` that follows, null on the last."""

    items: list[ProductionOut]
    next: int | None


def productions_page(merchant_ids: Collection[int], *, after: int | None = None, size: int = 50) -> list[Production]:
    """Give one page of batches, the latest first, and one more when there are more; one statement."""
    rows = _whole(merchant_ids)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    return list(rows.order_by("-pk")[: size + 1])


def production_of(merchant_ids: Collection[int], *, production_id: int) -> Production | None:
    """Find a batch of these merchants."""
    return _whole(merchant_ids).filter(pk=production_id).first()


def _whole(merchant_ids: Collection[int]) -> QuerySet[Production]:
    return Production.objects.filter(merchant_id__in=merchant_ids).select_related("sku", "node", "lot")


def productions_told(rows: Sequence[Production]) -> list[ProductionOut]:
    """Tell batches, which come with SKU, node and lot; no statement."""
    return [
        ProductionOut(
            id=one.pk, node=one.node.code, sku=one.sku.code, name=one.sku.name, quantity=one.qty,
            lot=one.lot.code if one.lot else "", serials=one.serials, batch=one.batch,
            components=[UsedOut(sku=sku, quantity=units) for sku, units in one.parts], receipt=one.receipt_id,
            at=one.at,
        )
        for one in rows
    ]  # fmt: skip
