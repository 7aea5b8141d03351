"""Messages that wait, settled for a program: read again or set aside, each judged by itself."""

from collections.abc import Collection

from django.db import transaction

from colisage.intake.actions.retry_messages import retry_messages
from colisage.intake.actions.set_aside_messages import set_aside_messages
from colisage.intake.queries.messages import states_of
from colisage.kit.actors import Actor
from colisage.kit.errors import NotThere, Refused


@transaction.atomic
def settle_messages(
    merchant_id: int, message_ids: Collection[int], *, again: bool, actor: Actor
) -> dict[int, Refused | bool]:
    """Have refused messages read `again`, or set them aside; say of each whether it was (False: it does not wait)."""
    states = states_of(merchant_id, message_ids=message_ids)
    act, wanted = (retry_messages, {"refused"}) if again else (set_aside_messages, {"refused", "erased"})
    act(merchant_id, message_ids=[pk for pk, state in states.items() if state in wanted], actor=actor)
    return {pk: states[pk] in wanted if pk in states else NotThere() for pk in message_ids}
