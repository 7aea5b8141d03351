from django.db import transaction
from django.utils import timezone

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere
from colisage.returns.models import Refund, ReturnRequest


@transaction.atomic
def mark_paid_back(merchant_id: int, *, refund_id: int, reference: str, actor: Actor) -> None:
    """Say that a refund was paid in the shop's own system; its return is closed. Harmless when repeated."""
    refund = (
        Refund.objects.select_for_update(no_key=True, of=("self",))
        .filter(merchant_id=merchant_id, pk=refund_id)
        .select_related("return_request")
        .first()
    )
    if refund is None:
        raise NotThere
    if refund.state == "done":
        return
    Refund.objects.filter(pk=refund.pk).update(
        state="done", reference=reference.strip()[:80], done_at=timezone.now(), done_by=str(actor)[:150]
    )
    ReturnRequest.objects.filter(pk=refund.return_request_id).update(state="closed")
    record_deeds(
        [
            Deed(
                "order",
                refund.order_id,
                "refund_paid",
                {"number": refund.return_request.number, "return": refund.return_request_id},
                merchant_id=merchant_id,
            )
        ],
        actor=actor,
    )
