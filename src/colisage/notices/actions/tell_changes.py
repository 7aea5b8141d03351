from collections.abc import Sequence

from colisage.notices.actions.write_messages import Draft, write_messages
from colisage.orders.events import OrderChanged
from colisage.orders.queries import orders_across
from colisage.orders.queries.changes import changes_across


def tell_changes(events: Sequence[OrderChanged]) -> None:
    """Tell customers when another day is promised for an open order; what else changes, the shop tells them."""
    changes = changes_across({e.change_id for e in events})
    dated = {
        pk: change
        for pk, change in changes.items()
        if change.after.get("promised_on") and not change.disruption_id  # `tell_disrupted` says that, with the reason
    }
    orders = orders_across({change.order_id for change in dated.values()})
    write_messages(
        [
            Draft(order=orders[change.order_id], kind="redated", doc=f"change:{pk}")
            for pk, change in sorted(dated.items())
            if orders[change.order_id].state == "open"
        ]
    )
