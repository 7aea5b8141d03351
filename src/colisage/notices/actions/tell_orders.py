from collections.abc import Sequence

from colisage.notices.actions.write_messages import Draft, write_messages
from colisage.orders.events import OrderAccepted, OrderCancelled
from colisage.orders.queries import lines_of, orders_across
from colisage.orders.queries.backorders import last_of, owing_of


def tell_orders(events: Sequence[OrderAccepted | OrderCancelled]) -> None:
    """Confirm orders that were accepted, and say which are cancelled. History stays quiet."""
    orders = orders_across({e.order_id for e in events})
    lines, owing = lines_of(orders), owing_of(orders)
    write_messages(
        [
            Draft(
                order=orders[e.order_id],
                kind="cancelled" if isinstance(e, OrderCancelled) else "confirmed",
                doc=f"order:{e.order_id}",
                facts={
                    "lines": lines[e.order_id],
                    "owing": e.order_id in owing,
                    "expected_on": last_of(owing.get(e.order_id, ())),
                },
            )
            for e in events
            if e.order_id in orders
        ]
    )
