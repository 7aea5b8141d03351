"""The doors for goods coming in: the desk's lists, and the dock's scans."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from colisage.catalog.queries import SkuFacts, scanned, skus_across, skus_by_code
from colisage.inbound import queries
from colisage.inbound.actions.order_goods import order_goods
from colisage.inbound.actions.put_away import put_away
from colisage.inbound.actions.receive_goods import receive_goods
from colisage.inbound.forms import PurchaseForm, ReceiveForm
from colisage.inventory.queries import bins_with, empty_bin
from colisage.kit.errors import NotAllowed, NotThere, Refused
from colisage.network.queries import nodes_serving


def _merchants(request: Any) -> list[int]:
    return [request.merchant.id] if request.merchant else list(request.view.merchants)


@login_required
@require_GET
def receiving(request: Any) -> HttpResponse:
    """List what is expected, and what stands on the dock."""
    ids = _merchants(request)
    context = {"purchases": queries.purchases(ids), "dock": queries.on_the_dock(ids)}
    return render(request, "inbound/receiving.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new_purchase(request: Any) -> HttpResponse:
    """Write a purchase order."""
    if request.merchant is None:
        raise NotAllowed(_("Choose one merchant in the bar above."))
    if not request.view.may("receiver"):
        raise NotAllowed
    merchant = request.merchant.id
    nodes = [(str(n.node_id), n.name) for n in nodes_serving([merchant])[merchant]]
    form = PurchaseForm(request.POST or None, nodes=nodes)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        skus = skus_by_code(merchant, codes=[code for code, _units in told["lines"]])
        missing = [code for code, _units in told["lines"] if code.upper() not in skus]
        if missing:
            form.add_error("lines", _("Not in the catalogue: %(codes)s.") % {"codes": ", ".join(missing)})
        else:
            try:
                purchase_id = order_goods(
                    merchant,
                    supplier=told["supplier"],
                    node_id=int(told["node"]),
                    number=told["number"],
                    expected_on=told["expected_on"],
                    lines=[(skus[c.upper()].id, units, skus[c.upper()].cost_cents) for c, units in told["lines"]],
                    actor=request.actor,
                )
                return redirect("purchase", purchase_id)
            except Refused as refusal:
                form.add_error(None, str(refusal))
    return render(request, "inbound/new_purchase.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_GET
def purchase(request: Any, purchase_id: int) -> HttpResponse:
    """Show a purchase order: what was ordered, what came."""
    found = queries.purchase_of(list(request.view.merchants), purchase_id=purchase_id)
    if found is None:
        raise NotThere
    return render(request, "inbound/purchase.html", {"purchase": found, "lines": queries.purchase_lines(purchase_id)})


@login_required
@require_http_methods(["GET", "POST"])
def receive(request: Any, purchase_id: int | None = None) -> HttpResponse:
    """Take goods in by scan: against a purchase order, or without one."""
    if not request.view.may("receiver"):
        raise NotAllowed
    order = queries.purchase_of(list(request.view.merchants), purchase_id=purchase_id) if purchase_id else None
    if purchase_id and order is None:
        raise NotThere
    merchants = [order.merchant_id] if order else _merchants(request)
    context: dict[str, Any] = {"purchase": order, "lines": queries.purchase_lines(order.id) if order else []}
    if request.method == "POST":
        context |= _take_in(request, merchants, order)
        if order:
            context["lines"] = queries.purchase_lines(order.id)
    status = 422 if context.get("verdict") == "bad" else 200
    template = "inbound/receive.html#task" if request.htmx else "inbound/receive.html"
    return render(request, template, context, status=status)


def _take_in(request: Any, merchants: list[int], order: queries.Expected | None) -> dict[str, Any]:
    """Judge one scan at the dock: first the code, then how many came."""
    code = request.POST.get("code", "").strip()[:100].replace("\x00", "")
    sku = _sku(merchants, code)
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


def _sku(merchants: list[int], code: str) -> SkuFacts | None:
    found = scanned(merchants, code=code) if code else []
    return skus_across(merchants, ids=[found[0].sku_id]).get(found[0].sku_id) if len(found) == 1 else None


@login_required
@require_GET
def put_away_list(request: Any) -> HttpResponse:
    """List what stands on the dock."""
    return render(request, "inbound/put_away_list.html", {"dock": queries.on_the_dock(_merchants(request))})


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
