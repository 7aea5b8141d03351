from collections.abc import Sequence
from datetime import date

from django.utils.functional import lazy

from colisage.network.queries.disruptions import disruptions_by_id, why_of
from colisage.notices.actions.write_messages import Draft, write_messages
from colisage.orders.events import OrderDisrupted
from colisage.orders.queries import orders_across
from colisage.ui import words


def tell_disrupted(events: Sequence[OrderDisrupted]) -> None:
    """Tell customers that a disruption touches their order, why and until when; once for an order and a disruption.

    And once more for each later day until which it lasts. In the language of each. Where the disruption tells nobody,
    nobody is told.
    """
    told = {pk: one for pk, one in disruptions_by_id({e.disruption_id for e in events}).items() if one.tells}
    orders = orders_across({event.order_id for event in events if event.disruption_id in told})
    write_messages(
        [
            Draft(
                order=orders[event.order_id],
                kind="disrupted",
                doc=f"disruption:{event.disruption_id}:{event.order_id}"
                + (f":{event.until or 'unknown'}" if event.again else ""),
                facts={
                    "effect": event.effect,
                    "why": lazy(why_of, str)(told[event.disruption_id]),
                    "until": lazy(words.day, str)(date.fromisoformat(event.until), style="long") if event.until else "",
                    "again": event.again,
                },
            )
            for event in events
            if event.disruption_id in told and event.order_id in orders and orders[event.order_id].state == "open"
        ]
    )
