"""What lies in quarantine."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Coalesce

from colisage.inventory.models import Condition, StockCell

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Held:
    """Units of a SKU in quarantine, alike in lot, plate, owner and condition; they lie on no plate when it is None."""

    cell_id: int
    merchant_id: int
    node_id: int
    place_id: int
    sku_id: int
    code: str
    name: str
    lot_id: int | None
    lot: str
    plate_id: int | None
    plate: str
    owner_id: int | None
    condition: str
    qty: int
    since: datetime | None
    cost_cents: int

    @property
    def condition_says(self) -> str:
        """Name the condition."""
        return str(Condition(self.condition).label)


_FIELDS = (
    "pk", "merchant_id", "node_id", "place_id", "sku_id", "sku__code", "sku__name", "lot_id", "lot_code",
    "plate_id", "plate_code", "owner_id", "condition", "qty", "first_in_at", "sku__cost_cents",
)  # fmt: skip


def in_quarantine(
    merchant_ids: Collection[int],
    *,
    cell_ids: Collection[int] | None = None,
    plate_ids: Collection[int] | None = None,
    sku_ids: Collection[int] | None = None,
) -> list[Held]:
    """Give what lies in quarantine in these cells, on these plates, or of these SKUs, the oldest first."""
    rows = _lying(merchant_ids)
    for field, ids in (("pk__in", cell_ids), ("plate__in", plate_ids), ("sku__in", sku_ids)):
        if ids is not None:
            rows = rows.filter(**{field: ids})
    return [Held(*row) for row in rows.values_list(*_FIELDS)]


def quarantine_page(merchant_ids: Collection[int], *, after: str = "", size: int = 100) -> tuple[list[Held], str]:
    """Give one page of what lies in quarantine, the oldest first, and after what the next one begins: empty at the end.

    `after` is what another page gave; anything else begins at the start.
    """
    rows = _lying(merchant_ids)
    since, _dash, last = after.partition("-")
    if (
        since.isascii()
        and since.isdecimal()
        and last.isascii()
        and last.isdecimal()
        and max(len(since), len(last)) < 18
    ):
        moment = _EPOCH + timedelta(microseconds=int(since))
        rows = rows.filter(Q(since__gt=moment) | Q(since=moment, pk__gt=int(last)))
    found = [Held(*row) for row in rows.values_list(*_FIELDS)[: size + 1]]
    if len(found) <= size:
        return found, ""
    end = found[size - 1]
    micros = ((end.since or _EPOCH) - _EPOCH) // timedelta(microseconds=1)
    return found[:size], f"{micros}-{end.cell_id}"


def _lying(merchant_ids: Collection[int]) -> QuerySet[StockCell]:
    rows = StockCell.objects.filter(merchant_id__in=merchant_ids, place__kind="quarantine", qty__gt=0)
    return rows.annotate(
        lot_code=Coalesce("lot__code", Value("")),
        plate_code=Coalesce("plate__code", Value("")),
        since=Coalesce("first_in_at", Value(_EPOCH)),
    ).order_by("since", "pk")
