"""By what waiting orders are served, and pulling one of them forward."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from colisage.desk.forms import TurnsForm
from colisage.desk.views.changes import order_to_decide
from colisage.kit.errors import NotAllowed, Refused
from colisage.kit.marks import SavedMeanwhile
from colisage.network.queries import channels_of
from colisage.orders.actions.pull_order import pull_order
from colisage.orders.actions.save_turns import save_turns
from colisage.orders.queries.turns import criteria_kept, turns_mark
from colisage.ui.seen import meanwhile


@login_required
@require_http_methods(["GET", "POST"])
def turns(request: Any) -> HttpResponse:
    """Say by what waiting orders are served when units come."""
    merchant = request.merchant
    if merchant is None or "manager" not in request.view.merchant_roles.get(merchant.id, frozenset()):
        raise NotAllowed(_("Choose one merchant that you manage, in the bar above."))
    channels = [(c.code, c.name) for c in channels_of(merchant.id).values()]
    kept = criteria_kept(merchant.id)
    if request.POST.get("press") == "again":  # another choice in a row: its fields are drawn, nothing is kept
        form = TurnsForm.drawn(request.POST, channels=channels)
    else:
        form = TurnsForm(request.POST or None, kept=kept, channels=channels)
    if form.is_bound and form.is_valid():
        try:
            save_turns(merchant.id, form.criteria(), seen=form.seen, actor=request.actor)
        except SavedMeanwhile:
            kept, form.told = criteria_kept(merchant.id), True  # in the turn of whoever was before
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved. Whoever waits now is in the new order already."))
            return redirect("turns")
    if form.told:  # also when it is drawn again, for another choice or after an error
        now = meanwhile(form.stands(kept), doc_kind="merchant", doc_id=merchant.id, verb="turns_saved")
        form.tell(now, mark=turns_mark(kept))
    context = {"form": form, "kept": kept, "section": "orders"}
    return render(
        request, "desk/turns.html", context, status=422 if form.is_bound and (form.errors or form.now) else 200
    )


@login_required
@require_POST
def pull(request: Any, order_id: int) -> HttpResponse:
    """Serve an order before all others that wait, and go back to where that was asked for."""
    order = order_to_decide(request, order_id)
    sku = str(request.POST.get("sku", ""))
    try:
        pull_order(order.merchant_id, order_id=order.pk, actor=request.actor)
        messages.success(request, _("Order %(number)s is served next.") % {"number": order.number})
    except Refused as refusal:
        messages.error(request, str(refusal))
    if sku.isascii() and sku.isdecimal() and len(sku) < 19:
        return redirect("sku", int(sku))
    return redirect("order", order.pk)
