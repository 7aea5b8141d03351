from django.db import transaction
from django.utils.translation import gettext as _

from colisage.desk.queries.recall import Trace, open_orders
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.orders.actions.set_hold import set_hold


@transaction.atomic
def stop_unshipped(merchant_id: int, *, trace: Trace, actor: Actor) -> int:
    """Hold every order that units of a traced lot are bound to and that has not left; give how many were not held.

    Nothing of them is labelled or handed over until a person releases the hold.
    """
    ids = [order.order_id for order in open_orders(trace.lot_ids)]
    reason = (_("recall of lot %(lot)s") % {"lot": trace.lot.code})[:60]
    stopped = set_hold(merchant_id, order_ids=ids, kind="manual", reason=reason, actor=actor)
    record_deeds(
        [Deed("recall", trace.lot.id, "unshipped_stopped", {"orders": stopped}, merchant_id=merchant_id)], actor=actor
    )
    return stopped
