from colisage.network.queries.disruptions import Disruption
from colisage.orders.actions.retell_disrupted import retell_disrupted


def retell_all(disruption: Disruption, *, merchant_id: int) -> None:
    """Tell whose orders wait for a disruption that lasts longer now, a transaction for so many orders."""
    while retell_disrupted(merchant_id, disruption=disruption):
        pass
