"""Making the webhook calls that are due, outside any transaction: claim, call, record."""

from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from colisage.kit.sealing import SealBroken
from colisage.kit.signing import signature
from colisage.kit.statements import statement
from colisage.notices.actions.record_calls import record_calls
from colisage.notices.models import WebhookCall
from colisage.notices.ports import Answer, Courier, Letter
from colisage.notices.queries.secrets import read_secret
from colisage.notices.rules.webhooks import SILENT, secret_bytes

AT_ONCE = 100
OF_ONE = 10  # calls of one endpoint at the same time


@dataclass(frozen=True, slots=True)
class Due:
    """A call that this worker is to make."""

    id: int
    endpoint_id: int
    url: str
    secret: bytes
    former_secret: bytes | None
    message_id: str
    body: str
    attempts: int


def make_calls() -> int:
    """Make every call that is due; give how many were received well.

    A receiver has a message only when it says so: whatever else happens, the call is made again later under the same
    id, by which the receiver knows what it has.
    """
    courier: Courier = import_string(settings.COLISAGE_COURIER)()
    well = 0
    while due := _claimed():
        answers, letters = [], []
        for call in due:
            try:
                letters.append(_letter(call))
            except (SealBroken, ValueError) as error:
                answers.append(Answer(call.id, None, f"not signed: {error}", 0, why="unsigned"))
        answers += courier.carry(letters, inside=settings.COLISAGE_WEBHOOKS_INSIDE) if letters else []
        well += record_calls(answers)
    return well


@transaction.atomic
def _claimed() -> list[Due]:
    """Take the next calls; those of a worker that died are taken again."""
    now = timezone.now()
    WebhookCall.objects.filter(state="sending", claimed_at__lt=now - SILENT).update(state="waiting")
    with connection.cursor() as db:
        db.execute(statement("notices", "claim_webhook_calls"), {"now": now, "each": OF_ONE, "most": AT_ONCE})
        return [Due(*row) for row in db.fetchall()]


def _letter(call: Due) -> Letter:
    """Sign a call with its secret, and with the former one as long as that counts."""
    stamp = int(timezone.now().timestamp())
    body = call.body.encode()
    kept = [call.secret, *([call.former_secret] if call.former_secret is not None else [])]
    signatures = [
        signature(secret_bytes(read_secret(one)), message_id=call.message_id, timestamp=stamp, body=body)
        for one in kept
    ]
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Colisage-Webhooks/1",
        "webhook-id": call.message_id,
        "webhook-timestamp": str(stamp),
        "webhook-signature": " ".join(signatures),
    }
    return Letter(call.id, call.url, headers, body)
