"""The doors of nodes: their hours, zones and new bins."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dates import WEEKDAYS as DAYS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from colisage.kit.errors import NotAllowed, NotThere, Refused
from colisage.kit.money import decimal
from colisage.network.actions.add_bins import add_bins, refuse_bins
from colisage.network.actions.add_zone import add_zone
from colisage.network.actions.change_node import change_node
from colisage.network.actions.close_days import DayIsOver, close_days
from colisage.network.actions.close_holidays import close_holidays
from colisage.network.actions.found_node import found_node
from colisage.network.actions.open_days import open_days
from colisage.network.forms import (
    ADDRESS,
    AisleForm,
    BinForm,
    ClosureForm,
    NewNodeForm,
    NodeForm,
    ZoneForm,
)
from colisage.network.models import Node
from colisage.network.queries import departures
from colisage.network.queries.calendars import closures_of, day_at
from colisage.network.queries.nodes import bins_page, free_spot, managed_node, node_of, nodes_page, zones_of
from colisage.network.queries.plans import floor_parts, floor_plan, part_called, part_nearest
from colisage.network.rules import WEEKDAYS, bins_of_aisle

PAGE = 50


def _typed(request: Any, name: str) -> str:
    return str(request.GET.get(name, ""))[:100].replace("\x00", "").strip()


def _page(request: Any, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, template, {"section": "settings", **context}, status=status)


def _find(request: Any, node_id: int) -> Node:
    """Give a node of an operator the person works for."""
    found = node_of(list(request.view.operator_roles), node_id=node_id)
    if found is None:
        raise NotThere
    return found


def _manages(request: Any, node: Node) -> bool:
    return "manager" in request.view.operator_roles[node.operator_id]


@login_required
@require_GET
def nodes(request: Any) -> HttpResponse:
    """List the nodes of the operators the person works for."""
    rows = nodes_page(list(request.view.operator_roles), after=_typed(request, "after"), size=PAGE)
    last = rows[PAGE - 1].node if len(rows) > PAGE else None
    context = {
        "rows": rows[:PAGE],
        "next": f"{last.code} {last.pk}" if last else None,
        "several": len(request.view.operator_roles) > 1,
        "may_found": any("manager" in roles for roles in request.view.operator_roles.values()),
    }
    return _page(request, "network/nodes.html", context)


@login_required
@require_GET
def node(request: Any, node_id: int) -> HttpResponse:
    """Show a node: its floor, its bins, its hours."""
    found = _find(request, node_id)
    text = _typed(request, "text")
    rows = bins_page(node_id, text=text, after=_typed(request, "after"), size=PAGE)
    parts = floor_parts(node_id)
    part = part_called(parts, key=_typed(request, "part"))
    context = {
        "node": found,
        "parts": parts,
        "part": part,
        "stand": sum(one.bins for one in parts),
        "address": [found.address.get(key, "") for key in ADDRESS if key != "phone"],
        "working_days": [DAYS[day - 1] for day in found.working_days or WEEKDAYS],
        "leaves_at": departures([node_id], now=timezone.now())[node_id],
        "zones": zones_of(node_id),
        "plan": floor_plan(part),
        "bins": rows[:PAGE],
        "next": rows[PAGE - 1].code if len(rows) > PAGE else None,
        "text": text,
        "may_change": _manages(request, found),
        "closures": closures_of(node_id, since=day_at(found, now=timezone.now())),
        "closing": ClosureForm(),
    }
    return _page(request, "network/node.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new_node(request: Any) -> HttpResponse:
    """Make a node."""
    managed = [pk for pk, roles in request.view.operator_roles.items() if "manager" in roles]
    if not managed:
        raise NotAllowed
    served = sorted({m for o, m in request.view.serving if o in managed})
    form = NewNodeForm(
        request.POST if request.method == "POST" else None,
        operators=[(pk, request.view.operators[pk].name) for pk in managed],
        merchants=[(pk, request.view.merchants[pk].name) for pk in served],
        initial={
            "operator": managed[0],
            "merchants": served,
            "timezone": request.view.operators[managed[0]].timezone,
            "cutoff": "16:00",
            "handling": Decimal("1.20"),
            "working_days": [str(day) for day in WEEKDAYS],
        },
    )
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            made = found_node(
                told["operator"],
                code=told["code"],
                merchant_ids=told["merchants"],
                actor=request.actor,
                **form.facts(currency=request.view.operators[told["operator"]].currency),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The node is there. Add its aisles, so that goods can be put away."))
            return redirect("node", made)
    return _page(request, "network/edit_node.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_POST
def close_day(request: Any, node_id: int) -> HttpResponse:
    """Close a node on a day."""
    found = managed_node(request.view.operator_roles, node_id=node_id)
    form = ClosureForm(request.POST)
    became: Refused | bool = DayIsOver()  # nor does anybody know a day that cannot be read
    if form.is_valid():
        day = form.cleaned_data["day"]
        days = {day: form.cleaned_data["reason"]}
        became = close_days(found.operator_id, node_id=node_id, days=days, actor=request.actor)[day]
    if isinstance(became, Refused):
        messages.error(request, str(became))
    else:
        messages.success(request, _("Closed that day. Orders accepted from now on leave before or after it."))
    return redirect("node", node_id)


@login_required
@require_POST
def close_on_holidays(request: Any, node_id: int) -> HttpResponse:
    """Close a node on the public holidays of its country, until the end of next year."""
    found = managed_node(request.view.operator_roles, node_id=node_id)
    try:
        made = sum(close_holidays(found.operator_id, node_id=node_id, actor=request.actor).values())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        text = ngettext("%(n)s public holiday added.", "%(n)s public holidays added.", made)
        messages.success(request, text % {"n": made})
    return redirect("node", node_id)


@login_required
@require_POST
def open_again(request: Any, node_id: int) -> HttpResponse:
    """Work on a day that was closed."""
    found = managed_node(request.view.operator_roles, node_id=node_id)
    form = ClosureForm(request.POST)
    if form.is_valid() and open_days(
        found.operator_id, node_id=node_id, days=[form.cleaned_data["day"]], actor=request.actor
    ):
        messages.success(request, _("The node works that day."))
    return redirect("node", node_id)


@login_required
@require_http_methods(["GET", "POST"])
def edit_node(request: Any, node_id: int) -> HttpResponse:
    """Change a node's name, address and hours."""
    found = managed_node(request.view.operator_roles, node_id=node_id)
    initial = {
        **{key: found.address.get(key, "") for key in ADDRESS},
        "name": found.name,
        "gln": found.gln,
        "handling": decimal(found.handling_cents, currency=found.operator.currency),
        "timezone": found.timezone,
        "cutoff": found.cutoff,
        "working_days": [str(day) for day in found.working_days or WEEKDAYS],
    }
    form = NodeForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            facts = form.facts(currency=found.operator.currency)
            change_node(found.operator_id, node_id=node_id, actor=request.actor, **facts)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved. Orders accepted from now on leave by these hours."))
            return redirect("node", node_id)
    context = {"form": form, "node": found}
    return _page(request, "network/edit_node.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def new_zone(request: Any, node_id: int) -> HttpResponse:
    """Make a zone."""
    found = managed_node(request.view.operator_roles, node_id=node_id)
    form = ZoneForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            add_zone(found.operator_id, node_id=node_id, actor=request.actor, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("code", str(refusal))
        else:
            messages.success(request, _("Zone %(code)s is made.") % {"code": form.cleaned_data["code"]})
            return redirect("node", node_id)
    context = {"form": form, "node": found}
    return _page(request, "network/new_zone.html", context, status=422 if form.errors else 200)


def _storage(node_id: int) -> list[tuple[int, str]]:
    return [(zone.id, zone.code) for zone in zones_of(node_id) if zone.kind == "storage"]


@login_required
@require_http_methods(["GET", "POST"])
def new_bin(request: Any, node_id: int) -> HttpResponse:
    """Add one bin."""
    found = managed_node(request.view.operator_roles, node_id=node_id)
    form = BinForm(request.POST if request.method == "POST" else None, zones=_storage(node_id))
    if request.method == "POST" and form.is_valid():
        zone, bins = form.cleaned_data["zone"], form.bins()
        try:
            add_bins(found.operator_id, node_id=node_id, zone_id=zone, bins=bins, actor=request.actor)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Bin %(code)s is added.") % {"code": bins[0].code})
            return redirect("node", node_id)
    context = {"form": form, "node": found, "zones": _storage(node_id)}
    return _page(request, "network/new_bin.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def new_aisle(request: Any, node_id: int) -> HttpResponse:
    """Add a whole aisle: shown on the plan first, made when that was seen."""
    found = managed_node(request.view.operator_roles, node_id=node_id)
    zones, spot = _storage(node_id), free_spot(node_id)
    form = AisleForm(
        request.POST if request.method == "POST" else None,
        zones=zones,
        initial={"x_mm": spot.x_mm, "y_mm": spot.y_mm},
    )
    context: dict[str, Any] = {"form": form, "node": found, "zones": zones}
    if request.method == "POST" and form.is_valid():
        bins = bins_of_aisle(form.pattern())
        seen = f"{len(bins)} {bins[0].code} {bins[-1].code}"
        try:
            if request.POST.get("step") == "add" and request.POST.get("seen") == seen:
                add_bins(
                    found.operator_id,
                    node_id=node_id,
                    zone_id=form.cleaned_data["zone"],
                    bins=bins,
                    actor=request.actor,
                )
                made = ngettext("%(n)s bin is added.", "%(n)s bins are added.", len(bins))
                messages.success(request, made % {"n": len(bins)})
                return redirect("node", node_id)
            refuse_bins(node_id, bins=bins)
            lit = [(one.code, one.x_mm, one.y_mm) for one in bins]
            part = part_nearest(node_id, parts=floor_parts(node_id), spot=lit[0][1:])
            context |= {"bins": bins, "final": bins[-1], "seen": seen, "plan": floor_plan(part, lit=lit)}
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _page(request, "network/new_aisle.html", context, status=422 if form.errors else 200)
