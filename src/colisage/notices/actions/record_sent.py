from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from colisage.kit.actors import SYSTEM
from colisage.kit.audit import Deed, record_deeds
from colisage.notices.models import Message
from colisage.notices.rules import wait


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one attempt: `sent`, `later`, `refused` or `unknown`, and what the server said."""

    message_id: int
    state: str
    attempts: int
    said: str


@transaction.atomic
def record_sent(outcomes: Sequence[Outcome]) -> None:
    """Write down what came of messages that were claimed; what was settled otherwise meanwhile is left alone."""
    now = timezone.now()
    for outcome in outcomes:
        Message.objects.filter(pk=outcome.message_id, state="sending").update(**_change(outcome))
    gone = Message.objects.filter(pk__in=[o.message_id for o in outcomes if o.state == "sent"], state="sent")
    record_deeds(
        (
            Deed("order", order, f"told_{kind}", {"message": pk}, merchant_id=merchant)
            for pk, order, kind, merchant in gone.order_by("pk").values_list("pk", "order_id", "kind", "merchant_id")
        ),
        actor=SYSTEM,
    )
    gone.update(sent_at=now)


def _change(outcome: Outcome) -> dict[str, Any]:
    said = outcome.said[:300]
    if outcome.state == "later":
        pause = wait(outcome.attempts)
        if pause is not None:
            return {"state": "waiting", "last_error": said, "next_try_at": timezone.now() + pause}
    state = {"sent": "sent", "unknown": "unknown"}.get(outcome.state, "failed")
    return {"state": state, "last_error": said}
