"""Fulfilment orders, the parts of orders that nodes serve, and how many stand at each stage."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, QuerySet

from colisage.orders.models import FulfillmentLine, FulfillmentOrder, Order
from colisage.orders.rules import ON_FLOOR

STAGES_OPEN = (
    "waiting", "ready", "released", "picking", "picked", "packed", "labelling", "labelled", "handed_over", "problem",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StageCount:
    """How many fulfilment orders stand at a stage, since when the oldest, and the next cut-off among them."""

    stage: str
    count: int
    oldest: datetime
    ship_by: datetime | None


def stage_counts(
    merchant_ids: Collection[int], *, node_id: int | None = None, stages: Collection[str] = STAGES_OPEN
) -> dict[str, StageCount]:
    """Count the open work of merchants at these stages; what a hold stops before the floor is counted under `held`.

    It reads every part at the stages asked for: a page that speaks of what is in hand names its stages.
    """
    quiet = Order.objects.filter(merchant_id__in=merchant_ids, pk=OuterRef("order_id"), quiet=True)
    rows = FulfillmentOrder.objects.filter(  # quiet ones are few or none: all others are not looked up
        ~Exists(quiet), merchant_id__in=merchant_ids, stage__in=stages, order__isnull=False
    )
    if node_id is not None:
        rows = rows.filter(node_id=node_id)
    counted = rows.values("stage", "held").annotate(n=Count("*"), oldest=Min("stage_at"), by=Min("ship_by"))
    found: dict[str, StageCount] = {}
    for row in counted:
        stage = "held" if row["held"] and row["stage"] in {"ready", "waiting"} else row["stage"]
        known = found.get(stage)
        found[stage] = StageCount(
            stage,
            row["n"] + (known.count if known else 0),
            min(filter(None, (row["oldest"], known.oldest if known else None))),
            min(filter(None, (row["by"], known.ship_by if known else None)), default=None),
        )
    return found


def count_stopped(merchant_ids: Collection[int]) -> int:
    """Count the orders of merchants that a hold stops while they are being prepared."""
    rows = FulfillmentOrder.objects.filter(merchant_id__in=merchant_ids, held=True, stage__in=ON_FLOOR)
    return int(rows.aggregate(n=Count("order", distinct=True))["n"])


@dataclass(frozen=True, slots=True)
class Part:
    """A fulfilment order; lines are (line id, order line id: None of an insert, SKU id, units, reservation id)."""

    id: int
    merchant_id: int
    order_id: int | None
    node_id: int
    stage: str
    held: bool
    ship_by: datetime | None
    priority: int
    lines: tuple[tuple[int, int | None, int, int, int | None], ...] = field(default=())
    together: int | None = None  # parts with one number go in one parcel


def parts(ids: Collection[int]) -> dict[int, Part]:
    """Give fulfilment orders by id, with their lines, in two statements."""
    return _parts(FulfillmentOrder.objects.filter(pk__in=ids))


def parts_of(order_ids: Collection[int]) -> dict[int, list[Part]]:
    """Give the fulfilment orders of orders, by order."""
    found: dict[int, list[Part]] = {pk: [] for pk in order_ids}
    for part in _parts(FulfillmentOrder.objects.filter(order__in=order_ids)).values():
        found[part.order_id or 0].append(part)
    return found


def parts_to_pick(node_id: int, *, most: int = 500) -> list[Part]:
    """Give what may be released to the floor of a node: the most urgent first, holds left out."""
    rows = FulfillmentOrder.objects.filter(node_id=node_id, stage="ready", held=False, order__quiet=False)
    chosen = rows.order_by("-priority", F("ship_by").asc(nulls_last=True), "pk")[:most]
    return list(_parts(FulfillmentOrder.objects.filter(pk__in=[row.pk for row in chosen])).values())


def parts_with_lines(order_line_ids: Collection[int]) -> list[Part]:
    """Give the fulfilment orders that serve these order lines."""
    ids = FulfillmentLine.objects.filter(order_line__in=order_line_ids).values_list("fulfillment_order_id", flat=True)
    return list(parts(set(ids)).values())


def _parts(rows: QuerySet[FulfillmentOrder]) -> dict[int, Part]:
    heads: Sequence[Any] = list(
        rows.order_by("-priority", F("ship_by").asc(nulls_last=True), "pk").values_list(
            "pk", "merchant_id", "order_id", "node_id", "stage", "held", "ship_by", "priority", "together"
        )
    )
    lines: dict[int, list[tuple[int, int | None, int, int, int | None]]] = {h[0]: [] for h in heads}
    for row in (
        FulfillmentLine.objects.filter(fulfillment_order__in=lines, quantity__gt=0)
        .order_by("pk")
        .values_list("fulfillment_order_id", "pk", "order_line_id", "sku_id", "quantity", "reservation_id")
    ):
        lines[row[0]].append(row[1:])
    return {h[0]: Part(h[0], h[1], h[2], h[3], h[4], h[5], h[6], h[7], tuple(lines[h[0]]), h[8]) for h in heads}


def orders_without_parts(merchant_ids: Collection[int]) -> int:
    """Count the open orders that no node was chosen for yet."""
    return Order.objects.filter(
        ~Exists(FulfillmentOrder.objects.filter(order=OuterRef("pk"))),
        merchant_id__in=merchant_ids,
        state="open",
        quiet=False,
    ).count()
