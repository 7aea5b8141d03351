from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.events import tell
from colisage.network.events import DisruptionEnded
from colisage.network.models import Disruption
from colisage.network.queries.disruptions import merchants_of


@transaction.atomic
def end_disruptions(disruption_ids: Collection[int], *, actor: Actor) -> int:
    """End disruptions, begun or not; what they held is freed by who hears it. Harmless when repeated.

    Whoever acts on orders for one at this moment (`claim_disruptions`) is waited for: nothing is held after its end.
    Gives how many were ended.
    """
    alive = Disruption.objects.select_for_update(no_key=True).filter(pk__in=disruption_ids).exclude(state="ended")
    ended = list(alive.order_by("pk"))
    Disruption.objects.filter(pk__in=[one.pk for one in ended]).update(
        state="ended", ended_at=timezone.now(), ended_by=str(actor)[:150]
    )
    tell(
        DisruptionEnded(merchant_id=m, disruption_id=one.pk)
        for one in ended
        if one.state == "active"
        for m in merchants_of(one)
    )
    record_deeds(
        (
            Deed("disruption", one.pk, "disruption_ended", merchant_id=one.merchant_id, operator_id=one.operator_id)
            for one in ended
        ),
        actor=actor,
    )
    return len(ended)
