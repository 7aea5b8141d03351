from django.db import transaction
from django.db.models import Q

from colisage.kit.events import tell
from colisage.network.actions.claim_disruptions import claim_disruptions
from colisage.network.queries.disruptions import Disruption, disruptions_by_id
from colisage.orders.events import OrderDisrupted
from colisage.orders.models import Hold


@transaction.atomic
def retell_disrupted(merchant_id: int, *, disruption: Disruption, most: int = 500) -> bool:
    """Tell of the next open orders that a disruption holds them longer than was told; say whether there may be more.

    Each last day once: one that comes nearer, and goes back to what was told, is no news. One that ended meanwhile
    tells nothing.
    """
    if not claim_disruptions([disruption.pk]):
        return False
    fresh = disruptions_by_id([disruption.pk])[disruption.pk]
    until = fresh.ends_on
    sooner = Q(told_until__lt=until) if until else Q(told_until__isnull=False)
    rows = Hold.objects.filter(
        sooner, merchant_id=merchant_id, disruption=fresh.pk, released_at=None, order__state="open"
    )
    holds = list(rows.select_for_update(no_key=True, of=("self",)).order_by("pk")[:most])
    Hold.objects.filter(pk__in=[hold.pk for hold in holds]).update(told_until=until)
    tell(
        OrderDisrupted(
            merchant_id=merchant_id, order_id=hold.order_id, disruption_id=fresh.pk, effect="hold",
            until=until.isoformat() if until else "", again=True,
        )
        for hold in holds
    )  # fmt: skip
    return len(holds) == most
