from collections.abc import Collection

from django.db import transaction

from colisage.kit.actors import SYSTEM
from colisage.network.actions.claim_disruptions import claim_disruptions
from colisage.network.queries.disruptions import Disruption, disruptions_by_id
from colisage.orders.actions.set_hold import set_hold


@transaction.atomic
def hold_disrupted(merchant_id: int, *, order_ids: Collection[int], disruption: Disruption) -> int:
    """Hold orders because of a disruption; give how many are held by it now.

    One that ended meanwhile holds nothing. Each order is held by it once: whoever releases it by hand has decided.
    """
    if not order_ids or not claim_disruptions([disruption.pk]):
        return 0
    fresh = disruptions_by_id([disruption.pk])[disruption.pk]  # its last day may be another since it was read
    return set_hold(
        merchant_id,
        order_ids=order_ids,
        kind="disruption",
        reason=f"{disruption.kind}_disrupted",
        disruption=(disruption.pk, disruption.about),
        told_until=fresh.ends_on,
        actor=SYSTEM,
    )
