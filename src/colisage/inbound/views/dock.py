"""The dock: taking goods in by scan."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from colisage.catalog.queries import SkuFacts, scanned, skus_across
from colisage.inbound import queries
from colisage.inbound.actions.receive_goods import receive_goods
from colisage.inbound.forms import ReceiveForm
from colisage.inbound.views.chosen import merchants
from colisage.kit.errors import NotAllowed, NotThere, Refused
from colisage.network.queries import nodes_serving


@login_required
@require_http_methods(["GET", "POST"])
def receive(request: Any, purchase_id: int | None = None) -> HttpResponse:
    """Take goods in by scan: against a purchase order, or without one."""
    if not request.view.may("receiver"):
        raise NotAllowed
    order = queries.purchase_of(list(request.view.merchants), purchase_id=purchase_id) if purchase_id else None
    if purchase_id and order is None:
        raise NotThere
    merchant_ids = [order.merchant_id] if order else merchants(request)
    context: dict[str, Any] = {"purchase": order, "lines": queries.purchase_lines(order.id) if order else []}
    if request.method == "POST":
        context |= _take_in(request, merchant_ids, order)
        if order:
            context["lines"] = queries.purchase_lines(order.id)
    status = 422 if context.get("verdict") == "bad" else 200
    template = "inbound/receive.html#task" if request.htmx else "inbound/receive.html"
    return render(request, template, context, status=status)


def _take_in(request: Any, merchant_ids: list[int], order: queries.Expected | None) -> dict[str, Any]:
    """Judge one scan at the dock: first the code, then how many came."""
    code = request.POST.get("code", "").strip()[:100].replace("\x00", "")
    sku = _sku(merchant_ids, code)
    if sku is None:
        return {"verdict": "bad", "text": _("Nobody knows this code."), "scanned": code}
    if "good" not in request.POST:
        return {"sku": sku, "code": code}
    form = ReceiveForm(request.POST)
    if not form.is_valid():
        return {"verdict": "bad", "text": _("Say how many units came: a whole number."), "sku": sku, "code": code}
    told = form.cleaned_data
    node = order.node_id if order else nodes_serving([sku.merchant_id])[sku.merchant_id][0].node_id
    try:
        receive_goods(
            sku.merchant_id,
            node_id=node,
            sku_id=sku.id,
            sku_code=sku.code,
            good=told["good"],
            damaged=told["damaged"] or 0,
            purchase_order_id=order.id if order else None,
            lot=told["lot"],
            expires_on=told["expires_on"],
            tracks_lots=sku.tracks_lots,
            actor=request.actor,
        )
    except Refused as refusal:
        return {"verdict": "bad", "text": str(refusal), "sku": sku, "code": code}
    text = _("%(good)s × %(name)s taken in.") % {"good": told["good"], "name": sku.name}
    return {"verdict": "ok", "text": text}


def _sku(merchant_ids: list[int], code: str) -> SkuFacts | None:
    found = scanned(merchant_ids, code=code) if code else []
    return skus_across(merchant_ids, ids=[found[0].sku_id]).get(found[0].sku_id) if len(found) == 1 else None
