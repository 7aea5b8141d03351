"""A message that could not be an order, corrected by a person. What the shop sent stays as it was."""

import hashlib

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.intake.actions.keep_messages import keep_messages
from colisage.intake.actions.read_soon import read_soon
from colisage.intake.models import ShopMessage
from colisage.intake.ports import Arrived
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere, Refused

MOST_BYTES = 1_000_000


class NothingCorrected(Refused):
    """It was corrected already, or what was typed cannot be a message."""

    code = "nothing_corrected"
    text = _("There is nothing to correct here any more, or the text is empty or too long.")


@transaction.atomic
def correct_message(merchant_id: int, *, message_id: int, text: str, actor: Actor) -> int:
    """Keep a corrected copy of a refused message and have it read; give the copy's id. Raises `NothingCorrected`."""
    found = ShopMessage.objects.select_for_update(no_key=True).filter(merchant_id=merchant_id, pk=message_id).first()
    if found is None:
        raise NotThere
    body = text.strip().encode()
    if found.state != "refused" or not body or len(body) > MOST_BYTES:
        raise NothingCorrected
    key = f"corrects:{found.pk}:{hashlib.sha256(body).hexdigest()[:32]}"
    kept = keep_messages(
        merchant_id,
        channel_id=found.channel_id,
        connector=found.connector,
        via="hand",
        arrived=[Arrived(key=key, body=body, topic=found.topic)],
        by_name=str(actor),
        corrects_id=found.pk,
    )
    if not kept:
        raise NothingCorrected
    ShopMessage.objects.filter(pk=found.pk).update(state="ignored", outcome="corrected", by_name=str(actor)[:150])
    record_deeds([Deed("message", found.pk, "message_corrected", {}, merchant_id=merchant_id)], actor=actor)
    read_soon([found.channel_id])
    return ShopMessage.objects.values_list("pk", flat=True).get(channel_id=found.channel_id, key=key)
