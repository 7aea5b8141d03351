"""Own production: what the house made comes in as such."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from colisage.inbound.actions.receive_production import receive_production
from colisage.inbound.forms.productions import ProductionForm
from colisage.inbound.queries.productions import productions_page
from colisage.inbound.queries.suppliers import skus_said
from colisage.inbound.views.chosen import chosen, key_in, merchants
from colisage.kit.errors import Refused
from colisage.network.queries import nodes_serving

PAGE = 50


@login_required
@require_http_methods(["GET", "POST"])
def productions(request: Any) -> HttpResponse:
    """List what was made in the house, and take a batch in."""
    rows = productions_page(merchants(request), after=key_in(request.GET.get("after", "")), size=PAGE)
    form = None
    if request.method == "POST" or (
        request.merchant is not None and request.view.may_for(request.merchant.id, "receiver")
    ):
        merchant = chosen(request)
        nodes = [(str(n.node_id), n.name) for n in nodes_serving([merchant.id])[merchant.id]]
        posted = request.POST if request.method == "POST" else None
        form = ProductionForm(posted, nodes=nodes, initial={"once": uuid4().hex})
        if posted is not None and form.is_valid() and _take_in(request, form, merchant.id):
            messages.success(request, _("The batch stands on the dock."))
            return redirect("productions")
    context = {
        "rows": rows[:PAGE],
        "next": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "form": form,
        "tab": "productions",
    }
    return render(request, "inbound/productions.html", context, status=422 if form and form.errors else 200)


def _take_in(request: Any, form: ProductionForm, merchant_id: int) -> bool:
    """Take a batch in; what is refused is said at the form."""
    told = form.cleaned_data
    codes = [told["sku"], *(line.code for line in told["components"])]
    known = skus_said(merchant_id, codes=codes)
    if missing := [code for code in codes if code.upper() not in known]:
        form.add_error(None, _("Not in the catalogue: %(codes)s.") % {"codes": ", ".join(missing[:20])})
        return False
    used = [(known[line.code.upper()], line.units) for line in told["components"]]
    made, case = known[told["sku"].upper()]
    try:
        receive_production(
            merchant_id,
            [(sku.id, units * each) for (sku, each), units in used],
            node_id=int(told["node"]),
            sku_id=made.id,
            qty=told["qty"] * case,
            lot=told["lot"],
            expires_on=told["expires_on"],
            serials=told["serials"],
            batch=told["batch"],
            once=told["once"],
            actor=request.actor,
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True
