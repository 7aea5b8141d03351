"""Bins that are not used for a time."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from colisage.inventory.actions.block_bins import block_bins
from colisage.kit.errors import NotAllowed, NotThere, Refused
from colisage.network.actions.use_bins import use_bins
from colisage.network.queries.places import PlaceFacts, places_facts
from colisage.ui import words


def _managed(request: Any, place_id: int) -> PlaceFacts:
    """Give a bin of a node whose operator the person manages."""
    found = places_facts([place_id]).get(place_id) if place_id < 2**63 else None
    if found is None or found.kind != "bin" or found.operator_id not in request.view.operator_roles:
        raise NotThere
    if "manager" not in request.view.operator_roles[found.operator_id]:
        raise NotAllowed
    return found


@login_required
@require_POST
def block(request: Any, place_id: int) -> HttpResponse:
    """Use a bin no more, and say why."""
    place = _managed(request, place_id)
    try:
        why = str(request.POST.get("why", "")).replace("\x00", "")
        became = block_bins(
            place.operator_id, node_id=place.node_id, place_ids=[place_id], why=why, actor=request.actor
        )[place_id]
        if isinstance(became, Refused):
            raise became
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        said = _("%(bin)s is blocked: nothing is put there any more.")
        messages.success(request, said % {"bin": words.plate(place.code)})
    return redirect("node-bin", place.node_id, place_id)


@login_required
@require_POST
def use(request: Any, place_id: int) -> HttpResponse:
    """Use a bin again that was blocked."""
    place = _managed(request, place_id)
    try:
        use_bins(place.operator_id, node_id=place.node_id, place_ids=[place_id], actor=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(bin)s is used again.") % {"bin": words.plate(place.code)})
    return redirect("node-bin", place.node_id, place_id)
