"""From the dock to a bin."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from colisage.inbound import queries
from colisage.inbound.actions.put_away import put_away
from colisage.inbound.views.chosen import merchants
from colisage.inventory.queries import bins_with, empty_bin
from colisage.kit.errors import NotAllowed, NotThere, Refused


@login_required
@require_GET
def put_away_list(request: Any) -> HttpResponse:
    """List what stands on the dock."""
    return render(request, "inbound/put_away_list.html", {"dock": queries.on_the_dock(merchants(request))})


@login_required
@require_http_methods(["GET", "POST"])
def put_away_one(request: Any, receipt_id: int) -> HttpResponse:
    """Put one receipt away: a suggested bin, confirmed by scan."""
    if not request.view.may("receiver"):
        raise NotAllowed
    receipt = queries.receipt_of(list(request.view.merchants), receipt_id=receipt_id)
    if receipt is None:
        raise NotThere
    left = receipt.good - receipt.put_away
    context: dict[str, Any] = {"receipt": receipt}
    if request.method == "POST":
        units = request.POST.get("qty", "") or str(left)
        try:
            left = put_away(
                receipt.merchant_id,
                receipt_id=receipt_id,
                bin_code=request.POST.get("code", ""),
                qty=int(units) if units.isdecimal() and len(units) < 9 else 0,
                actor=request.actor,
            )
            context |= {"verdict": "ok", "text": _("Put away.")}
        except Refused as refusal:
            context |= {"verdict": "bad", "text": str(refusal)}
        if not left:
            return redirect("put-away")
    known = bins_with(receipt.merchant_id, sku_id=receipt.sku_id, node_id=receipt.node_id)
    context |= {"left": left, "suggested": known[0] if known else empty_bin(receipt.node_id)}
    status = 422 if context.get("verdict") == "bad" else 200
    return render(request, "inbound/put_away.html", context, status=status)
