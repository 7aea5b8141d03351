"""Beginning and stopping to use reasons for corrections, as a program says: each judged by itself."""

from collections.abc import Sequence

from django.db import transaction

from colisage.inventory.actions.save_reason import use_reason
from colisage.kit.actors import Actor
from colisage.kit.each import each
from colisage.kit.errors import Refused


@transaction.atomic
def use_reasons(merchant_id: int, said: Sequence[tuple[str, bool]], *, actor: Actor) -> list[Refused | None]:
    """Use reasons from now on, or no more, as (code, whether); give of each why it was refused, if it was."""
    return each(
        said,
        lambda one: use_reason(merchant_id, code=one[0], active=one[1], actor=actor),
        by=lambda one: one[0],
    )
