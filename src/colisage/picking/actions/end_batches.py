"""The walk is over when nothing of it is left to pick."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef
from django.utils import timezone

from colisage.picking.models import PickBatch, PickTask


def end_batches(fulfillment_order_ids: Collection[int]) -> int:
    """End the batches of these parts that have no open task any more; the caller holds their lock. Give how many."""
    touched = PickTask.objects.filter(fulfillment_order__in=fulfillment_order_ids).values("batch")
    return PickBatch.objects.filter(
        ~Exists(PickTask.objects.filter(batch=OuterRef("pk"), state="open")), pk__in=touched, done_at=None
    ).update(state="done", done_at=timezone.now())
