"""After tasks ended: orders that are complete go on, those that lack units go back, batches end."""

from collections import defaultdict
from collections.abc import Collection

from django.db import transaction

from colisage.inventory.queries import promises_of
from colisage.kit.actors import Actor
from colisage.orders.actions.advance_stage import advance_stage
from colisage.orders.actions.leave_out_inserts import leave_out_inserts
from colisage.orders.queries import parts
from colisage.picking.actions.end_batches import end_batches
from colisage.picking.queries import Progress, progress_of
from colisage.picking.rules import stage_after

ON_FLOOR = frozenset({"released", "picking"})


@transaction.atomic
def settle_orders(fulfillment_order_ids: Collection[int], *, actor: Actor) -> dict[str, list[int]]:
    """Advance the orders whose tasks have all ended, by the stage they go to; end the batches without open tasks.

    An insert that is lacking is left out: no order waits for one. The caller holds the lock of the batches. Harmless
    when repeated.
    """
    lines: dict[int, list[Progress]] = defaultdict(list)
    lost: list[int] = []
    for line in progress_of(sorted(fulfillment_order_ids)):
        if line.order_line_id is None and line.lacking > 0:
            lost.append(line.line_id)
        else:
            lines[line.fulfillment_order_id].append(line)
    if lost:
        leave_out_inserts(lost, why="lost", actor=actor)
    lacking = {line.line_id: line for each in lines.values() for line in each if line.lacking > 0}
    owed = _owed(lacking) if lacking else frozenset()
    gone: dict[str, list[int]] = defaultdict(list)
    for pk, each in lines.items():
        after = stage_after(
            lacking=sum(line.lacking for line in each),
            open_tasks=sum(line.coming for line in each),
            owed=any(line.line_id in owed for line in each),
        )
        if after:
            gone[after].append(pk)
    for after, ids in sorted(gone.items()):
        gone[after] = advance_stage(ids, before=ON_FLOOR, after=after, actor=actor)
    end_batches(lines)
    return gone


def _owed(lacking: dict[int, Progress]) -> frozenset[int]:
    """Give the lines among these for which stock is missing."""
    of_merchant: dict[int, set[int]] = defaultdict(set)
    orders = parts({line.fulfillment_order_id for line in lacking.values()})
    for line in lacking.values():
        if line.order_line_id is not None:
            of_merchant[orders[line.fulfillment_order_id].merchant_id].add(line.order_line_id)
    waiting = {
        promise.owner_id
        for merchant, owners in of_merchant.items()
        for promise in promises_of(merchant, owner_kind="order_line", owner_ids=owners)
        if promise.state == "waiting"
    }
    return frozenset(pk for pk, line in lacking.items() if line.order_line_id in waiting)
