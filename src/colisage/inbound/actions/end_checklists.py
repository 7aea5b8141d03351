"""Asking checklists no more, as a program says: each judged by itself."""

from collections.abc import Sequence

from django.db import transaction

from colisage.inbound.actions.end_checklist import end_checklist
from colisage.kit.actors import Actor
from colisage.kit.each import each
from colisage.kit.errors import Refused


@transaction.atomic
def end_checklists(merchant_id: int, checklist_ids: Sequence[int], *, actor: Actor) -> list[Refused | bool]:
    """Ask checklists of no receipt any more; give of each that it ended, or why not. See `end_checklist`."""

    def end(pk: int) -> bool:
        end_checklist(merchant_id, checklist_id=pk, actor=actor)
        return True

    return each(checklist_ids, end, by=int)
