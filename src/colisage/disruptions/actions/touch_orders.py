from collections.abc import Collection

from django.db import transaction

from colisage.disruptions.actions.source_elsewhere import source_elsewhere
from colisage.disruptions.queries import reach_of
from colisage.network.queries.disruptions import Disruption
from colisage.orders.actions.hold_disrupted import hold_disrupted
from colisage.orders.actions.redate_disrupted import redate_disrupted
from colisage.shipping.actions.reroute_disrupted import reroute_disrupted

AT_ONCE = 500  # orders of one transaction


@transaction.atomic
def touch_orders(
    disruption: Disruption, *, merchant_id: int, among: Collection[int] | None = None, after: int = 0
) -> int:
    """Do to the next orders of a merchant what a disruption does; give the last one's id, 0 when there are no more.

    A constant number of statements for a batch; harmless when repeated.
    """
    found = reach_of(disruption, merchant_id=merchant_id, among=among, after=after, most=AT_ONCE).order_ids
    left, act = found, hold_disrupted
    if disruption.effect == "redate":
        act = redate_disrupted
    elif disruption.effect == "reroute" and disruption.carrier:
        act = reroute_disrupted
    elif disruption.effect == "reroute":
        moved = source_elsewhere(merchant_id, order_ids=found, disruption=disruption)
        left = tuple(pk for pk in found if pk not in moved)
    act(merchant_id, order_ids=left, disruption=disruption)
    return found[-1] if len(found) == AT_ONCE else 0
