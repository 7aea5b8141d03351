"""Settling what was found about an address."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from colisage.intake.actions.settle_address import settle_address
from colisage.kit.errors import NotAllowed, NotThere, Refused
from colisage.orders.queries import order_of


@login_required
@require_POST
def settle(request: Any, order_id: int) -> HttpResponse:
    """Take the suggestion for an address, or keep what was written."""
    order = order_of(list(request.view.merchants), order_id=order_id)
    if order is None:
        raise NotThere
    if not request.view.may_for(order.merchant_id, "support"):
        raise NotAllowed
    take = "take" in request.POST
    try:
        seen = request.POST.get("check", "")
        settle_address(order.merchant_id, order_id=order_id, take=take, actor=request.actor, seen=seen)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The address is corrected.") if take else _("The address stays as it is written."))
    return redirect("order", order_id)
