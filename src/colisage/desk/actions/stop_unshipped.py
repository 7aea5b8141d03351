from django.db import transaction

from colisage.desk.queries.recall import Trace, open_orders, reason_of
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.orders.actions.set_hold import set_hold


@transaction.atomic
def stop_unshipped(merchant_id: int, *, trace: Trace, actor: Actor) -> int:
    """Hold every order that units of a traced lot are bound to and that has not left; give how many were not stopped.

    Nothing of them is labelled or handed over until a person releases the hold.
    """
    ids = [order.order_id for order in open_orders(trace.lot_ids, code=trace.lot.code) if not order.held]
    reason = reason_of(trace.lot.code)
    stopped = set_hold(merchant_id, order_ids=ids, kind="manual", reason=reason, actor=actor)
    record_deeds(
        [Deed("recall", trace.lot.id, "unshipped_stopped", {"orders": stopped}, merchant_id=merchant_id)], actor=actor
    )
    return stopped
