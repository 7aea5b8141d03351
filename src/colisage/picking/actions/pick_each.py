"""Picks as a program says they were done, each judged by itself, where the floor is the merchant's own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.inventory.actions.reserve import lock_free
from colisage.inventory.queries.lots import lots_bound
from colisage.kit.actors import Actor
from colisage.kit.each import each
from colisage.kit.errors import NotThere, Refused
from colisage.orders.actions.claim_parts import claim_parts
from colisage.people.queries import NotYourFloor, own_operators
from colisage.picking.actions.confirm_pick import SerialWanted, confirm_pick
from colisage.picking.actions.confirm_picks import Taken, confirm_picks
from colisage.picking.actions.short_picks import Short, TooManyFound, short_picks
from colisage.picking.models import PickTask
from colisage.picking.queries import progress_of


class UnitsLost(Refused):
    """The units were lost, or given back, before they were taken."""

    code = "units_lost"
    text = _("These units are not in that bin any more: look at the batch again, they may be fetched elsewhere.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A pick that was done: all of it, or so many units `found` and why not all; `code` is what was scanned.

    Of units with serial numbers the code is needed: the one that was scanned is taken.
    """

    task_id: int
    found: int | None = None
    reason: str = "empty"
    code: str = ""


@transaction.atomic
def pick_each(merchant_id: int, done: Sequence[Done], *, actor: Actor) -> dict[int, Refused | str]:
    """Take the units of a merchant's picks; say of each: picked, short, unchanged (done before), or why it was refused.

    See `confirm_pick`, `confirm_picks` and `short_picks` for what is promised and refused. Of one named twice the last
    counts. Those without a code take as many statements as one.
    """
    said = {one.task_id: one for one in done}
    own = set(own_operators(merchant_id))
    tasks = {task.pk: task for task in PickTask.objects.filter(merchant_id=merchant_id, pk__in=said)}
    open_ones = {pk: task for pk, task in tasks.items() if task.state == "open" and task.operator_id in own}
    became = _known(said, tasks, own=own)
    orders = {task.fulfillment_order_id for task in open_ones.values()}
    claim_parts(orders)
    lock_free({line.sku_id for line in progress_of(sorted(orders))})
    shorts = {pk: said[pk] for pk, task in open_ones.items() if said[pk].found not in {None, task.quantity}}
    became |= _find_fewer(open_ones, shorts.values(), actor=actor)
    full = {pk: task for pk, task in open_ones.items() if pk not in shorts}
    return became | _take(full, said, actor=actor)


def _known(said: Mapping[int, Done], tasks: Mapping[int, PickTask], *, own: set[int]) -> dict[int, Refused | str]:
    found: dict[int, Refused | str] = {}
    for pk in said:
        task = tasks.get(pk)
        found[pk] = NotThere() if task is None else "unchanged" if task.operator_id in own else NotYourFloor()
        if task is not None and task.state == "cancelled":
            found[pk] = UnitsLost()
    return found


def _find_fewer(tasks: Mapping[int, PickTask], shorts: Iterable[Done], *, actor: Actor) -> dict[int, Refused | str]:
    """Believe what was found, operator by operator; one that says more than was to take is refused."""
    found: dict[int, Refused | str] = {}
    for operator in sorted({task.operator_id for task in tasks.values()}):
        theirs = [
            Short(one.task_id, one.found or 0, one.reason)
            for one in shorts
            if tasks[one.task_id].operator_id == operator
        ]
        good = [short for short in theirs if short.found < tasks[short.task_id].quantity]
        short_picks(operator, shorts=good, actor=actor)
        found |= {short.task_id: TooManyFound(most=tasks[short.task_id].quantity) for short in theirs}
        states = dict(PickTask.objects.filter(pk__in=[short.task_id for short in good]).values_list("pk", "state"))
        found |= {pk: "short" if state == "short" else UnitsLost() for pk, state in states.items()}
    return found


def _take(tasks: Mapping[int, PickTask], said: Mapping[int, Done], *, actor: Actor) -> dict[int, Refused | str]:
    """Take all units of picks: those with a code one by one, as they were scanned, the others at once."""
    scanned = [task for pk, task in tasks.items() if said[pk].code]
    lots = lots_bound([task.allocation_id for pk, task in tasks.items() if not said[pk].code])
    numbered = {pk for pk, task in tasks.items() if (lot := lots.get(task.allocation_id)) and lot.is_serial}
    plain = [task for pk, task in tasks.items() if not said[pk].code and pk not in numbered]
    for operator in sorted({task.operator_id for task in plain}):
        confirm_picks(operator, picks=[Taken(t.pk) for t in plain if t.operator_id == operator], actor=actor)
    ended = set(PickTask.objects.filter(pk__in=[t.pk for t in plain], state="done").values_list("pk", flat=True))
    found: dict[int, Refused | str] = {t.pk: "picked" if t.pk in ended else UnitsLost() for t in plain}
    found |= {pk: SerialWanted() for pk in numbered}

    def scan(task: PickTask) -> str:
        confirm_pick(task.operator_id, task_id=task.pk, code=said[task.pk].code, actor=actor)
        return "picked"

    return found | dict(zip((task.pk for task in scanned), each(scanned, scan), strict=True))
