"""From the dock to a bin."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from colisage.inbound import queries
from colisage.inbound.actions.choose_bin import AgainstRules
from colisage.inbound.actions.put_away_many import Portion, put_away_many
from colisage.inbound.models import Receipt
from colisage.inbound.queries.dock import alike_on_the_dock
from colisage.inbound.queries.putaway import Suggestion, for_whom, suggestions
from colisage.inbound.views.chosen import merchants
from colisage.kit.errors import NotAllowed, NotThere, Refused


@login_required
@require_GET
def put_away_list(request: Any) -> HttpResponse:
    """List what stands on the dock, and where it should go; what people wait for comes first."""
    found = suggestions(queries.on_the_dock(merchants(request)))
    found.sort(key=lambda s: (not s.goods.owed, s.receipt.pk))
    return render(request, "inbound/put_away_list.html", {"dock": found})


@login_required
@require_http_methods(["GET", "POST"])
def put_away_one(request: Any, receipt_id: int) -> HttpResponse:
    """Put one receipt away: a suggested bin, confirmed by scan; units with serial numbers go together."""
    receipt = _receipt(request, receipt_id)
    if receipt.inspection_due:
        return redirect("inspect", receipt.pk)
    alike = alike_on_the_dock(receipt)
    context: dict[str, Any] = {"receipt": receipt, "alike": len(alike)}
    left = receipt.left
    if request.method == "POST":
        together = "together" in request.POST and alike
        portions = [Portion(r.pk, 1) for r in alike] if together else [Portion(receipt.pk, _units(request, left))]
        context |= _put(request, receipt, portions)
        if "text" not in context or context["verdict"] == "ok":
            left = sum(context["left"].values())
            if not left:
                return redirect("put-away")
            receipt.put_away = receipt.good - receipt.rejected - left
    suggestion = suggestions([receipt])[0] if left else None
    context |= {"left": left, "suggestion": suggestion, **_waited_for(receipt, suggestion, left=left)}
    status = 422 if context.get("verdict") == "bad" else 200
    return render(request, "inbound/put_away.html", context, status=status)


def _waited_for(receipt: Receipt, suggestion: Suggestion | None, *, left: int) -> dict[str, Any]:
    """Say how many units go first, and for whom; so many are proposed for a bin of those that go first."""
    owed = suggestion.goods.owed if suggestion else 0
    if suggestion is None or not owed:
        return {"proposed": left}
    first = suggestion.best is not None and suggestion.best.bin.cross_dock
    return {
        "proposed": min(left, owed) if first else left,
        "owed_says": ngettext("%(n)s unit is waited for", "%(n)s units are waited for", owed) % {"n": owed},
        "whom": [(name, units) for name, units in for_whom(receipt) if name],
    }


def _units(request: Any, left: int) -> int:
    told = request.POST.get("qty", "") or str(left)
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 9 else 0


def _put(request: Any, receipt: Receipt, portions: list[Portion]) -> dict[str, Any]:
    code = request.POST.get("code", "")[:60].replace("\x00", "")
    manages = request.view.may_for(receipt.merchant_id, "manager")
    try:
        left = put_away_many(
            receipt.merchant_id,
            portions,
            bin_code=code,
            override=manages and code != "" and request.POST.get("override", "") == code,
            actor=request.actor,
        )
    except AgainstRules as refusal:
        return {"verdict": "bad", "text": str(refusal), "typed": code, "may_override": manages}
    except Refused as refusal:
        return {"verdict": "bad", "text": str(refusal), "typed": code}
    return {"verdict": "ok", "text": _("Put away."), "left": left}


def _receipt(request: Any, receipt_id: int) -> Receipt:
    receipt = queries.receipt_of(list(request.view.merchants), receipt_id=receipt_id)
    if receipt is None or receipt.undone_at is not None:
        raise NotThere
    if not request.view.may_for(receipt.merchant_id, "receiver"):
        raise NotAllowed
    return receipt
