from collections.abc import Sequence
from datetime import date

from colisage.notices.actions.write_messages import Draft, write_messages
from colisage.orders.events import OrderExpected
from colisage.orders.queries import orders_across


def tell_backorders(events: Sequence[OrderExpected]) -> None:
    """Tell customers that what is owed comes later than they were told; each day once, however often it is heard of."""
    news = [event for event in events if event.later]
    orders = orders_across({event.order_id for event in news})
    write_messages(
        [
            Draft(
                order=orders[event.order_id],
                kind="owed",
                doc=f"expected:{event.order_id}:{event.on or 'unknown'}",
                facts={"expected_on": date.fromisoformat(event.on) if event.on else None},
            )
            for event in news
            if event.order_id in orders and orders[event.order_id].state == "open"
        ]
    )
