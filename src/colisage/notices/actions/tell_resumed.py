from collections.abc import Sequence

from colisage.network.queries.disruptions import disruptions_by_id
from colisage.notices.actions.write_messages import Draft, write_messages
from colisage.notices.queries import told_docs
from colisage.orders.events import OrderResumed
from colisage.orders.queries import orders_across
from colisage.orders.queries.backorders import last_of, owing_of
from colisage.orders.queries.left import with_unsent_parts


def tell_resumed(events: Sequence[OrderResumed]) -> None:
    """Tell customers that their order goes on: a disruption is over before its time, or lets it go; once for both.

    Those alone who were told of it, and of whose order something is still to be sent.
    """
    told = {pk for pk, one in disruptions_by_id({event.disruption_id for event in events}).items() if one.tells}
    docs = {f"disruption:{event.disruption_id}:{event.order_id}" for event in events if event.disruption_id in told}
    heard = told_docs("disrupted", docs=docs)
    news = [event for event in events if f"disruption:{event.disruption_id}:{event.order_id}" in heard]
    if not news:
        return
    ids = with_unsent_parts({event.order_id for event in news})
    orders, owing = orders_across(ids), owing_of(ids)
    write_messages(
        [
            Draft(
                order=orders[event.order_id],
                kind="resumed",
                doc=f"disruption:{event.disruption_id}:{event.order_id}",
                facts={
                    "effect": event.effect,
                    "owed": event.order_id in owing,
                    "expected_on": last_of(owing.get(event.order_id, ())),
                },
            )
            for event in news
            if event.order_id in orders and orders[event.order_id].state == "open"
        ]
    )
