"""Messages that wait for a person, read again: the SKU is there now, or the fault was ours."""

from collections.abc import Collection

from django.db import transaction

from colisage.intake.actions.read_soon import read_soon
from colisage.intake.models import ShopMessage
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds


@transaction.atomic
def retry_messages(merchant_id: int, *, message_ids: Collection[int], actor: Actor) -> int:
    """Have refused messages read again; give how many. One that is not refused, or was erased, is left as it is."""
    rows = ShopMessage.objects.select_for_update(no_key=True).filter(
        merchant_id=merchant_id, pk__in=message_ids, state="refused"
    )
    chosen = {m.pk: m.channel_id for m in rows.exclude(body=b"").order_by("pk")}
    ShopMessage.objects.filter(pk__in=chosen).update(state="waiting", reason="", detail="", tries=0)
    record_deeds(
        (Deed("message", pk, "message_retried", {}, merchant_id=merchant_id) for pk in sorted(chosen)), actor=actor
    )
    read_soon(set(chosen.values()))
    return len(chosen)
