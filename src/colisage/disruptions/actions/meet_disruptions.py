from collections import defaultdict
from collections.abc import Mapping

from colisage.disruptions.actions.touch_orders import touch_orders
from colisage.network.queries.disruptions import active_for


def meet_disruptions(orders: Mapping[int, int]) -> None:
    """Let the disruptions of this moment act on orders (their ids and merchants) that were just sourced.

    In the transaction that sourced them: nothing of a touched order is picked before it is held.
    """
    of_merchant: dict[int, list[int]] = defaultdict(list)
    for order, merchant in orders.items():
        of_merchant[merchant].append(order)
    for merchant, disruptions in sorted(active_for(of_merchant).items()):
        for disruption in disruptions:
            after = 0
            while after := touch_orders(disruption, merchant_id=merchant, among=of_merchant[merchant], after=after):
                pass
