"""Messages that a person has dealt with in another way."""

from collections.abc import Collection

from django.db import transaction

from colisage.intake.models import ShopMessage
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds


@transaction.atomic
def set_aside_messages(merchant_id: int, *, message_ids: Collection[int], actor: Actor) -> int:
    """Say that refused messages need nothing more; give how many."""
    rows = ShopMessage.objects.select_for_update(no_key=True).filter(
        merchant_id=merchant_id, pk__in=message_ids, state="refused"
    )
    chosen = sorted(rows.values_list("pk", flat=True))
    ShopMessage.objects.filter(pk__in=chosen).update(state="ignored", outcome="set_aside", by_name=str(actor)[:150])
    record_deeds((Deed("message", pk, "message_set_aside", {}, merchant_id=merchant_id) for pk in chosen), actor=actor)
    return len(chosen)
