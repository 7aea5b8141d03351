"""Units taken from their bins: the floor's most frequent action, for one scan or for a whole wave."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from colisage.inventory.actions.pick_units import Pick, pick_units
from colisage.inventory.actions.reserve import lock_free
from colisage.kit.actors import Actor
from colisage.kit.statements import statement
from colisage.network.queries import place_of
from colisage.orders.actions.claim_parts import claim_parts
from colisage.picking.actions.drop_lost_tasks import drop_lost_tasks
from colisage.picking.actions.mend_orders import mend_orders
from colisage.picking.actions.settle_orders import settle_orders
from colisage.picking.models import PickBatch, PickTask
from colisage.picking.queries import progress_of


@dataclass(frozen=True, slots=True)
class Taken:
    """All the units of one task, taken from their bin."""

    task_id: int


@transaction.atomic
def confirm_picks(operator_id: int, *, picks: Sequence[Taken], actor: Actor) -> int:
    """Take the units of tasks to the packing bench; give how many tasks ended by it.

    A task done before is left as it is. One whose units were lost meanwhile (a count, another picker's loss)
    is covered from another bin where there is one. Orders with all units taken become `picked`. The number of
    statements does not depend on the number of tasks.
    """
    tasks = list(
        PickTask.objects.filter(
            operator_id=operator_id, pk__in=[p.task_id for p in picks], state="open"
        ).select_related("batch", "allocation")
    )
    if not tasks:
        return 0
    orders = {t.fulfillment_order_id for t in tasks}
    claim_parts(orders)
    # All SKUs of the orders, not only those to take: units may be lost while we wait for these very rows, and mending
    # an order then binds whatever it lacks. Availability is locked once, in key order, or two pickers can deadlock.
    lock_free({line.sku_id for line in progress_of(sorted(orders))})
    benches = {node: place_of(node, kind="bench").pk for node in {task.batch.node_id for task in tasks}}
    pick_units(
        [
            Pick(
                allocation_id=task.allocation_id,
                qty=task.quantity,
                place_id=benches[task.batch.node_id],
                doc_kind="pick_task",
                doc_id=task.pk,
            )
            for task in tasks
        ],
        actor=actor,
    )
    list(PickBatch.objects.select_for_update(no_key=True).filter(pk__in={t.batch_id for t in tasks}).order_by("pk"))
    with connection.cursor() as db:
        db.execute(statement("picking", "close_tasks"), {"ids": [t.pk for t in tasks], "by": str(actor)[:150]})
        ended = int(db.rowcount)
    if ended < len(tasks) and (lost := drop_lost_tasks(orders)):
        mend_orders(lost, actor=actor)
    settle_orders(orders, actor=actor)
    return ended
