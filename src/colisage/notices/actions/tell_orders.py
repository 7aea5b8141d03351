from collections.abc import Sequence

from colisage.notices.actions.write_messages import Draft, write_messages
from colisage.orders.events import OrderAccepted, OrderCancelled
from colisage.orders.queries import lines_of, orders_across


def tell_orders(events: Sequence[OrderAccepted | OrderCancelled]) -> None:
    """Confirm orders that were accepted, and say which are cancelled. History stays quiet."""
    orders = orders_across({e.order_id for e in events})
    lines = lines_of(orders)
    write_messages(
        [
            Draft(
                order=orders[e.order_id],
                kind="cancelled" if isinstance(e, OrderCancelled) else "confirmed",
                doc=f"order:{e.order_id}",
                facts={"lines": lines[e.order_id]},
            )
            for e in events
            if e.order_id in orders
        ]
    )
