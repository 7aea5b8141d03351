from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from colisage.notices.models import Message
from colisage.notices.rules import SILENT, STALE

AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message to send, as plain values."""

    id: int
    sender: str
    to: str
    reply_to: str
    subject: str
    text: str
    html: str
    language: str
    created_at: datetime
    attempts: int


@transaction.atomic
def claim_messages() -> list[Claimed]:
    """Take the next messages that are due; what another worker holds is left to it.

    Two other things are settled on the way: a message whose worker died may have gone out or not, and is left to a
    person; one that waited so long that it would mislead is kept, and not sent.
    """
    now = timezone.now()
    Message.objects.filter(state="sending", claimed_at__lt=now - SILENT).update(state="unknown", last_error="")
    Message.objects.filter(state="waiting", attempts=0, next_try_at__lt=now - STALE).update(state="quiet")
    rows = list(
        Message.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
        .filter(state="waiting", next_try_at__lte=now)
        .select_related("merchant")
        .order_by("pk")[:AT_ONCE]
    )
    for row in rows:
        row.state, row.claimed_at, row.attempts = "sending", now, row.attempts + 1
    Message.objects.bulk_update(rows, ["state", "claimed_at", "attempts"])
    return [
        Claimed(
            r.pk, r.merchant.name, r.to, r.reply_to, r.subject, r.text, r.html, r.language, r.created_at, r.attempts
        )
        for r in rows
    ]
