from colisage.disruptions.queries.incoming import kept_from
from colisage.inbound.actions.postpone_incoming import move_postponed, postpone_incoming
from colisage.network.queries.disruptions import Disruption


def move_incoming(disruption: Disruption, *, merchant_id: int) -> None:
    """Move the days of what is to come for a merchant and a disruption keeps away; harmless when repeated.

    After its orders: customers hear of the disruption from these, and not of another day as well.
    """
    if (away := kept_from(disruption, merchant_id=merchant_id)) is not None:
        postpone_incoming(merchant_id, disruption=disruption, supplier_id=away.supplier_id, node_ids=away.node_ids)


def move_incoming_again(disruption: Disruption, *, merchant_id: int) -> None:
    """Move them to where they belong now that its last day is another, or that it is over."""
    move_postponed(merchant_id, disruption=disruption)
