from collections.abc import Collection

from django.db import transaction

from colisage.kit.actors import SYSTEM
from colisage.kit.audit import Deed, record_deeds
from colisage.network.actions.claim_disruptions import claim_disruptions
from colisage.network.queries.disruptions import Disruption
from colisage.sourcing.actions.source_orders import source_again


@transaction.atomic
def source_elsewhere(merchant_id: int, *, order_ids: Collection[int], disruption: Disruption) -> set[int]:
    """Let other nodes send the orders of a disrupted one on which nobody works there; give those that others can send.

    One that ended meanwhile moves nothing.
    """
    if not order_ids or not claim_disruptions([disruption.pk]):
        return set()
    moved = source_again(order_ids)
    record_deeds(
        (
            Deed("order", order, "order_rerouted", {"about": disruption.about}, merchant_id=merchant_id)
            for order in sorted(moved)
        ),
        actor=SYSTEM,
    )
    return moved
