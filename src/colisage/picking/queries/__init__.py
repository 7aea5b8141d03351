"""What waits for the floor, how far batches are, and what a picker does next."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from colisage.catalog.queries import SkuFacts, barcodes_of, skus_across
from colisage.inventory.queries.lots import LotFacts, lot_bound
from colisage.kit.statements import statement
from colisage.network.queries import Bin, bins_of, places_by_id
from colisage.orders.queries.inserts import insert_lines
from colisage.picking.models import PickBatch, PickTask
from colisage.picking.rules import Need

VERBS = {
    "short_pick": _("%(actor)s found %(found)s of %(wanted)s in %(place)s; the rest is fetched elsewhere or owed."),
    "units_put_back": _("%(actor)s put units back into %(place)s: %(units)s."),
    "put_back_missing": _("%(actor)s could not put back units: %(units)s. They are written off."),
}


@dataclass(frozen=True, slots=True)
class Progress:
    """A fulfilment line on the floor: units wanted, taken, and still to be taken by open tasks."""

    fulfillment_order_id: int
    line_id: int
    order_line_id: int | None
    sku_id: int
    reservation_id: int | None
    wanted: int
    taken: int
    coming: int

    @property
    def lacking(self) -> int:
        """Give the units that nobody has taken or is on the way to."""
        return self.wanted - self.taken - self.coming

    def need(self, node_id: int) -> Need:
        """Give what lacks, for the rule that shares out promises."""
        return Need(self.line_id, self.order_line_id, self.sku_id, node_id, self.lacking, self.reservation_id)


def progress_of(fulfillment_order_ids: Sequence[int]) -> list[Progress]:
    """Give the lines of fulfilment orders with what the floor has done for them, in one statement."""
    with connection.cursor() as db:
        db.execute(statement("picking", "progress"), [list(fulfillment_order_ids)])
        return [Progress(*row) for row in db.fetchall()]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Orders of one node and cut-off that may be released."""

    node_id: int
    ship_by: datetime | None
    orders: int
    units: int
    oldest: datetime


def waiting_work(node_ids: Collection[int], *, merchant_ids: Collection[int]) -> list[Waiting]:
    """Give what may be released at nodes, by cut-off, the next one first."""
    with connection.cursor() as db:
        db.execute(statement("picking", "waiting_work"), {"nodes": list(node_ids), "merchants": list(merchant_ids)})
        return [Waiting(*row) for row in db.fetchall()]


def to_release(
    node_id: int,
    *,
    merchant_ids: Collection[int],
    ship_by: datetime | None,
    most: int = 500,
) -> list[int]:
    """Give the most urgent orders of a node and cut-off that may be released."""
    values: dict[str, Any] = {
        "node": node_id,
        "merchants": list(merchant_ids),
        "ship_by": ship_by,
        "most": most,
    }
    with connection.cursor() as db:
        db.execute(statement("picking", "to_release"), values)
        return [row[0] for row in db.fetchall()]


def _count(**where: object) -> Coalesce:
    tasks = PickTask.objects.filter(batch=OuterRef("pk"), **where).order_by().values("batch").annotate(n=Count("pk"))
    return Coalesce(Subquery(tasks.values("n"), output_field=IntegerField()), 0)


def batches(operator_ids: Collection[int]) -> QuerySet[PickBatch]:
    """Give batches with their node, and how many tasks are `left`, `ended` and in `total`."""
    return (
        PickBatch.objects.filter(operator_id__in=operator_ids)
        .select_related("node")
        .annotate(left=_count(state="open"), total=_count())
        .annotate(ended=F("total") - F("left"))
    )


def open_batches(operator_ids: Collection[int], *, most: int = 100) -> list[PickBatch]:
    """Give the batches to take and those being walked, the next cut-off first."""
    return list(batches(operator_ids).exclude(state="done").order_by("cutoff", "pk")[:most])


def done_batches(operator_ids: Collection[int], *, before: int | None = None, most: int = 20) -> list[PickBatch]:
    """Give the batches that ended, the latest first."""
    rows = batches(operator_ids).filter(state="done")
    return list((rows if before is None else rows.filter(pk__lt=before)).order_by("-pk")[:most])


def batch_of(operator_ids: Collection[int], *, batch_id: int) -> PickBatch | None:
    """Find a batch of these operators."""
    return batches(operator_ids).filter(pk=batch_id).first()


def task_of(operator_ids: Collection[int], *, task_id: int) -> PickTask | None:
    """Find a task of these operators."""
    return PickTask.objects.filter(operator_id__in=operator_ids, pk=task_id).select_related("batch").first()


