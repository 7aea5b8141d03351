from collections.abc import Sequence
from typing import Any

from colisage.notices.actions.write_messages import Draft, write_messages
from colisage.notices.rules import MOVED
from colisage.orders.queries import orders_across
from colisage.tracking.events import ParcelMoved
from colisage.tracking.queries import REASONS, progress_of


def tell_parcel_moved(events: Sequence[ParcelMoved]) -> None:
    """Tell customers what they wait to hear of a parcel: out, ready to collect, delivered, late, not delivered.

    Of several moves heard at once the last counts: nobody is told that a parcel arrives today when it has arrived.
    """
    last = {e.parcel_id: e for e in events}
    told = [e for e in last.values() if e.status in MOVED]
    orders = orders_across({e.order_id for e in told})
    write_messages(
        [
            Draft(order=orders[e.order_id], kind=MOVED[e.status], doc=f"parcel:{e.parcel_id}", facts=_facts(e))
            for e in told
            if e.order_id in orders
        ]
    )


def _facts(event: ParcelMoved) -> dict[str, Any]:
    """Give what else is known: a new date of what is late, the place to collect at, why it could not be delivered."""
    facts: dict[str, Any] = {"reason": REASONS.get(event.reason, "")}
    if event.status in {"delayed", "ready_for_pickup"}:
        for parcel in progress_of(event.merchant_id, order_id=event.order_id):
            if parcel["tracking_number"] == event.tracking_number:
                facts["expected_on"] = parcel["expected_on"]
                facts["place"] = parcel["events"][0]["note"] if parcel["events"] else ""
    return facts
