"""Orders on the floor whose units went missing: covered from other bins, or owed."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from django.db import transaction
from django.db.models import Max

from colisage.inventory.actions.allocate import Bound
from colisage.kit.actors import Actor
from colisage.network.queries import bins_of, place_of, places_by_id
from colisage.orders.queries import parts
from colisage.picking.actions.cover_needs import cover_needs
from colisage.picking.actions.plan_walk import plan_walk
from colisage.picking.models import PickBatch, PickTask
from colisage.picking.queries import progress_of


@transaction.atomic
def mend_orders(fulfillment_order_ids: Collection[int], *, actor: Actor) -> list[int]:
    """Cover what orders on the floor lack from other bins; the new tasks join the batch and its walk.

    What no bin holds stays owed: the caller settles the orders afterwards. Gives the ids of the new tasks.
    """
    homes = _batches(fulfillment_order_ids)
    orders = {pk: part for pk, part in parts(homes).items() if part.stage in {"released", "picking"}}
    needs = [
        line.need(orders[line.fulfillment_order_id].node_id) for line in progress_of(sorted(orders)) if line.lacking > 0
    ]
    order_of_line = {line[0]: pk for pk, part in orders.items() for line in part.lines}
    covered = cover_needs(needs, merchants={line: orders[pk].merchant_id for line, pk in order_of_line.items()})
    if not covered.bound:
        return []
    batches = {
        b.pk: b
        for b in PickBatch.objects.select_for_update(no_key=True)
        .filter(pk__in={pk for pk, _ in homes.values()})
        .order_by("pk")
    }
    made = PickTask.objects.bulk_create(
        _task(
            batches[homes[order_of_line[line]][0]],
            order_of_line[line],
            line,
            each,
            tote=homes[order_of_line[line]][1],
        )
        for line, found in covered.bound.items()
        for each in found
    )
    _walk_again({task.batch_id for task in made}, batches=batches)
    return [task.pk for task in made]


def _batches(fulfillment_order_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """Give the last batch of each order, and its tote there."""
    rows = (
        PickTask.objects.filter(fulfillment_order__in=fulfillment_order_ids)
        .order_by("fulfillment_order_id", "batch_id", "-tote")
        .values_list("fulfillment_order_id", "batch_id", "tote")
    )
    return {order: (batch, tote) for order, batch, tote in rows}


def _task(batch: PickBatch, order: int, line: int, bound: Bound, *, tote: int) -> PickTask:
    return PickTask(
        operator_id=batch.operator_id,
        merchant_id=bound.merchant_id,
        batch=batch,
        fulfillment_order_id=order,
        fulfillment_line_id=line,
        sku_id=bound.sku_id,
        place_id=bound.place_id,
        allocation_id=bound.allocation_id,
        quantity=bound.qty,
        tote=tote,
        position=0,
    )


def _walk_again(batch_ids: Collection[int], *, batches: Mapping[int, PickBatch]) -> None:
    """Plan the walk of what is still open in batches anew, and open a batch again that had ended."""
    tasks: dict[int, list[PickTask]] = defaultdict(list)
    for task in PickTask.objects.filter(batch__in=batch_ids, state="open").order_by("sku_id", "tote"):
        tasks[task.batch_id].append(task)
    ended = PickTask.objects.filter(batch__in=batch_ids).exclude(state="open")
    last = dict(ended.values("batch_id").annotate(last=Max("position")).values_list("batch_id", "last"))
    for pk, open_tasks in tasks.items():
        _plan(batches[pk], open_tasks, after=last.get(pk, 0))
    PickTask.objects.bulk_update([task for each in tasks.values() for task in each], ["position"], batch_size=500)
    PickBatch.objects.bulk_update(
        [batches[pk] for pk in tasks], ["walk", "walk_millimetres", "state", "done_at"], batch_size=500
    )


def _plan(batch: PickBatch, tasks: Sequence[PickTask], *, after: int) -> None:
    bins = {one.id: one for one in bins_of(batch.node_id)}
    bins |= places_by_id({task.place_id for task in tasks} - bins.keys())
    bench = place_of(batch.node_id, kind="bench").pk
    walk = plan_walk((task.place_id for task in tasks), bins=bins, depot=places_by_id([bench])[bench])
    turn = {place: n for n, place in enumerate(walk.places)}
    for position, task in enumerate(sorted(tasks, key=lambda t: turn[t.place_id]), after + 1):
        task.position = position
    batch.walk, batch.walk_millimetres = walk.way, walk.millimetres
    if batch.state == "done":
        batch.state, batch.done_at = "taken", None
