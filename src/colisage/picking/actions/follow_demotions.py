from collections.abc import Sequence

from django.db import connection

from colisage.inventory.actions.reserve import lock_free
from colisage.inventory.events import ReservationDemoted, UnitsUnbound
from colisage.kit.actors import SYSTEM
from colisage.kit.statements import statement
from colisage.orders.actions.claim_parts import claim_parts
from colisage.picking.actions.drop_lost_tasks import drop_lost_tasks
from colisage.picking.actions.mend_orders import mend_orders
from colisage.picking.actions.settle_orders import settle_orders
from colisage.picking.models import PickBatch, PickTask
from colisage.picking.queries import progress_of


def follow_demotions(events: Sequence[ReservationDemoted | UnitsUnbound]) -> None:
    """Take the tasks off the floor whose units are no longer there, and fetch what another bin holds instead."""
    owners = {kind: sorted({e.owner_id for e in events if e.owner_kind == kind}) for kind in ("order_line", "insert")}
    with connection.cursor() as db:
        db.execute(statement("picking", "orders_of_demoted"), [owners["order_line"], owners["insert"]])
        orders = {row[0] for row in db.fetchall()}
    if not orders:
        return
    claim_parts(orders)
    lock_free({line.sku_id for line in progress_of(sorted(orders))})  # before the batches, as every pick does
    touched = PickTask.objects.filter(fulfillment_order__in=orders).values("batch")
    list(PickBatch.objects.select_for_update(no_key=True).filter(pk__in=touched).order_by("pk"))
    drop_lost_tasks(orders)
    mend_orders(orders, actor=SYSTEM)
    settle_orders(orders, actor=SYSTEM)
