from collections.abc import Collection

from django.db import transaction

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.orders.models import Hold


@transaction.atomic
def take_holds(merchant_id: int, *, hold_ids: Collection[int], actor: Actor) -> int:
    """Make open holds the actor's to decide; what is theirs already, or released, stays. Gives how many were taken."""
    mine = Hold.objects.select_for_update(no_key=True).filter(
        merchant_id=merchant_id, pk__in=hold_ids, released_at=None
    )
    taken = [hold for hold in mine.order_by("pk") if hold.owner_id != actor.id]
    Hold.objects.filter(pk__in=[hold.pk for hold in taken]).update(owner_id=actor.id)
    record_deeds(
        (Deed("order", hold.order_id, "hold_taken", {"kind": hold.kind}, merchant_id=merchant_id) for hold in taken),
        actor=actor,
    )
    return len(taken)
