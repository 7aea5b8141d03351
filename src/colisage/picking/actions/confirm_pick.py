"""One scan at a bin: judged, and either taken or told what was expected."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from colisage.catalog.queries import Scan, judged, skus_across
from colisage.inventory.actions.take_serial import take_serial
from colisage.inventory.queries.lots import lot_bound
from colisage.kit.actors import Actor
from colisage.kit.errors import Malformed, NotThere, Refused
from colisage.network.queries import bins_of, places_by_id
from colisage.picking.actions.confirm_picks import Taken, confirm_picks
from colisage.picking.models import PickTask
from colisage.picking.queries import task_of
from colisage.ui import words


class TaskIsDone(Refused):
    """The task ended before, here or by another picker's loss."""

    code = "task_is_done"
    text = gettext_lazy("This pick is done already.")


class WrongItem(Malformed):
    """Something else was scanned; `found` names it, `todo` says what to do."""

    code = "wrong_item"
    text = gettext_lazy("Not this item: %(found)s. Expected: %(expected)s.")


class NotAllOfIt(Malformed):
    """Fewer or more units than the task asks for."""

    code = "not_all_of_it"
    text = gettext_lazy("This pick asks for %(wanted)s. When there are fewer, say so with “Some are missing”.")


class WrongLot(Malformed):
    """The label names another lot than the one that was bound."""

    code = "wrong_lot"
    text = gettext_lazy("This is lot %(found)s. Put it back, take lot %(expected)s.")


class WholeCase(Malformed):
    """The code stands for more units than the pick asks for."""

    code = "whole_case"
    text = gettext_lazy("This is a case of %(units)s. The pick asks for %(wanted)s: take single units and scan one.")


class SerialWanted(Malformed):
    """The item was scanned, and not the number of the unit in the hand."""

    code = "serial_wanted"
    text = gettext_lazy("Units of this item have serial numbers. Scan the number of the one you take.")


@transaction.atomic
def confirm_pick(operator_id: int, *, task_id: int, code: str, actor: Actor, qty: int | None = None) -> PickTask:
    """Take the units of a task after its item was scanned; give the task.

    Of units with serial numbers, the one whose number was scanned is taken, be it another of the same bin than the one
    that was bound. Raises `SerialWanted` when only the item was scanned, `WrongItem` when the code stands for something
    else, `WrongLot` when its label names another lot, `WholeCase` for the code of more units, `NotAllOfIt` when `qty`
    differs from the task, `TaskIsDone` when there is nothing to take any more; then nothing changes.
    """
    task = task_of([operator_id], task_id=task_id)
    if task is None:
        raise NotThere
    if task.state != "open":
        raise TaskIsDone
    scan = judged([task.merchant_id], code=code)
    hit = scan.hit_on(task.sku_id)
    lot = lot_bound(task.allocation_id)
    if lot and lot.is_serial:
        _take_serial(task, code=code, scan=scan)
    elif hit is None:
        raise _wrong(task, code=code)
    elif hit.units > task.quantity:
        raise WholeCase(units=hit.units, wanted=task.quantity)
    elif lot and scan.contradicts(lots=[lot.code]):
        raise WrongLot(found=scan.named_lot, expected=lot.code)
    if qty is not None and qty != task.quantity:
        raise NotAllOfIt(wanted=task.quantity)
    if not confirm_picks(operator_id, picks=[Taken(task_id)], actor=actor):
        raise TaskIsDone
    task.refresh_from_db()
    return task


def _take_serial(task: PickTask, *, code: str, scan: Scan) -> None:
    """Take the unit whose number was scanned: by itself, or in a code that names item and number."""
    serial, hit = code, scan.hit_on(task.sku_id)
    if hit:
        serial = hit.serial
        if not serial:
            raise SerialWanted
    elif scan.hits or scan.is_noise:
        raise _wrong(task, code=code)
    take_serial(task.merchant_id, allocation_id=task.allocation_id, serial=serial)


def _wrong(task: PickTask, *, code: str) -> WrongItem:
    """Say what was scanned instead: an item, the label of a bin, or nothing that is known."""
    merchants = set(PickTask.objects.filter(batch=task.batch_id).values_list("merchant_id", flat=True))
    places = places_by_id({task.place_id})
    place = places[task.place_id].code
    expected = skus_across({task.merchant_id}, ids={task.sku_id})[task.sku_id].name
    scan = judged(merchants, code=code)
    others = skus_across(merchants, ids={found.sku_id for found in scan.hits})
    todo = _("Put it back, take the one in %(place)s") % {"place": words.plate(place)}
    if others:
        found = next(iter(others.values())).name
    elif code.upper() == place.upper():
        found, todo = _("the label of this bin"), _("You are at the right place: scan the item")
    elif code.upper() in {one.code.upper() for one in bins_of(task.batch.node_id)}:
        found, todo = (
            _("the label of bin %(bin)s") % {"bin": words.plate(code.upper())},
            _("Go to %(place)s") % {"place": words.plate(place)},
        )
    elif scan.is_noise:
        found, todo = scan.why, _("Scan the item again")
    else:
        found = _("an unknown code")
    return WrongItem(found=found, expected=expected, todo=todo)
