"""Errands run again, or dropped, as a program says, each judged by itself."""

from collections.abc import Sequence

from django.db import transaction

from colisage.connectors.actions.settle_errands import settle_errands
from colisage.connectors.models import Errand
from colisage.kit.actors import Actor
from colisage.kit.errors import NotThere, Refused


@transaction.atomic
def settle_errands_each(
    merchant_id: int, errand_ids: Sequence[int], *, again: bool, actor: Actor
) -> dict[int, Refused | bool]:
    """Run errands of a merchant again, or drop them; say of each whether it was (False: it is done already)."""
    ours = Errand.objects.filter(merchant_id=merchant_id, pk__in=errand_ids)
    known = set(ours.values_list("pk", flat=True))
    settled = settle_errands(merchant_id, errand_ids=known, again=again, actor=actor)
    return {pk: pk in settled if pk in known else NotThere() for pk in errand_ids}
