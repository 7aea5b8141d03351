"""Corrections of what lies somewhere, by hand."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from colisage.catalog.queries import sku_of
from colisage.inventory.actions.adjust_stock import adjust_stock
from colisage.kit.errors import NotAllowed, NotThere, Refused


@login_required
@require_POST
def adjust(request: Any, sku_id: int) -> HttpResponse:
    """Set what lies in a place to what was counted there."""
    found = sku_of(list(request.view.merchants), sku_id=sku_id)
    counted, cell = request.POST.get("counted", ""), request.POST.get("cell", "")
    if found is None or not (cell.isascii() and cell.isdecimal() and len(cell) < 19):
        raise NotThere
    if not request.view.may_for(found.merchant_id, "receiver"):
        raise NotAllowed
    try:
        if not (counted.isascii() and counted.isdecimal() and len(counted) < 9):
            messages.error(request, _("Say how many units you counted: a whole number."))
        else:
            difference = adjust_stock(
                found.merchant_id,
                cell_id=int(cell),
                counted=int(counted),
                reason=request.POST.get("reason", ""),
                actor=request.actor,
            )
            messages.success(request, _("Counted: %(difference)+d units.") % {"difference": difference})
    except NotThere:
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("sku", sku_id)
