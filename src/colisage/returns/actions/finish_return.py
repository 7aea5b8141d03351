from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere, Refused
from colisage.kit.events import tell
from colisage.returns.actions.close_paid import close_paid
from colisage.returns.events import ReturnInspected
from colisage.returns.models import ReturnItem, ReturnRequest


class StillToJudge(Refused):
    """Units on the table were not judged, or nothing came at all."""

    code = "still_to_judge"
    text = _("Judge every item that came before you finish return %(number)s.")


@transaction.atomic
def finish_return(merchant_id: int, *, return_id: int, actor: Actor) -> None:
    """Say that nothing more comes: what came is judged, what did not come is not paid back. Harmless when repeated."""
    request = ReturnRequest.objects.select_for_update(no_key=True).filter(merchant_id=merchant_id, pk=return_id).first()
    if request is None:
        raise NotThere
    if request.state == "inspected":
        return
    waiting = ReturnItem.objects.filter(
        merchant_id=merchant_id, return_request=return_id, inspected__lt=F("received")
    ).exists()
    if request.state != "received" or waiting:
        raise StillToJudge(number=request.number)
    ReturnRequest.objects.filter(pk=request.pk).update(state="inspected", inspected_at=timezone.now())
    tell([ReturnInspected(merchant_id=merchant_id, order_id=request.order_id, return_id=request.pk)])
    record_deeds(
        [
            Deed(
                "order",
                request.order_id,
                "return_inspected",
                {"number": request.number, "return": request.pk},
                merchant_id=merchant_id,
            )
        ],
        actor=actor,
    )
    close_paid(merchant_id, return_id=return_id)
