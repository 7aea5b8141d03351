from colisage.disruptions.actions.touch_orders import touch_orders
from colisage.network.queries.disruptions import Disruption


def touch_all(disruption: Disruption, *, merchant_id: int) -> None:
    """Let a disruption act on every order of a merchant that it touches, a transaction for so many."""
    after = 0
    while after := touch_orders(disruption, merchant_id=merchant_id, after=after):
        pass
