from collections.abc import Sequence

from django.db import connection, transaction

from colisage.inventory.actions.set_turns import set_turns
from colisage.inventory.events import ReservationDemoted
from colisage.kit.statements import statement
from colisage.orders.events import OrderAccepted, OrderChanged
from colisage.orders.models import Backorder, OrderLine
from colisage.orders.queries.turns import criteria_of, turn_for


@transaction.atomic
def rank_waiting(events: Sequence[OrderAccepted | OrderChanged | ReservationDemoted]) -> None:
    """Put orders that begin to wait, or changed, where their merchant wants them in the queue.

    One statement where no merchant wants anything but first come, first served. The same events again change nothing.
    """
    criteria = criteria_of({event.merchant_id for event in events if event.merchant_id})
    told = [event for event in events if event.merchant_id in criteria]
    if not told:
        return
    lines = OrderLine.objects.filter(merchant_id__in=criteria).select_related("order__channel")
    orders = {event.order_id for event in told if not isinstance(event, ReservationDemoted)}
    demoted = {e.owner_id for e in told if isinstance(e, ReservationDemoted) and e.owner_kind == "order_line"}
    rows = [*lines.filter(order__in=orders), *lines.filter(pk__in=demoted)]
    accepted = {event.order_id for event in told if isinstance(event, OrderAccepted)}
    joining = {line.pk for line in rows if line.order_id in accepted}
    if joining:  # who has a day already, reckoned with the queue before he was heard of, is dated anew
        with connection.cursor() as db:
            db.execute(statement("orders", "lock_dates"), [sorted(criteria)])
        joining -= set(Backorder.objects.filter(order_line__in=joining).values_list("order_line_id", flat=True))
    set_turns("order_line", {line.pk: turn_for(line.order, criteria) for line in rows}, joining=joining)
