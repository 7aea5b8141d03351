"""The table by which bins are chosen, what zones are made for, and how SKUs have to be kept."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from colisage.catalog.actions.store_skus import store_skus
from colisage.catalog.queries import skus_by_code
from colisage.catalog.queries.storing import stored_skus
from colisage.inbound.actions.save_dock_policy import NotAShare, save_dock_policy
from colisage.inbound.actions.save_putaway_rules import save_putaway_rules
from colisage.inbound.models import RuleKind
from colisage.inbound.queries.dock import over_percent_of
from colisage.inbound.queries.shelving import rules_of
from colisage.inbound.rules.putaway import HARD, Rule
from colisage.inbound.views.chosen import key_in, merchants
from colisage.kit.errors import NotAllowed, NotThere, Refused
from colisage.network.actions.equip_node import equip_node
from colisage.network.queries import NodeFacts, nodes_run_by
from colisage.network.queries.storing import cross_dock_bins, storage_says, storage_types, storing_zones

_LONGEST = 20_000


@login_required
@require_GET
def putaway_rules(request: Any) -> HttpResponse:
    """Show the rules of a node, in order, and what its zones are made for."""
    nodes = nodes_run_by(list(request.view.operators))
    wanted = key_in(request.GET.get("node", ""))
    node = next((n for n in nodes if n.id == wanted), nodes[0] if nodes else None)
    context: dict[str, Any] = {"nodes": nodes, "node": node, "types": storage_types()}
    if node is not None:
        context |= {
            "rules": _table(node),
            "zones": storing_zones([node.id]),
            "cross_dock": " ".join(cross_dock_bins([node.id])[node.id]),
            "manages": _manages(request, node),
        }
    ids = merchants(request)
    context["skus"] = [(pk, code, name, storage_says(kept)) for pk, code, name, kept in stored_skus(ids)]
    if request.merchant is not None:
        context["over_percent"] = over_percent_of(request.merchant.id)
    context["may_skus"] = request.merchant is not None and request.view.may_for(request.merchant.id, "manager")
    return render(request, "inbound/putaway_rules.html", context)


def _table(node: NodeFacts) -> list[dict[str, Any]]:
    """Give the rules in force in their order, then those that are not used."""
    used = rules_of([node.id])[node.id]
    labels = dict(RuleKind.choices)
    unused = [Rule(kind) for kind in RuleKind.values if kind not in {rule.kind for rule in used}]
    return [
        {
            "kind": rule.kind,
            "label": labels[rule.kind],
            "position": n + 1 if n < len(used) else "",
            "must": rule.must,
            "hard": rule.kind in HARD,
        }
        for n, rule in enumerate([*used, *unused])
    ]


@login_required
@require_POST
def save_rules(request: Any, node_id: int) -> HttpResponse:
    """Save the rules of a node: those with a place in the order, by it."""
    node = _node(request, node_id)
    told = []
    for kind in RuleKind.values:
        position = request.POST.get(f"position_{kind}", "").strip()
        if position and not (position.isascii() and position.isdecimal() and len(position) < 4):
            messages.error(request, _("The order is a number, such as 1, 2, 3. Leave it empty for a rule not used."))
            return redirect(_back(node_id))
        if position:
            told.append((int(position), Rule(kind, must=f"must_{kind}" in request.POST)))
    told.sort(key=lambda row: row[0])
    save_putaway_rules(node.operator_id, node_id=node_id, rules=[rule for _n, rule in told], actor=request.actor)
    messages.success(request, _("Rules saved."))
    return redirect(_back(node_id))


@login_required
@require_POST
def equip(request: Any, node_id: int) -> HttpResponse:
    """Save what zones are made for, and which bins hold what goes first."""
    node = _node(request, node_id)
    zones = {z.id: key_in(request.POST.get(f"zone_{z.id}", "")) for z in storing_zones([node_id])}
    codes = request.POST.get("cross_dock", "")[:_LONGEST].replace("\x00", "").replace(",", " ").split()
    try:
        equip_node(node.operator_id, node_id=node_id, zones=zones, cross_dock=codes, actor=request.actor)
        messages.success(request, _("Zones saved."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(_back(node_id))


@login_required
@require_POST
def save_policy(request: Any) -> HttpResponse:
    """Say how many more than ordered are taken in without a question."""
    merchant = _managed(request)
    typed = request.POST.get("over_percent", "").strip()
    try:
        if not (typed.isascii() and typed.isdecimal() and len(typed) < 9):
            raise NotAShare
        save_dock_policy(merchant, over_percent=int(typed), actor=request.actor)
        messages.success(request, _("Tolerance saved."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("putaway-rules")


def _managed(request: Any) -> int:
    """Give the merchant that is looked at, for whom the person decides."""
    if request.merchant is None:
        raise NotAllowed(_("Choose one merchant in the bar above."))
    if not request.view.may_for(request.merchant.id, "manager"):
        raise NotAllowed
    return int(request.merchant.id)


@login_required
@require_POST
def store(request: Any) -> HttpResponse:
    """Say of which storage type SKUs are."""
    merchant = _managed(request)
    codes = request.POST.get("skus", "")[:_LONGEST].replace("\x00", "").replace(",", " ").split()
    wanted = key_in(request.POST.get("storage", ""))
    if wanted is not None and wanted not in {pk for pk, _code, _name in storage_types()}:
        raise NotThere
    known = skus_by_code(merchant, codes=codes)
    if missing := [code for code in codes if code.upper() not in known]:
        messages.error(request, _("Not in the catalogue: %(codes)s.") % {"codes": ", ".join(missing[:5])})
        return redirect("putaway-rules")
    ids = [sku.id for sku in known.values()]
    store_skus(merchant, sku_ids=ids, storage_id=wanted, actor=request.actor)
    messages.success(request, _("Storage types saved."))
    return redirect("putaway-rules")


def _node(request: Any, node_id: int) -> NodeFacts:
    node = next((n for n in nodes_run_by(list(request.view.operators)) if n.id == node_id), None)
    if node is None:
        raise NotThere
    if not _manages(request, node):
        raise NotAllowed
    return node


def _manages(request: Any, node: NodeFacts) -> bool:
    return "manager" in request.view.operator_roles.get(node.operator_id, ())


def _back(node_id: int) -> str:
    return f"/inbound/put-away/rules?node={node_id}"
