"""Movements with everything an outside system asks of them: what, where from, where to, when, why."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from colisage.inventory.models import StockMovement


@dataclass(frozen=True, slots=True)
class Side:
    """One end of a movement: a place and how units lie there. `kept` is false at a virtual place."""

    place_id: int
    kind: str
    place: str
    kept: bool
    node_id: int | None
    plate_id: int | None
    plate: str | None
    condition: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A movement, as plain values."""

    id: int
    merchant_id: int
    occurred_at: datetime
    recorded_at: datetime
    reason: str
    qty: int
    doc_kind: str
    doc_id: int
    doc_line: int
    seq: int
    sku_id: int
    sku: str
    name: str
    lot_id: int | None
    lot: str | None
    is_serial: bool
    expires_on: date | None
    source: Side
    target: Side


@dataclass(frozen=True, slots=True, kw_only=True)
class MovementsWanted:
    """Which movements are asked for; what is None or empty does not narrow."""

    after: int = 0
    ids: Collection[int] | None = None
    since: datetime | None = None  # happened at or after
    before: datetime | None = None  # happened before
    recorded_since: datetime | None = None
    recorded_before: datetime | None = None
    no_reasons: Collection[str] = field(default=())
    sku_ids: Collection[int] = field(default=())
    lot_ids: Collection[int] = field(default=())
    lots_of_sku: Collection[tuple[int, str, bool]] = field(default=())  # SKU, code of the lot, whether a serial
    plates: Collection[str] = field(default=())
    places: Collection[tuple[int, str]] = field(default=())  # node, code of the place
    documents: Collection[tuple[str, int]] = field(default=())
    narrowed: bool = False  # goods, plates or documents were asked for: without any, nothing is found


_SIDE = ("place_id", "place__kind", "place__code", "kept", "node_id", "plate_id", "plate__code", "condition")
_LOT = ("lot_id", "lot__code", "lot__is_serial", "lot__expires_on")
_FACTS = (
    "pk", "merchant_id", "occurred_at", "recorded_at", "reason", "qty", "doc_kind", "doc_id", "doc_line", "seq",
    "sku_id", "sku__code", "sku__name",
    *(f"from_cell__{name}" for name in (*_SIDE, *_LOT)), *(f"to_cell__{name}" for name in (*_SIDE, *_LOT)),
)  # fmt: skip


def movements_page(merchant_ids: Collection[int], *, wanted: MovementsWanted, size: int) -> list[Moved]:
    """Give movements of merchants by number, from `wanted.after` on, in one statement; one more when there are more."""
    rows = _narrowed(StockMovement.objects.filter(merchant_id__in=merchant_ids, pk__gt=wanted.after), wanted)
    return [_moved(row) for row in rows.order_by("pk")[: size + 1].values_list(*_FACTS)]


def latest_movements(
    merchant_ids: Collection[int], *, wanted: MovementsWanted, before: int | None = None, size: int
) -> list[Moved]:
    """Give movements of merchants, the latest first, before a number, in one statement; one more if there are more."""
    rows = _narrowed(StockMovement.objects.filter(merchant_id__in=merchant_ids), wanted)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return [_moved(row) for row in rows.order_by("-pk")[: size + 1].values_list(*_FACTS)]


def _narrowed(rows: QuerySet[StockMovement], wanted: MovementsWanted) -> QuerySet[StockMovement]:
    limits: dict[str, Any] = {
        "pk__in": wanted.ids,
        "occurred_at__gte": wanted.since,
        "occurred_at__lt": wanted.before,
        "recorded_at__gte": wanted.recorded_since,
        "recorded_at__lt": wanted.recorded_before,
    }
    rows = rows.filter(**{name: value for name, value in limits.items() if value is not None})
    if wanted.no_reasons:
        rows = rows.exclude(reason__in=wanted.no_reasons)
    anything = Q(sku__in=wanted.sku_ids) if wanted.sku_ids else Q()
    if wanted.lot_ids:
        anything |= Q(from_cell__lot__in=wanted.lot_ids) | Q(to_cell__lot__in=wanted.lot_ids)
    for sku, code, serial in wanted.lots_of_sku:
        lot = {"lot__code": code, "lot__is_serial": serial}
        anything |= Q(sku_id=sku) & (_on("from_cell", **lot) | _on("to_cell", **lot))
    if wanted.plates:
        anything |= Q(from_cell__plate__code__in=wanted.plates) | Q(to_cell__plate__code__in=wanted.plates)
    for kind, number in wanted.documents:
        anything |= Q(doc_kind=kind, doc_id=number)
    if wanted.places:
        rows = rows.filter(_at(wanted.places))
    if not anything:
        return rows.none() if wanted.narrowed else rows
    return rows.filter(anything)


def _on(side: str, **facts: Any) -> Q:
    return Q(**{f"{side}__{name}": value for name, value in facts.items()})


def _at(places: Collection[tuple[int, str]]) -> Q:
    found = Q(pk__in=())
    for node, code in places:
        there = {"node_id": node, **({"place__code": code} if code else {})}
        found |= _on("from_cell", **there) | _on("to_cell", **there)
    return found


def _moved(row: tuple[Any, ...]) -> Moved:
    """Read a row; the lot is that of the target, or of the source where units leave the house."""
    ends = [row[13:25], row[25:37]]
    lot = next((end[8:] for end in reversed(ends) if end[8] is not None), (None, None, None, None))
    told = (*row[:13], lot[0], lot[1], bool(lot[2]), lot[3], Side(*ends[0][:8]), Side(*ends[1][:8]))
    return Moved(*told)
