"""From the dock to a bin, a whole plate: a pallet or carton with all that stands on it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from colisage.inbound.actions.choose_bin import AgainstRules
from colisage.inbound.actions.put_away_plate import put_away_plate
from colisage.inbound.actions.unload_plate import unload_plate
from colisage.inbound.queries.plated import DockPlate, dock_plates, plate_suggestions
from colisage.inbound.views.chosen import merchants
from colisage.kit.errors import NotAllowed, NotThere, Refused
from colisage.kit.gs1 import sent
from colisage.network.queries import place_of


@login_required
@require_http_methods(["GET", "POST"])
def put_away_whole(request: Any, plate_id: int) -> HttpResponse:
    """Put one plate away: a suggested bin for all of it, confirmed by scan."""
    plate = _plate(request, plate_id)
    context: dict[str, Any] = {}
    if request.method == "POST":
        context = _put(request, plate)
        if context["verdict"] == "ok":
            return render(request, "inbound/put_away_plate.html", {"plate": plate, "lying": plate.lying, **context})
    if plate.on_dock and plate.to_inspect is None:
        if plate.held:
            context["quarantine"] = place_of(plate.lying[0].node_id, kind="quarantine").code
        else:
            context["suggestion"] = plate_suggestions([plate])[0]
    context |= {"plate": plate, "lying": plate.lying}
    status = 422 if context.get("verdict") == "bad" else 200
    return render(request, "inbound/put_away_plate.html", context, status=status)


def _put(request: Any, plate: DockPlate) -> dict[str, Any]:
    code = sent(request.POST.get("code"))[:60]
    manages = request.view.may_for(plate.merchant_id, "manager")
    try:
        units = put_away_plate(
            [plate.merchant_id],
            plate_id=plate.id,
            bin_code=code,
            override=manages and code != "" and request.POST.get("override", "") == code,
            actor=request.actor,
        )
    except AgainstRules as refusal:
        return {"verdict": "bad", "text": str(refusal), "typed": code, "may_override": manages}
    except Refused as refusal:
        return {"verdict": "bad", "text": str(refusal), "typed": code}
    text = ngettext("%(plate)s put away with %(n)s unit.", "%(plate)s put away with %(n)s units.", units)
    return {"verdict": "ok", "text": text % {"plate": plate.code, "n": units}, "done": True}


@login_required
@require_POST
def unload(request: Any, plate_id: int) -> HttpResponse:
    """Take everything off a plate: it is put away one by one."""
    plate = _plate(request, plate_id)
    try:
        unload_plate([plate.merchant_id], plate_id=plate.id, actor=request.actor)
    except Refused as refusal:
        context = {"plate": plate, "lying": plate.lying, "verdict": "bad", "text": str(refusal)}
        return render(request, "inbound/put_away_plate.html", context, status=422)
    return redirect("put-away")


def _plate(request: Any, plate_id: int) -> DockPlate:
    found = dock_plates(merchants(request), plate_ids=[plate_id]) if plate_id < 2**63 else []
    if not found:
        raise NotThere(_("There is no such plate."))
    if not request.view.may_for(found[0].merchant_id, "receiver"):
        raise NotAllowed
    return found[0]
