from collections.abc import Sequence

from colisage.notices.actions.write_messages import Draft, write_messages
from colisage.orders.events import StageReached
from colisage.orders.queries import lines_of, orders_across, parts_of


def tell_handed_over(events: Sequence[StageReached]) -> None:
    """Tell customers that a carrier has their parcels, with the link to follow them; once for each part."""
    left = [e for e in events if e.before == "labelled"]
    if not left:
        return
    orders = orders_across({e.order_id for e in left})
    lines = lines_of(orders)
    parts = parts_of(orders)
    inside = {part.id: {line for _, line, *_ in part.lines} for of_order in parts.values() for part in of_order}
    write_messages(
        [
            Draft(
                order=orders[e.order_id],
                kind="shipped",
                doc=f"part:{e.fulfillment_order_id}",
                facts={
                    "lines": [line for line in lines[e.order_id] if line.pk in inside.get(e.fulfillment_order_id, ())],
                    "several": sum(p.stage != "cancelled" for p in parts[e.order_id]) > 1,
                },
            )
            for e in left
            if e.order_id in orders
        ]
    )
