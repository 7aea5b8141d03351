"""Stock by SKU, one SKU, and its corrections."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from colisage.catalog.queries import barcodes_of, sku_of, skus_page
from colisage.inventory.actions.adjust_stock import adjust_stock
from colisage.inventory.queries import ADJUSTMENTS, REASONS, figures_of, history_of, shelves_of
from colisage.kit.errors import NotAllowed, NotThere, Refused

PAGE = 50


@login_required
@require_GET
def stock(request: Any) -> HttpResponse:
    """List SKUs with what is on hand, promised, free and owed."""
    ids = [request.merchant.id] if request.merchant else list(request.view.merchants)
    text = request.GET.get("text", "")[:100].replace("\x00", "").strip()
    after = request.GET.get("after", "")[:120].replace("\x00", "")
    found = skus_page(ids, text=text, after=after, size=PAGE)
    figures = figures_of(ids, sku_ids=[sku.id for sku in found[:PAGE]])
    rows = [{"sku": sku, "figures": figures[sku.id]} for sku in found[:PAGE]]
    following = found[PAGE - 1].code if len(found) > PAGE else None
    return render(request, "inventory/stock.html", {"rows": rows, "text": text, "next": following})


@login_required
@require_GET
def sku(request: Any, sku_id: int) -> HttpResponse:
    """Show a SKU: how many there are, where they lie, and why."""
    found = sku_of(list(request.view.merchants), sku_id=sku_id)
    if found is None:
        raise NotThere
    context = {
        "sku": found,
        "currency": request.view.merchants[found.merchant_id].currency,
        "barcode": barcodes_of([sku_id]).get(sku_id, ""),
        "figures": figures_of([found.merchant_id], sku_ids=[sku_id])[sku_id],
        "shelves": shelves_of(found.merchant_id, sku_id=sku_id),
        "changes": [
            {"change": c, "reason": REASONS.get(c.reason, c.reason)}
            for c in history_of(found.merchant_id, sku_id=sku_id)
        ],
        "reasons": [(code, REASONS[code]) for code in ADJUSTMENTS],
        "may_adjust": request.view.may_for(found.merchant_id, "receiver"),
    }
    return render(request, "inventory/sku.html", context)


@login_required
@require_POST
def adjust(request: Any, sku_id: int) -> HttpResponse:
    """Set what lies in a place to what was counted there."""
    found = sku_of(list(request.view.merchants), sku_id=sku_id)
    counted, cell = request.POST.get("counted", ""), request.POST.get("cell", "")
    if found is None or not cell.isdecimal():
        raise NotThere
    if not request.view.may_for(found.merchant_id, "receiver"):
        raise NotAllowed
    try:
        if not counted.isdecimal() or int(counted) > 1_000_000_000:
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
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("sku", sku_id)