def totes_of(fulfillment_order_ids: Collection[int]) -> dict[int, list[tuple[int, int]]]:
    """Give where the units of fulfilment orders lie on the bench: (batch, tote) pairs."""
    found: dict[int, list[tuple[int, int]]] = {pk: [] for pk in fulfillment_order_ids}
    rows = PickTask.objects.filter(fulfillment_order__in=fulfillment_order_ids, picked__gt=0)
    for order, batch, tote in (
        rows.order_by("batch_id", "tote").values_list("fulfillment_order_id", "batch_id", "tote").distinct()
    ):
        found[order].append((batch, tote))
    return found


def orders_in_tote(operator_ids: Collection[int], *, batch_id: int, tote: int | None) -> list[int]:
    """Give the fulfilment orders in a tote of a batch, or in all of its totes."""
    rows = PickTask.objects.filter(operator_id__in=operator_ids, batch=batch_id, picked__gt=0)
    if tote is not None:
        rows = rows.filter(tote=tote)
    return sorted(set(rows.values_list("fulfillment_order_id", flat=True)))


@dataclass(frozen=True, slots=True)
class Step:
    """One task as the picker sees it, and what comes after it."""

    task: PickTask
    sku: SkuFacts
    barcode: str
    place: Bin
    levels: int
    here: int  # units the books see in this bin
    done: int
    total: int
    following: Bin | None
    metres: int  # to the following bin
    lot: LotFacts | None  # the lot or serial number to take
    insert: bool  # nobody ordered it: a rule puts it in


def tasks_of(batch: PickBatch) -> list[PickTask]:
    """Give the tasks of a batch along its walk."""
    return list(PickTask.objects.filter(operator_id=batch.operator_id, batch=batch).order_by("position", "pk"))


def step_of(batch: PickBatch, *, task_id: int | None = None) -> Step | None:
    """Give the task to do now, or a given one; None when the batch is done."""
    tasks = tasks_of(batch)
    left = [t for t in tasks if t.state == "open"]
    task = next((t for t in left if task_id in {None, t.pk}), None)
    if task is None:
        return None
    after = next((t for t in left if t.position > task.position and t.place_id != task.place_id), None)
    places = places_by_id({task.place_id, *([after.place_id] if after else [])})
    here = places[task.place_id]
    return Step(
        task=task,
        sku=skus_across({task.merchant_id}, ids={task.sku_id})[task.sku_id],
        barcode=barcodes_of({task.sku_id}).get(task.sku_id, ""),
        place=here,
        levels=max(4, here.level),
        here={place: qty for place, qty, _free in stock_of_sku(task)}.get(task.place_id, 0),
        done=len(tasks) - len(left),
        total=len(tasks),
        following=places[after.place_id] if after else None,
        metres=_metres(batch.walk, task.place_id, after.place_id) if after else 0,
        lot=lot_bound(task.allocation_id),
        insert=bool(insert_lines([task.fulfillment_line_id])),
    )


def stock_of_sku(task: PickTask) -> list[tuple[int, int, int]]:
    """Give where else a task's SKU lies at the node: (place, units, units bound to nobody), the fullest first."""
    with connection.cursor() as db:
        db.execute(statement("picking", "stock_here"), [task.merchant_id, task.sku_id, task.batch.node_id])
        return list(db.fetchall())


def _metres(walk: Sequence[Sequence[int]], one: int, other: int) -> int:
    """Measure the walk between two of its stops, in metres."""
    at = {point[2]: n for n, point in enumerate(walk) if point[2]}
    if one not in at or other not in at:
        return 0
    low, high = sorted((at[one], at[other]))
    legs = zip(walk[low:high], walk[low + 1 : high + 1], strict=True)
    return round(sum(abs(a[0] - b[0]) + abs(a[1] - b[1]) for a, b in legs) / 1000)


def task_rows(batch: PickBatch) -> list[dict[str, Any]]:
    """Give the tasks of a batch with SKU and bin, for a list."""
    tasks = tasks_of(batch)
    skus = skus_across({t.merchant_id for t in tasks}, ids={t.sku_id for t in tasks})
    places = places_by_id({t.place_id for t in tasks})
    inserts = insert_lines({t.fulfillment_line_id for t in tasks})
    return [
        {"task": t, "sku": skus[t.sku_id], "place": places[t.place_id], "insert": t.fulfillment_line_id in inserts}
        for t in tasks
    ]


def bins_on_plan(batch: PickBatch) -> Mapping[int, Bin]:
    """Give the bins of a batch's node, for its plan."""
    return {one.id: one for one in bins_of(batch.node_id)}


def orders_of_tasks(merchant_ids: Collection[int], *, task_ids: Collection[int]) -> dict[int, int]:
    """Give the order each pick was for."""
    rows = PickTask.objects.filter(
        merchant_id__in=merchant_ids, pk__in=task_ids, fulfillment_order__order__isnull=False
    )
    return dict(rows.values_list("pk", "fulfillment_order__order_id"))
