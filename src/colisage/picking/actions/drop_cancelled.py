from collections.abc import Sequence

from colisage.orders.actions.claim_parts import claim_parts
from colisage.orders.events import StageReached
from colisage.picking.actions.drop_lost_tasks import drop_lost_tasks
from colisage.picking.actions.end_batches import end_batches
from colisage.picking.models import PickBatch, PickTask


def drop_cancelled(events: Sequence[StageReached]) -> None:
    """Take off the floor what was still to be picked for parts that are cancelled now: nobody walks for them."""
    stopped = {event.fulfillment_order_id for event in events}
    claim_parts(stopped)
    touched = PickTask.objects.filter(fulfillment_order__in=stopped).values("batch")
    list(PickBatch.objects.select_for_update(no_key=True).filter(pk__in=touched).order_by("pk"))
    drop_lost_tasks(stopped)
    end_batches(stopped)
