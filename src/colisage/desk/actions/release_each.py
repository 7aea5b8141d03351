from collections.abc import Sequence

from django.db import transaction

from colisage.desk.queries.asked import holds_called
from colisage.kit.actors import Actor
from colisage.kit.errors import NotThere, Refused
from colisage.orders.actions.release_hold import release_hold


@transaction.atomic
def release_each(merchant_id: int, hold_ids: Sequence[int], *, actor: Actor) -> dict[int, Refused | bool]:
    """Release holds; say of each whether it was (False: it was before), or that it is not there."""
    known = holds_called(merchant_id, ids=hold_ids)
    became: dict[int, Refused | bool] = {
        pk: known[pk].released_at is None if pk in known else NotThere() for pk in hold_ids
    }
    release_hold(merchant_id, hold_ids=[pk for pk, done in became.items() if done is True], actor=actor)
    return became
