"""Taking counts away, as a program says, where the floor is the merchant's own: each judged by itself."""

from collections.abc import Sequence

from django.db import transaction

from colisage.inventory.actions.cancel_count import cancel_count
from colisage.inventory.queries.counts import operators_of_tasks
from colisage.kit.actors import Actor
from colisage.kit.each import each
from colisage.kit.errors import NotThere, Refused
from colisage.network.queries.floors import floors_of
from colisage.people.queries import operators_serving


@transaction.atomic
def cancel_named(merchant_id: int, task_ids: Sequence[int], *, actor: Actor) -> list[Refused | bool]:
    """Take counts of bins away that are not settled yet; give of each whether it was there to take, or why not.

    Raises nothing: `NotThere` for counts of operators that do not work for the merchant and `NotYourFloor` for those
    of operators that work for others too are answers.
    """
    floors = floors_of(merchant_id)
    operators = operators_of_tasks(operators_serving([merchant_id]), task_ids=task_ids)

    def cancel(task: int) -> bool:
        if (operator := operators.get(task)) is None:
            raise NotThere
        floors.decides(operator)
        return bool(cancel_count(operator, task_ids=[task], actor=actor))

    return each(task_ids, cancel, by=int)
