"""The warehouse from above, with how full its bins are; and one bin."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from colisage.inventory.queries.occupancy import bins_filled, lying_in
from colisage.inventory.rules.occupancy import Bin, fill, state
from colisage.inventory.views.moving import ROLES
from colisage.kit.errors import NotThere
from colisage.network.queries import nodes_run_by, places_by_id
from colisage.network.queries.places import places_facts
from colisage.network.queries.plans import Bay, bins_of_bay, bins_of_part, floor_parts, lay_out, part_called
from colisage.ui import words

STATES: Final[dict[str, str | Promise]] = {
    "empty": gettext_lazy("empty"),
    "some": gettext_lazy("up to half full"),
    "much": gettext_lazy("up to 85% full"),
    "full": gettext_lazy("full"),
    "over": gettext_lazy("more than it holds"),
    "used": gettext_lazy("in use, capacity unknown"),
}
SHARES: Final = {"empty": 0.0, "some": 0.33, "much": 0.66, "full": 1.0, "over": 1.0, "used": 0.33}  # of the bay drawn


@login_required
@require_GET
def stock_plan(request: Any) -> HttpResponse:
    """Draw a part of a node from above: each bay is filled as far as it is full, and leads to its bins."""
    nodes = {n.id: n for n in nodes_run_by(list(request.view.operators))}
    wanted = str(request.GET.get("node", ""))
    chosen = nodes.get(int(wanted) if wanted.isascii() and wanted.isdecimal() and len(wanted) < 19 else 0)
    chosen = chosen or next(iter(nodes.values()), None)
    parts = floor_parts(chosen.id) if chosen else []
    part = part_called(parts, key=request.GET.get("part", ""))
    bins = bins_filled(bins_of_part(part)) if part else []
    plan = lay_out([(b.code, b.x_mm, b.y_mm) for b in bins]) if bins else None
    context = {
        "node": chosen,
        "parts": parts,
        "part": part,
        "plan": plan,
        "bays": _bays(plan.bays, bins) if plan else [],
        "aisles": _aisles(bins),
        "used": sum(b.units > 0 for b in bins),
        "all": len(bins),
        "legend": [(name, word, SHARES[name]) for name, word in STATES.items()],
        "nodes": [(n.id, n.name) for n in nodes.values()],
    }
    return render(request, "inventory/stock_plan.html", context)


def _bays(bays: Sequence[Bay], bins: Sequence[Bin]) -> list[dict[str, Any]]:
    """Put what lies in each bay beside its drawing."""
    of_code = {b.code: b for b in bins}
    drawn = []
    for bay in bays:
        here = [of_code[code] for code in bay.codes]
        name = state(here)
        share = fill(here)
        part = min(share, 1.0) if share is not None and name != "empty" else SHARES[name]
        told = STATES[name] if share is None else words.percent(share)
        drawn.append(
            {
                "bay": bay,
                "bin": here[0],
                "state": name,
                "frozen": any(b.frozen for b in here),
                "top": bay.y + bay.height * (1 - part),
                "tall": bay.height * part,
                "title": _("%(bay)s: %(state)s, %(units)s units")
                % {"bay": bay.title, "state": told, "units": words.count(sum(b.units for b in here))},
            }
        )
    return drawn


def _aisles(bins: Sequence[Bin]) -> list[dict[str, Any]]:
    """Say the same aisle by aisle, in numbers."""
    aisles: dict[str, list[Bin]] = defaultdict(list)
    for one in bins:
        aisles[next(iter(words.bin_parts(one.code)), one.code)].append(one)
    return [
        {
            "name": name,
            "bins": len(here),
            "empty": sum(not b.units for b in here),
            "units": sum(b.units for b in here),
            "fill": fill(here),
            "counts": Counter(state([b]) for b in here),
        }
        for name, here in sorted(aisles.items())
    ]


@login_required
@require_GET
def stock_bin(request: Any, place_id: int) -> HttpResponse:
    """Show a bin: what lies in it, how full it is, whether it is being counted, and the bins above and below it."""
    place = places_by_id([place_id]).get(place_id) if place_id < 2**63 else None
    nodes = {n.id: n for n in nodes_run_by(list(request.view.operators))}
    if place is None or place.node_id not in nodes:
        raise NotThere
    here = {b.id: b for b in bins_filled(bins_of_bay(place.node_id, x_mm=place.x_mm, y_mm=place.y_mm))}
    if place_id not in here:  # it is blocked, and the page of its node says why
        is_bin = places_facts([place_id])[place_id].kind == "bin"
        if not is_bin or nodes[place.node_id].operator_id not in request.view.operator_roles:
            raise NotThere
        return redirect(f"{reverse('node', args=[place.node_id])}?{urlencode({'text': place.code})}#bins")
    one = here[place_id]
    column = sorted(here.values(), key=lambda b: -b.level)
    context = {
        "bin": one,
        "node": nodes[place.node_id],
        "lying": lying_in(list(request.view.merchants), place_id=place_id),
        "state": STATES[state([one])],
        "column": [{"bin": b, "state": STATES[state([b])]} for b in column],
        "may_move": bool(ROLES & set(request.view.operator_roles.get(nodes[place.node_id].operator_id, ()))),
        "tab": "stock-plan",
    }
    return render(request, "inventory/bin.html", context)
