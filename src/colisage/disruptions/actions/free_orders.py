from django.db import transaction

from colisage.kit.actors import SYSTEM
from colisage.network.queries.disruptions import Disruption, ended_on
from colisage.orders.actions.release_hold import release_hold
from colisage.orders.queries.holds import disrupted_page

AT_ONCE = 500  # orders of one transaction


@transaction.atomic
def free_orders(disruption: Disruption, *, merchant_id: int) -> bool:
    """Release the next holds of a disruption that is over; say whether there may be more. Harmless when repeated.

    Holds for another reason, or of another disruption, stay.
    """
    holds = disrupted_page([merchant_id], disruption_id=disruption.pk, size=AT_ONCE)
    ids = [hold.pk for hold in holds[:AT_ONCE]]
    release_hold(
        merchant_id,
        hold_ids=ids,
        over=(disruption.pk, disruption.about),
        over_on=ended_on(disruption),
        actor=SYSTEM,
    )
    return len(holds) > AT_ONCE
