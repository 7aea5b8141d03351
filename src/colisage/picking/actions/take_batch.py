from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere, Refused
from colisage.orders.actions.advance_stage import advance_stage
from colisage.orders.actions.claim_parts import claim_parts
from colisage.picking.models import PickBatch, PickTask


class BatchIsTaken(Refused):
    """Somebody else walks this batch."""

    code = "batch_is_taken"
    text = _("%(picker)s has taken batch %(batch)s. Take another one.")


@transaction.atomic
def take_batch(operator_id: int, *, batch_id: int, actor: Actor) -> None:
    """Take a batch to walk it: its orders are being picked from now on. Taking one's own again is harmless.

    Raises `BatchIsTaken` when somebody else has it or it is done.
    """
    tasks = PickTask.objects.filter(operator_id=operator_id, batch=batch_id)
    orders = claim_parts(set(tasks.values_list("fulfillment_order_id", flat=True)))
    batch = PickBatch.objects.select_for_update(no_key=True).filter(operator_id=operator_id, pk=batch_id).first()
    if batch is None:
        raise NotThere
    if batch.state == "taken" and batch.picked_by == str(actor) and batch.picker_id == _person(actor):
        return
    if batch.state != "waiting":
        raise BatchIsTaken(picker=batch.picked_by or "—", batch=batch.pk)
    batch.state, batch.taken_at = "taken", timezone.now()
    batch.picker_id, batch.picked_by = _person(actor), str(actor)[:150]
    batch.save(update_fields=["state", "taken_at", "picker_id", "picked_by"])
    advance_stage(orders, before={"released"}, after="picking", actor=actor)
    record_deeds([Deed("batch", batch.pk, "batch_taken", {}, operator_id=operator_id)], actor=actor)


def _person(actor: Actor) -> int | None:
    return actor.id if actor.kind == "person" else None
