from collections.abc import Collection

from django.db import transaction

from colisage.kit.actors import SYSTEM
from colisage.kit.audit import Deed, record_deeds
from colisage.network.actions.claim_disruptions import claim_disruptions
from colisage.network.queries.disruptions import Disruption
from colisage.orders.actions.claim_orders import claim_orders
from colisage.shipping.actions.request_shipments import request_shipments
from colisage.shipping.actions.void_shipments import void_shipments
from colisage.shipping.models import Shipment


@transaction.atomic
def reroute_disrupted(merchant_id: int, *, order_ids: Collection[int], disruption: Disruption) -> int:
    """Have another carrier take the parcels of orders that have a label of a disrupted one; give how many parts.

    The labels are void, others are wanted; what nobody else takes is held. One that ended meanwhile changes nothing.
    """
    if not order_ids or not claim_disruptions([disruption.pk]):
        return 0
    claim_orders(order_ids)  # before their parts
    alive = Shipment.objects.filter(
        merchant_id=merchant_id,
        order__in=order_ids,
        service__carrier__code=disruption.carrier,
        state__in=["requested", "unknown", "bought"],
    )
    taken = dict(alive.values_list("fulfillment_order_id", "order_id"))
    void_shipments(taken)
    record_deeds(
        (
            Deed("order", order, "order_rerouted", {"about": disruption.about}, merchant_id=merchant_id)
            for order in sorted(set(taken.values()))
        ),
        actor=SYSTEM,
    )
    request_shipments(taken)
    return len(taken)
