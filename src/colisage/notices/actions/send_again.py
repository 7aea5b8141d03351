from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere
from colisage.notices.models import Message


@transaction.atomic
def send_again(merchant_id: int, *, message_id: int, actor: Actor) -> bool:
    """Put a message into the outbox once more, as it was worded; one that is being sent is left alone.

    A message whose outcome is unknown may then arrive twice: a person decided so.
    """
    message = Message.objects.select_for_update(no_key=True).filter(merchant_id=merchant_id, pk=message_id).first()
    if message is None:
        raise NotThere
    if message.state == "sending":
        return False
    Message.objects.filter(pk=message.pk).update(state="waiting", attempts=0, last_error="", next_try_at=timezone.now())
    app.configure_task("notices.send", queue="notices").defer()
    record_deeds(
        [
            Deed(
                "order",
                message.order_id,
                "message_asked_again",
                {"message": message.pk, "kind": message.kind},
                merchant_id=merchant_id,
            )
        ],
        actor=actor,
    )
    return True
