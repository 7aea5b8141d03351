from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed, NotThere, Refused
from colisage.kit.events import tell
from colisage.returns.events import ReturnRefused
from colisage.returns.models import ReturnRequest
from colisage.returns.rules import may_move


class ReasonMissing(Malformed):
    """A customer who is refused is told why."""

    code = "reason_missing"
    text = _("Say why: the customer reads it.")


class TooLateToRefuse(Refused):
    """The return is on the table, or its refund is decided."""

    code = "too_late_to_refuse"
    text = _("Return %(number)s cannot be refused any more.")


@transaction.atomic
def refuse_return(merchant_id: int, *, return_id: int, reason: str, actor: Actor) -> None:
    """Say no to a return, before it came or once it is inspected; the customer is told why."""
    request = ReturnRequest.objects.select_for_update(no_key=True).filter(merchant_id=merchant_id, pk=return_id).first()
    if request is None:
        raise NotThere
    if not reason.strip():
        raise ReasonMissing
    if not may_move(request.state, "refused"):
        raise TooLateToRefuse(number=request.number)
    ReturnRequest.objects.filter(pk=request.pk).update(state="refused", refusal=reason.strip()[:300])
    tell([ReturnRefused(merchant_id=merchant_id, order_id=request.order_id, return_id=request.pk)])
    record_deeds(
        [
            Deed(
                "order",
                request.order_id,
                "return_refused",
                {"number": request.number, "return": request.pk, "reason": reason.strip()[:300]},
                merchant_id=merchant_id,
            )
        ],
        actor=actor,
    )
