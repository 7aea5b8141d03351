"""Beginning to count a bin: from now on it is frozen."""

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from colisage.inventory.actions.reserve import lock_free
from colisage.inventory.models import CountRound, CountTask, StockCell
from colisage.inventory.rules.counting import TO_COUNT, same_person
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere, Refused
from colisage.kit.statements import statement
from colisage.people.queries import people_of
from colisage.ui import words


class SomebodyCounts(Refused):
    """Another person counts this bin now."""

    code = "somebody_counts"
    text = _("%(person)s is counting %(bin)s.")


class CountIsOver(Refused):
    """The count was settled or taken away meanwhile."""

    code = "count_is_over"
    text = _("This count is over already.")


class OtherPerson(Refused):
    """A recount is another person's: who counted first would find the same again."""

    code = "other_person"
    text = _("You counted %(bin)s before. Somebody else counts it now.")


class FinishFirst(Refused):
    """One person counts one bin at a time: the others stay free for the pickers."""

    code = "finish_first"
    text = _("You are still counting %(bin)s. Finish it or leave it first.")


COUNTERS = frozenset({"manager", "receiver", "picker"})


@transaction.atomic
def start_count(operator_id: int, *, task_id: int, actor: Actor, alone: bool = False) -> int:
    """Freeze a bin for its count; give the round's id. Starting one's own again gives the same round.

    A recount asks for somebody else than who counted before. `alone` is a manager's word that nobody else is here:
    it is believed where only one person of the operator may count.
    """
    task = (
        CountTask.objects.select_for_update(no_key=True, of=("self",))
        .select_related("place")
        .filter(operator_id=operator_id, pk=task_id)
        .first()
    )
    if task is None:
        raise NotThere
    me = (actor.id if actor.kind == "person" else None, str(actor)[:150])
    if task.state == "counting":
        return _mine(task, me=me)
    if task.state not in TO_COUNT:
        raise CountIsOver
    _one_at_a_time(operator_id, me=me)
    if task.rounds and not (alone and len(people_of(operator_id, roles=COUNTERS)) < 2):
        last = CountRound.objects.get(task=task, number=task.rounds, dropped=False)
        if same_person((last.person_id, last.person_name), other=me):
            raise OtherPerson(bin=words.plate(task.place.code))
    lock_free(set(StockCell.objects.filter(place=task.place_id, kept=True).values_list("sku_id", flat=True)))
    with connection.cursor() as db:
        db.execute(statement("inventory", "freeze_cells"), [task.place_id])
    CountTask.objects.filter(pk=task.pk).update(state="counting", left_at=None, left_by="")
    begun = CountRound.objects.create(
        operator_id=operator_id, task=task, number=task.rounds + 1, person_id=me[0], person_name=me[1]
    )
    deed = Deed("count_task", task.pk, "count_started", {"number": begun.number}, operator_id=operator_id)
    record_deeds([deed], actor=actor)
    return begun.pk


def _mine(task: CountTask, *, me: tuple[int | None, str]) -> int:
    going = CountRound.objects.get(task=task, finished_at=None, dropped=False)
    if not same_person((going.person_id, going.person_name), other=me):
        raise SomebodyCounts(person=going.person_name, bin=words.plate(task.place.code))
    return going.pk


def _one_at_a_time(operator_id: int, *, me: tuple[int | None, str]) -> None:
    if me[0] is None:
        return
    other = (
        CountRound.objects.filter(operator_id=operator_id, person_id=me[0], finished_at=None, dropped=False)
        .select_related("task__place")
        .first()
    )
    if other is not None:
        raise FinishFirst(bin=words.plate(other.task.place.code))
