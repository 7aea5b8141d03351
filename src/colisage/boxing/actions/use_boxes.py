"""Taking packagings into use or out of it, as a program says: of operators that work for its merchant alone."""

from collections import defaultdict
from collections.abc import Mapping

from django.db import transaction

from colisage.boxing.actions.set_boxes_active import set_boxes_active
from colisage.boxing.models import BoxType
from colisage.kit.actors import Actor
from colisage.kit.errors import NotThere, Refused
from colisage.people.queries import own_operators


@transaction.atomic
def use_boxes(merchant_id: int, said: Mapping[int, bool], *, actor: Actor) -> dict[int, Refused | bool]:
    """Use packagings from now on, or no more; give of each whether it changed, or `NotThere`.

    Parcels already planned keep theirs.
    """
    known = dict(
        BoxType.objects.filter(operator__in=own_operators(merchant_id), pk__in=said).values_list("pk", "operator_id")
    )
    together: dict[tuple[int, bool], list[int]] = defaultdict(list)
    for pk, operator in known.items():
        together[operator, said[pk]].append(pk)
    changed: set[int] = set()
    for (operator, active), ids in sorted(together.items()):
        changed |= set_boxes_active(operator, ids, active=active, actor=actor)
    return {pk: pk in changed if pk in known else NotThere() for pk in said}
