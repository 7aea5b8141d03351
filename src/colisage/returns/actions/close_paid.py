"""Closing returns that were paid back in the shop itself: nothing is decided or due here any more."""

from django.db import transaction

from colisage.kit.actors import SYSTEM
from colisage.kit.audit import Deed, record_deeds
from colisage.returns.models import ReturnRequest, ShopRefund
from colisage.returns.queries import refund_preview


@transaction.atomic
def close_paid(merchant_id: int, *, return_id: int) -> bool:
    """Close a return that is inspected and of which the shop has paid back all that came; give whether it is."""
    rows = ReturnRequest.objects.select_for_update(no_key=True).filter(merchant_id=merchant_id, pk=return_id)
    request = rows.filter(state="inspected").first()
    if request is None or not ShopRefund.objects.filter(return_request=request, settles=False).exists():
        return False
    due = refund_preview(merchant_id, return_id=return_id)
    if due is not None and due.lines:
        return False
    ReturnRequest.objects.filter(pk=return_id).update(state="closed")
    told = {"number": request.number, "return": request.pk}
    record_deeds([Deed("order", request.order_id, "return_paid_in_shop", told, merchant_id=merchant_id)], actor=SYSTEM)
    return True
