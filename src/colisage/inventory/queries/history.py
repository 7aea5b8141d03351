"""Why there are so many of a SKU, and since when: its movements with what was on hand after each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import connection

from colisage.inventory.models import StockCell
from colisage.kit.statements import statement


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What a history is narrowed to; the balance stays that of all movements (of the node, when one is chosen)."""

    reason: str = ""
    place: str = ""
    lot: str = ""
    node_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One movement of a SKU. `qty` is what it brought to the house (or node): a move within it brings 0."""

    id: int
    at: datetime
    occurred_at: datetime
    reason: str
    moved: int
    qty: int
    source: str
    source_kind: str
    source_node: int | None
    target: str
    target_kind: str
    target_node: int | None
    lot: str
    condition_before: str
    condition: str
    actor_kind: str
    actor_id: int | None
    doc_kind: str
    doc_id: int
    after: int = 0


_WHOLE: Final = Narrowed()


def history_page(
    merchant_id: int, *, sku_id: int, narrowed: Narrowed = _WHOLE, before: int | None = None, size: int = 50
) -> list[Change]:
    """Give a page of movements, the latest first, and one more when there are more; two statements."""
    chosen = {"sku": sku_id, "merchant": merchant_id, "node": narrowed.node_id}
    with connection.cursor() as db:
        db.execute(
            statement("inventory", "history_page"),
            {
                **chosen, "before": before, "size": size + 1, "reason": narrowed.reason, "place": narrowed.place,
                "lot": narrowed.lot, "since": narrowed.since, "until": narrowed.until,
            },
        )  # fmt: skip
        found = db.fetchall()
        db.execute(statement("inventory", "history_balance"), {**chosen, "ids": [row[0] for row in found]})
        after = dict(db.fetchall())
    return [Change(*(*row, after[row[0]])) for row in found]


def days_of(merchant_id: int, *, sku_id: int, since: datetime, zone: str) -> tuple[int, Sequence[tuple[date, int]]]:
    """Give what was on hand at a moment, and at the end of each day since on which that changed."""
    with connection.cursor() as db:
        db.execute(
            statement("inventory", "history_days"),
            {"sku": sku_id, "merchant": merchant_id, "since": since, "zone": zone},
        )
        (_none, before), *days = db.fetchall()
    return before, days


@dataclass(frozen=True, slots=True)
class Shelf:
    """Units of a SKU that are alike and lie together."""

    cell_id: int
    node_id: int
    node: str
    place_id: int
    place: str
    kind: str
    lot: str
    is_serial: bool
    expires_on: date | None
    plate: str
    owner_id: int | None
    condition: str
    condition_word: str
    qty: int
    allocated: int
    since: datetime | None


def lying(merchant_id: int, *, sku_id: int, most: int = 200) -> list[Shelf]:
    """Give where the units of a SKU lie, node by node along the walk."""
    cells = StockCell.objects.filter(merchant_id=merchant_id, sku_id=sku_id, qty__gt=0)
    rows = cells.select_related("node", "place", "lot", "plate").order_by("node__name", "place__walk", "pk")[:most]
    return [
        Shelf(
            c.pk, c.node_id or 0, c.node.name if c.node else "", c.place_id, c.place.code, c.place.kind,
            c.lot.code if c.lot else "", bool(c.lot and c.lot.is_serial), c.lot.expires_on if c.lot else None,
            c.plate.code if c.plate else "", c.owner_id, c.condition, c.get_condition_display(), c.qty, c.allocated,
            c.first_in_at,
        )
        for c in rows
    ]  # fmt: skip
