from colisage.disruptions.actions.free_orders import free_orders
from colisage.network.queries.disruptions import Disruption, ended_sooner
from colisage.orders.actions.resume_redated import resume_redated


def free_all(disruption: Disruption, *, merchant_id: int) -> None:
    """Free what a disruption that is over held, and tell of what it delayed, a transaction for so many orders."""
    while free_orders(disruption, merchant_id=merchant_id):
        pass
    after = 0
    while ended_sooner(disruption) and (after := resume_redated(merchant_id, disruption=disruption, after=after)):
        pass
