"""The floor as the API tells it: what may be released, batches, their picks, what goes back."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from colisage.inventory.queries.lots import lots_bound
from colisage.picking.models import PickBatch
from colisage.picking.queries import batches, task_rows
from colisage.picking.queries.put_back import Lying, homeward


class ReleasableOut(Struct, frozen=True, kw_only=True):
    """Orders of one node and cut-off that may be released: how many, units in all, since when the `oldest` waits."""

    node: str
    ship_by: datetime | None
    orders: int
    units: int
    oldest: datetime


class ReleasablesOut(Struct, frozen=True, kw_only=True):
    """What may be released, the next cut-off of each node first."""

    items: list[ReleasableOut]
    next: None = None


class BatchOut(Struct, frozen=True, kw_only=True):
    """One walk with a cart: `state` is waiting, taken or done; so many picks are left of all."""

    id: int
    wave: int
    node: str
    state: str
    cutoff: datetime | None
    totes: int
    metres: int
    picks: int
    left: int
    taken_at: datetime | None
    done_at: datetime | None


class BatchPageOut(Struct, frozen=True, kw_only=True):
    """A page of batches, the newest first; `next` is the `page` that follows, null on the last."""

    items: list[BatchOut]
    next: int | None


class PickOut(Struct, frozen=True, kw_only=True):
    """So many units to take from one bin into one tote. `state` is open, done, short or cancelled.

    `lot` is the lot to take; where it is a `serial` number, that unit or another of the same bin.
    """

    id: int
    bin: str
    sku: str
    name: str
    quantity: int
    picked: int
    lot: str | None
    serial: bool
    tote: int
    state: str
    fulfillment_order_id: int
    insert: bool


class WholeBatchOut(BatchOut, frozen=True, kw_only=True):
    """A batch with its picks, along the walk."""

    tasks: list[PickOut]


class PutBackOut(Struct, frozen=True, kw_only=True):
    """Units that lie on the bench and will not be sent; `bin` is where they should go, null where none has room."""

    id: int
    node: str
    sku: str
    name: str
    lot: str | None
    serial: bool
    left: int
    tote: str
    order_id: int
    since: datetime
    bin: str | None


class PutBackPageOut(Struct, frozen=True, kw_only=True):
    """A page of what is to be put back, what was cancelled first first; `next` is null on the last."""

    items: list[PutBackOut]
    next: int | None


def batches_page(
    operator_ids: Collection[int], *, state: str = "", before: int | None = None, size: int = 50
) -> list[PickBatch]:
    """Give one page of batches, the newest first, and one more if there is."""
    rows = batches(operator_ids)
    rows = rows.filter(state=state) if state else rows
    rows = rows if before is None else rows.filter(pk__lt=before)
    return list(rows.order_by("-pk")[: size + 1])


def batches_of_wave(operator_ids: Collection[int], *, wave_id: int) -> list[PickBatch]:
    """Give the batches of a wave."""
    return list(batches(operator_ids).filter(wave=wave_id).order_by("pk"))


def batch_told(batch: PickBatch) -> BatchOut:
    """Tell a batch as `batches` gives it."""
    return BatchOut(**_facts(batch))


def whole_batch(batch: PickBatch) -> WholeBatchOut:
    """Tell a batch with its picks."""
    rows = task_rows(batch)
    lots = lots_bound([row["task"].allocation_id for row in rows])
    tasks = []
    for row in rows:
        task, lot = row["task"], lots.get(row["task"].allocation_id)
        tasks.append(
            PickOut(
                id=task.pk,
                bin=row["place"].code,
                sku=row["sku"].code,
                name=row["sku"].name,
                quantity=task.quantity,
                picked=task.picked,
                lot=lot.code if lot else None,
                serial=bool(lot and lot.is_serial),
                tote=task.tote,
                state=task.state,
                fulfillment_order_id=task.fulfillment_order_id,
                insert=row["insert"],
            )
        )
    return WholeBatchOut(**_facts(batch), tasks=tasks)


def _facts(batch: PickBatch) -> dict[str, Any]:
    plain = ("state", "cutoff", "totes", "left", "taken_at", "done_at")
    return {
        **{name: getattr(batch, name) for name in plain},
        "id": batch.pk,
        "wave": batch.wave_id,
        "node": batch.node.code,
        "metres": batch.walk_metres,
        "picks": batch.total,  # type: ignore[attr-defined]
    }


def put_backs_told(lying: Sequence[Lying], *, nodes: dict[int, str]) -> list[PutBackOut]:
    """Tell what is to be put back; `nodes` are the codes of nodes."""
    return [
        PutBackOut(
            id=one.lying.id,
            node=nodes[one.lying.node_id],
            sku=one.sku.code,
            name=one.sku.name,
            lot=one.lying.lot,
            serial=one.lying.is_serial,
            left=one.lying.left,
            tote=f"B{one.lying.batch_id}-{one.lying.tote}",
            order_id=one.lying.order_id,
            since=one.lying.since,
            bin=one.bin or None,
        )
        for one in homeward(lying)
    ]
