"""Opening a SKU for pre-order, and closing it, on its page."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from colisage.catalog.queries import sku_of
from colisage.inventory.actions.set_preorder import set_preorder
from colisage.inventory.forms.preorders import PreorderForm
from colisage.kit.errors import NotAllowed, NotThere, Refused


@login_required
@require_POST
def set_sku_preorder(request: Any, sku_id: int) -> HttpResponse:
    """Open a SKU for pre-order at a node, change it, or close it."""
    found = sku_of(list(request.view.merchants), sku_id=sku_id) if sku_id < 2**63 else None
    if found is None:
        raise NotThere
    if not request.view.may_for(found.merchant_id, "manager"):
        raise NotAllowed
    form = PreorderForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write a number of units and a day: the pre-order stays as it was."))
        return redirect("sku", sku_id)
    told = form.cleaned_data
    try:
        with transaction.atomic():
            set_preorder(
                found.merchant_id, sku_id=sku_id, node_id=told["node"], most=told["most"] or 0, on=told["on"],
                strict=told["strict"], actor=request.actor,
            )  # fmt: skip
        messages.success(request, _("The pre-order is saved.") if told["most"] else _("No more pre-orders are taken."))
    except NotThere:
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("sku", sku_id)
