"""Deciding about a count, as a program says, where the floor is the merchant's own."""

from django.db import transaction

from colisage.inventory.actions.decide_count import decide_count
from colisage.inventory.queries.counts import task_at
from colisage.kit.actors import Actor
from colisage.kit.errors import NotThere
from colisage.network.queries.floors import floors_of
from colisage.people.queries import operators_serving


@transaction.atomic
def decide_named(merchant_id: int, *, task_id: int, decision: str, remark: str, actor: Actor) -> str:
    """Approve the count of a bin, reject it or have it counted again; give its state. See `decide_count`.

    Raises `NotThere` for a count of operators that do not work for the merchant, `NotYourFloor` for one of those that
    work for others too.
    """
    task = task_at(operators_serving([merchant_id]), task_id=task_id)
    if task is None:
        raise NotThere
    floors_of(merchant_id).decides(task.operator_id)
    return decide_count(task.operator_id, task_id=task_id, decision=decision, remark=remark, actor=actor)
