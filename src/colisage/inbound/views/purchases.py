"""The desk: what is expected, and what is ordered from suppliers."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from colisage.catalog.queries import skus_by_code
from colisage.inbound import queries
from colisage.inbound.actions.order_goods import order_goods
from colisage.inbound.forms import PurchaseForm
from colisage.inbound.views.chosen import merchants
from colisage.kit.errors import NotAllowed, NotThere, Refused
from colisage.network.queries import nodes_serving


@login_required
@require_GET
def receiving(request: Any) -> HttpResponse:
    """List what is expected, and what stands on the dock."""
    ids = merchants(request)
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
