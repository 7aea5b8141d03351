"""Making kits on the floor: fetch each component, scan it, then scan the bin that the kits go to."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from colisage.catalog.queries import SkuFacts, judged, kits_page, skus_by_id
from colisage.inventory.actions.assemble_kits import assemble_kits
from colisage.inventory.queries.kits import CanMake, Plan, can_make, made_already, plan_of
from colisage.inventory.views.kits import ROLES, bin_called, kit_of, merchants, nodes_of, number
from colisage.kit.errors import NotAllowed, NotThere, Refused
from colisage.kit.gs1 import sent
from colisage.network.queries import node_names

MOST_KITS = 200


@login_required
@require_http_methods(["GET", "POST"])
def kit_floor(request: Any) -> HttpResponse:
    """Say which kits can be made where. A scan chooses one."""
    if not request.view.may(*ROLES):
        raise NotAllowed
    rows = _makeable(request)
    if request.method == "POST":
        return _chosen(request, rows)
    return render(request, "inventory/kit_floor.html", {"rows": rows})


def _makeable(request: Any) -> list[dict[str, Any]]:
    found = kits_page(merchants(request), size=MOST_KITS)[:MOST_KITS]
    can: dict[int, CanMake] = {}
    for merchant in sorted({kit.merchant_id for kit in found}):
        can |= can_make(merchant, sku_ids=[kit.id for kit in found if kit.merchant_id == merchant])
    names = node_names({node for made in can.values() for node in made.can})
    return [
        {"kit": kit, "node_id": node, "node": names[node], "can": sets}
        for kit in found
        if request.view.may_for(kit.merchant_id, *ROLES)
        for node, sets in can[kit.id].can.items()
    ]


def _chosen(request: Any, rows: list[dict[str, Any]]) -> HttpResponse:
    """Go to the kit that was scanned; one that several nodes can make is shown alone."""
    code = sent(request.POST.get("code"))
    scan = judged(merchants(request), code=code)
    hits = {hit.sku_id for hit in scan.hits}
    right = [row for row in rows if row["kit"].id in hits]
    if len(right) == 1:
        return redirect("kit-floor-one", right[0]["kit"].id, right[0]["node_id"])
    if right:
        return render(request, "inventory/kit_floor.html", {"rows": right})
    text = scan.why if scan.is_noise else _("This is not a kit that can be made now.")
    said = {"rows": rows, "verdict": "bad", "text": text, "scanned": code[:60]}
    return render(request, "inventory/kit_floor.html", said, status=422)


@login_required
@require_http_methods(["GET", "POST"])
def kit_floor_one(request: Any, sku_id: int, node_id: int) -> HttpResponse:
    """Make so many kits: the list of components and bins, one scan after another."""
    kit = kit_of(request, sku_id)
    names = nodes_of(request, kit.merchant_id)
    if node_id not in names:
        raise NotThere
    if not request.view.may_for(kit.merchant_id, *ROLES):
        raise NotAllowed
    qty = min(max(number(str(request.GET.get("n", ""))) or 1, 1), 100_000)
    seen = {pk for text in str(request.GET.get("seen", ""))[:2_000].split(",") if (pk := number(text)) is not None}
    plan = plan_of(kit.merchant_id, sku_id=sku_id, node_id=node_id, kits=qty)
    state: dict[str, Any] = {"kit": kit, "node_id": node_id, "node": names[node_id], "qty": qty, "once": _once(request)}
    said = _scan(request, state, plan=plan, seen=seen) if request.method == "POST" else {}
    if said.get("done"):
        return render(request, "inventory/part_assembled.html", {**state, **said})
    context = {**state, **said, **_listed(state, plan=plan, seen=seen)}
    part = "inventory/part_assembling.html" if request.method == "POST" else "inventory/assembling.html"
    return render(request, part, context, status=422 if said.get("verdict") == "bad" else 200)


def _once(request: Any) -> UUID:
    try:
        return UUID(str(request.GET.get("once", "")))
    except ValueError:
        return uuid4()


def _listed(state: Mapping[str, Any], *, plan: Plan, seen: set[int]) -> dict[str, Any]:
    """Give what the page shows: where each component lies, which are fetched, and what to scan next."""
    kit: SkuFacts = state["kit"]
    facts = skus_by_id(kit.merchant_id, ids={t.cell.sku_id for t in plan.taken} | set(plan.missing))
    rows = [{"taken": t, "sku": facts[t.cell.sku_id], "seen": t.cell.cell_id in seen} for t in plan.taken]
    following = next((row for row in rows if not row["seen"]), None)
    query = urlencode({"n": state["qty"], "seen": ",".join(map(str, sorted(seen))), "once": state["once"]})
    return {
        "rows": rows,
        "following": following,
        "fetched": sum(bool(row["seen"]) for row in rows),
        "missing": [(facts[sku], units) for sku, units in plan.missing.items() if sku in facts],
        "address": f"{reverse('kit-floor-one', args=[kit.id, state['node_id']])}?{query}",
    }


def _scan(request: Any, state: Mapping[str, Any], *, plan: Plan, seen: set[int]) -> dict[str, Any]:
    """Take a scan: a component of the list, or at the end the bin; give the verdict. `seen` are cells."""
    kit: SkuFacts = state["kit"]
    code = sent(request.POST.get("code"))
    wanted = {t.cell.cell_id for t in plan.taken}
    if (wanted <= seen and not plan.missing) or made_already(kit.merchant_id, once=state["once"]):
        return _make(request, state, code=code, plan=plan)
    scan = judged([kit.merchant_id], code=code)
    hits = {hit.sku_id for hit in scan.hits}
    of_it = [t.cell for t in plan.taken if t.cell.sku_id in hits]
    to_fetch = [cell for cell in of_it if cell.cell_id not in seen]
    right = [cell for cell in to_fetch if not (cell.lot and scan.contradicts(lots=[cell.lot]))]
    if right:
        seen.add(right[0].cell_id)
        return {"verdict": "ok", "text": _("Right.")}
    if to_fetch:
        text = _("This is lot %(lot)s. Take lot %(wanted)s.") % {"lot": scan.named_lot, "wanted": to_fetch[0].lot}
    elif of_it:
        return {"verdict": "ok", "text": _("This one is fetched already.")}
    else:
        text = scan.why if scan.is_noise else _("This is not a component of this kit.")
    return {"verdict": "bad", "text": text, "scanned": code[:60]}


def _make(request: Any, state: Mapping[str, Any], *, code: str, plan: Plan) -> dict[str, Any]:
    """Make the kits out of what was fetched, put into the bin that was scanned."""
    kit: SkuFacts = state["kit"]
    try:
        with transaction.atomic():
            assemble_kits(
                kit.merchant_id,
                node_id=state["node_id"],
                sku_id=kit.id,
                qty=state["qty"],
                place_id=bin_called(state["node_id"], code),
                once=state["once"],
                chosen={t.cell.cell_id: t.units for t in plan.taken},
                actor=request.actor,
            )
    except Refused as refusal:
        return {"verdict": "bad", "text": str(refusal), "scanned": code}
    said = ngettext("%(n)s kit is made.", "%(n)s kits are made.", state["qty"]) % {"n": state["qty"]}
    return {"done": True, "verdict": "ok", "text": said, "bin": code}
