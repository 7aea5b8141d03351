"""Fewer units than the books say: told by the picker, believed at once, and repaired in the same transaction."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from colisage.inventory.actions.pick_units import Pick, pick_units
from colisage.inventory.actions.post_movements import Move, Spot, post_movements
from colisage.inventory.actions.reserve import lock_free
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed
from colisage.kit.statements import statement
from colisage.network.queries import place_of, places_by_id, virtual_place
from colisage.orders.actions.claim_parts import claim_parts
from colisage.orders.queries import parts
from colisage.picking.actions.drop_lost_tasks import drop_lost_tasks
from colisage.picking.actions.mend_orders import mend_orders
from colisage.picking.actions.settle_orders import settle_orders
from colisage.picking.models import PickBatch, PickTask
from colisage.picking.queries import progress_of

REASONS = ("empty", "damaged", "other")


class TooManyFound(Malformed):
    """A short pick finds fewer units than the task asks for."""

    code = "too_many_found"
    text = _("Say how many you found: from 0 to %(most)s.")


@dataclass(frozen=True, slots=True)
class Short:
    """Units found for a task where more were expected: `empty` bin, `damaged` units, or `other` goods there."""

    task_id: int
    found: int
    reason: str = "empty"


@dataclass(frozen=True, slots=True)
class Mended:
    """What became of short picks: units missing, and the tasks that fetch them elsewhere. The rest is owed."""

    missing: int
    new_tasks: list[int]


@transaction.atomic
def short_picks(operator_id: int, *, shorts: Sequence[Short], actor: Actor) -> Mended:
    """Take what was found, write off what was not, and fetch it from another bin or owe it.

    `damaged` units go to the quarantine place; an `empty` bin, or one with `other` goods, is believed to hold nothing
    more of the SKU: all its unbound units go to loss with the reason `short_pick`, so that nobody is sent there again.
    Promises that this makes impossible are demoted, the last come first. A task done before is left as it is.
    """
    found = {short.task_id: short for short in shorts}
    tasks = list(PickTask.objects.filter(operator_id=operator_id, pk__in=found, state="open").select_related("batch"))
    for task in tasks:
        if not 0 <= found[task.pk].found < task.quantity or found[task.pk].reason not in REASONS:
            raise TooManyFound(most=task.quantity - 1)
    orders = {t.fulfillment_order_id for t in tasks}
    claim_parts(orders)
    needed = {line.sku_id for line in progress_of(sorted(orders))}  # also by what mending them may bind, all at once
    lock_free({task.sku_id for task in tasks} | needed)
    cells = _cells(tasks)
    tasks = [task for task in tasks if task.pk in cells]
    _take(tasks, found=found, actor=actor)
    missing = _write_off(tasks, found=found, cells=cells, actor=actor)
    list(PickBatch.objects.select_for_update(no_key=True).filter(pk__in={t.batch_id for t in tasks}).order_by("pk"))
    now = timezone.now()
    for task in tasks:
        task.picked, task.state, task.done_at, task.done_by = (
            found[task.pk].found,
            "short",
            now,
            str(actor)[:150],
        )
    PickTask.objects.bulk_update(tasks, ["picked", "state", "done_at", "done_by"], batch_size=500)
    _record(tasks, found=found, actor=actor)
    orders = {t.fulfillment_order_id for t in tasks}
    drop_lost_tasks(orders)
    made = mend_orders(orders, actor=actor)
    # A loss may free units of another order in the bin that was just said to be empty: they are not there either.
    emptied = {t.place_id for t in tasks if found[t.pk].reason != "damaged"}
    again = list(PickTask.objects.filter(pk__in=made, place__in=emptied).values_list("pk", flat=True))
    if again:
        rest = short_picks(operator_id, shorts=[Short(pk, 0) for pk in again], actor=actor)
        return Mended(missing + rest.missing, sorted({*made, *rest.new_tasks} - set(again)))
    settle_orders(orders, actor=actor)
    return Mended(missing, made)


@dataclass(frozen=True, slots=True)
class _Cell:
    """The cell a task takes from, and its units bound to nobody."""

    id: int
    merchant_id: int
    sku_id: int
    spot: Spot
    free: int


def _cells(tasks: Sequence[PickTask]) -> dict[int, _Cell]:
    with connection.cursor() as db:
        db.execute(statement("picking", "task_cells"), [[task.pk for task in tasks]])
        return {
            task: _Cell(
                cell,
                merchant,
                sku,
                Spot(place_id=p, lot_id=lot, plate_id=plate, owner_id=o, condition=c),
                free,
            )
            for task, cell, merchant, sku, p, lot, plate, o, c, free in db.fetchall()
        }


def _take(tasks: Sequence[PickTask], *, found: dict[int, Short], actor: Actor) -> None:
    """Take what was found to the bench; what was bound beyond it becomes free."""
    benches = {node: place_of(node, kind="bench").pk for node in {t.batch.node_id for t in tasks}}
    pick_units(
        [
            Pick(
                allocation_id=task.allocation_id,
                qty=found[task.pk].found,
                place_id=benches[task.batch.node_id],
                doc_kind="pick_task",
                doc_id=task.pk,
            )
            for task in tasks
        ],
        actor=actor,
    )


def _write_off(tasks: Sequence[PickTask], *, found: dict[int, Short], cells: dict[int, _Cell], actor: Actor) -> int:
    """Post what is not there, cell by cell; give the units of these tasks that are missing."""
    emptied: set[int] = set()
    moves = []
    for task in tasks:
        cell, short = cells[task.pk], found[task.pk]
        damaged = short.reason == "damaged"
        missing = task.quantity - short.found
        if not damaged and cell.id not in emptied:
            missing += cell.free
            emptied.add(cell.id)
        place = place_of(task.batch.node_id, kind="quarantine").pk if damaged else virtual_place("loss")
        target = Spot(
            place_id=place,
            lot_id=cell.spot.lot_id,
            owner_id=cell.spot.owner_id,
            condition="damaged" if damaged else cell.spot.condition,
        )
        moves.append(
            Move(
                merchant_id=cell.merchant_id,
                sku_id=cell.sku_id,
                qty=missing,
                source=cell.spot,
                target=target,
                reason="damaged_at_pick" if damaged else "short_pick",
                doc_kind="short_pick",
                doc_id=task.pk,
            )
        )
    post_movements(moves, actor=actor)
    return sum(task.quantity - found[task.pk].found for task in tasks)


def _record(tasks: Sequence[PickTask], *, found: dict[int, Short], actor: Actor) -> None:
    orders = parts({t.fulfillment_order_id for t in tasks})
    places = places_by_id({t.place_id for t in tasks})
    record_deeds(
        (
            Deed(
                "order",
                order,
                "short_pick",
                {
                    "task": t.pk,
                    "found": found[t.pk].found,
                    "wanted": t.quantity,
                    "place": places[t.place_id].code,
                    "reason": found[t.pk].reason,
                },
                merchant_id=t.merchant_id,
                operator_id=t.operator_id,
            )
            for t in tasks
            if (order := orders[t.fulfillment_order_id].order_id) is not None
        ),
        actor=actor,
    )
