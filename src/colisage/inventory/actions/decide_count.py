"""A manager's word on a count that is far from the books."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from colisage.inventory.actions.post_count import post_count
from colisage.inventory.actions.start_count import CountIsOver
from colisage.inventory.models import CountFinding, CountTask
from colisage.inventory.queries.counting import corrected_since
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed, NotThere, Refused
from colisage.ui import words


class BooksMoved(Refused):
    """The books of the bin were corrected after it was counted: the difference found then is not the one of now."""

    code = "books_moved"
    text = _("Stock of bin %(bin)s was corrected after the count. Have it counted again.")


class UnknownDecision(Malformed):
    """A count is approved, rejected or asked for again."""

    code = "unknown_decision"
    text = _("Approve the count, reject it, or have it counted again.")


@transaction.atomic
def decide_count(operator_id: int, *, task_id: int, decision: str, actor: Actor, remark: str = "") -> str:
    """Approve (post the last count), reject (the books stay) or ask for another count; give the state.

    Deciding the same again is harmless; deciding otherwise afterwards is refused (`CountIsOver`), and so is approving
    when the stock of the bin was corrected by others since (`BooksMoved`).
    """
    after = {"approve": "approved", "reject": "rejected", "recount": "recount"}.get(decision)
    if after is None:
        raise UnknownDecision
    task = (
        CountTask.objects.select_for_update(no_key=True, of=("self",))
        .select_related("place")
        .filter(operator_id=operator_id, pk=task_id)
        .first()
    )
    if task is None:
        raise NotThere
    if task.state == after:
        return after
    if task.state != "counted":
        raise CountIsOver
    if after == "approved" and corrected_since(task.place_id, task_id=task.pk, since=task.counted_at):
        raise BooksMoved(bin=words.plate(task.place.code))
    task.state, task.remark = after, remark.strip()[:200]
    if after != "recount":
        task.decided_at, task.decided_by = timezone.now(), str(actor)[:150]
    if after == "approved":
        last = CountFinding.objects.filter(task=task, number=task.rounds)
        task.right = all(expected == counted for expected, counted in last.values_list("expected", "counted"))
    task.save(update_fields=["state", "remark", "decided_at", "decided_by", "right"])
    if after == "approved":
        post_count(task.pk, number=task.rounds, actor=actor)
    record_deeds(
        [Deed("count_task", task.pk, "count_decided", {"decision": decision}, operator_id=operator_id)], actor=actor
    )
    return after
