"""Closing a node for good, with what stands in the way; and using it again."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from colisage.desk.actions.shut_node import shut_node
from colisage.desk.queries.in_the_way import in_the_way
from colisage.kit.errors import Refused
from colisage.network.actions.open_again import open_again
from colisage.network.queries.nodes import managed_node


@login_required
@require_http_methods(["GET", "POST"])
def close_for_good(request: Any, node_id: int) -> HttpResponse:
    """Show what stands in the way of closing a node; close it when nothing does."""
    node = managed_node(request.view.operator_roles, node_id=node_id)
    why, fault = str(request.POST.get("why", "")).replace("\x00", "")[:120], ""
    if request.method == "POST":
        try:
            shut_node(node.operator_id, node_id=node_id, why=why, actor=request.actor)
        except Refused as refusal:
            fault = str(refusal)
        else:
            messages.success(request, _("%(name)s is closed for good.") % {"name": node.name})
            return redirect("node", node_id)
    context = {
        "node": node,
        "why": why,
        "fault": fault,
        "in_the_way": in_the_way(node_id) if node.active else [],
        "section": "settings",
    }
    return render(request, "desk/close_node.html", context, status=422 if fault else 200)


@login_required
@require_POST
def use_again(request: Any, node_id: int) -> HttpResponse:
    """Use a node again that was closed for good."""
    node = managed_node(request.view.operator_roles, node_id=node_id)
    if open_again(node.operator_id, node_id=node_id, actor=request.actor):
        messages.success(request, _("%(name)s is used again. Orders may be sourced there.") % {"name": node.name})
    return redirect("node", node_id)
