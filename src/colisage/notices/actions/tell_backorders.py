from collections.abc import Sequence
from datetime import date

from django.utils.functional import lazy

from colisage.network.queries.disruptions import disruptions_by_id, why_of
from colisage.notices.actions.write_messages import Draft, write_messages
from colisage.notices.queries import told_docs
from colisage.orders.events import OrderExpected
from colisage.orders.queries import orders_across
from colisage.orders.queries.holds import let_go


def tell_backorders(events: Sequence[OrderExpected]) -> None:
    """Tell customers that what is owed comes later than they were told; each day once, however often it is heard of.

    When a disruption is the reason it is said, but not to whom the disruption's own message reached already, unless it
    let his order go, nor when it tells nobody.
    """
    news = [event for event in events if event.later]
    causes = disruptions_by_id({event.disruption_id for event in news if event.disruption_id})
    docs = {f"disruption:{event.disruption_id}:{event.order_id}" for event in news if event.disruption_id}
    heard = told_docs("disrupted", docs=docs) if docs else docs
    heard -= {f"disruption:{cause}:{order}" for cause, order in let_go(causes, order_ids={e.order_id for e in news})}
    orders = orders_across({event.order_id for event in news})
    write_messages(
        [
            Draft(
                order=orders[event.order_id],
                kind="owed",
                doc=f"expected:{event.order_id}:{event.on or 'unknown'}",
                facts={
                    "expected_on": date.fromisoformat(event.on) if event.on else None,
                    "why": lazy(why_of, str)(cause) if (cause := causes.get(event.disruption_id or 0)) else "",
                },
            )
            for event in news
            if event.order_id in orders
            and orders[event.order_id].state == "open"
            and f"disruption:{event.disruption_id}:{event.order_id}" not in heard
            and (event.disruption_id not in causes or causes[event.disruption_id].tells)
        ]
    )
