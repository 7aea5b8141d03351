from collections.abc import Sequence

from colisage.orders.actions.note_doorsteps import note_doorsteps
from colisage.orders.events import OrderAccepted, OrderChanged


def follow_doors(events: Sequence[OrderAccepted | OrderChanged]) -> None:
    """Write down where orders go that came in or changed. The same events again change nothing."""
    historic = {event.order_id for event in events if isinstance(event, OrderAccepted) and event.quiet}
    note_doorsteps({event.order_id for event in events} - historic)
