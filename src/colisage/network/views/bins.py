"""One bin as those see it who run its node, and the order in which pickers pass the aisles."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from colisage.kit.errors import NotThere, Refused
from colisage.network.actions.change_bin import change_bin
from colisage.network.actions.walk_aisles import walk_aisles
from colisage.network.forms import BinChangeForm, WalkForm
from colisage.network.queries.aisles import aisles_along, bin_before
from colisage.network.queries.nodes import bin_of, managed_node
from colisage.ui import words


@login_required
@require_http_methods(["GET", "POST"])
def node_bin(request: Any, node_id: int, place_id: int) -> HttpResponse:
    """Give a bin another code or another place along the walk; block it, or use it again."""
    node = managed_node(request.view.operator_roles, node_id=node_id)
    found = bin_of(node_id, place_id=place_id)
    if found is None:
        raise NotThere
    before = bin_before(node_id, place_id=place_id)
    form = BinChangeForm(
        request.POST if request.method == "POST" else None, initial={"code": found.code, "after": before}
    )
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        after = told["after"] if told["after"] != before else None
        try:
            changed = change_bin(
                node.operator_id, node_id=node_id, place_id=place_id, code=told["code"], after=after,
                actor=request.actor,
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            if "code" in changed:
                said = _("The bin is called %(code)s from now on. Print its label anew: the old code is not found.")
                messages.success(request, said % {"code": words.plate(told["code"])})
            else:
                messages.success(request, _("Saved."))
            return redirect("node-bin", node_id, place_id)
    context = {"form": form, "node": node, "bin": found, "section": "settings"}
    return render(request, "network/node_bin.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def node_walk(request: Any, node_id: int) -> HttpResponse:
    """Say in which order pickers pass the aisles, and which of them they walk the other way."""
    node = managed_node(request.view.operator_roles, node_id=node_id)
    rows = aisles_along(node_id)
    form = WalkForm(request.POST if request.method == "POST" else None, aisles=rows)
    if request.method == "POST" and form.is_valid():
        if walk_aisles(node.operator_id, node_id=node_id, order=form.order(), actor=request.actor):
            messages.success(request, _("Saved. Batches made from now on go this way."))
        return redirect("node-walk", node_id)
    context = {"form": form, "node": node, "section": "settings"}
    return render(request, "network/node_walk.html", context, status=422 if form.errors else 200)
