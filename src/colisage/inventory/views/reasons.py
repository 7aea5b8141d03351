"""The reasons for which a merchant's stock is corrected."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from colisage.inventory.actions.save_reason import save_reason, use_reason
from colisage.inventory.forms.reasons import ReasonForm
from colisage.inventory.models import Direction
from colisage.inventory.queries.reasons import reasons_of
from colisage.kit.errors import NotAllowed, Refused


def _merchant(request: Any, *, manages: bool) -> int:
    """Give the merchant switched to; a manager of it where something is changed."""
    if request.merchant is None:
        raise NotAllowed(_("Choose one merchant in the bar above."))
    if manages and not request.view.may_for(request.merchant.id, "manager"):
        raise NotAllowed
    return int(request.merchant.id)


@login_required
@require_http_methods(["GET", "POST"])
def adjustment_reasons(request: Any) -> HttpResponse:
    """List the reasons, and add one."""
    merchant = _merchant(request, manages=request.method == "POST")
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            save_reason(merchant, actor=request.actor, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("adjustment-reasons")
        except Refused as refusal:
            form.add_error(None, str(refusal))
    words = dict(Direction.choices)
    found = reasons_of(merchant)
    context = {
        "form": form,
        "reasons": [(reason, words[Direction(reason.direction)]) for reason in found],
        "used": sum(reason.active for reason in found),
        "may_change": request.view.may_for(merchant, "manager"),
        "tab": "counts",
    }
    return render(request, "inventory/reasons.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def adjustment_reason_use(request: Any) -> HttpResponse:
    """Begin or stop to use a reason."""
    merchant = _merchant(request, manages=True)
    code = request.POST.get("code", "").replace("\x00", "")[:30]
    use_reason(merchant, code=code, active=request.POST.get("use") == "1", actor=request.actor)
    return redirect("adjustment-reasons")
