from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.notices.models import Message


@transaction.atomic
def send_again(merchant_id: int, *, message_ids: Collection[int], actor: Actor) -> dict[int, bool]:
    """Put messages into the outbox once more, as they were worded; say of each that is there whether it goes out again.

    One that is being sent is left alone. One whose outcome is unknown may then arrive twice: a person decided so.
    """
    rows = Message.objects.select_for_update(no_key=True).filter(merchant_id=merchant_id, pk__in=message_ids)
    found = list(rows.order_by("pk"))
    again = [message for message in found if message.state != "sending"]
    Message.objects.filter(pk__in=[message.pk for message in again]).update(
        state="waiting", attempts=0, last_error="", next_try_at=timezone.now()
    )
    if again:
        app.configure_task("notices.send", queue="notices").defer()
    record_deeds(
        (
            Deed(
                "order",
                message.order_id,
                "message_asked_again",
                {"message": message.pk, "kind": message.kind},
                merchant_id=merchant_id,
            )
            for message in again
        ),
        actor=actor,
    )
    return {message.pk: message.state != "sending" for message in found}
