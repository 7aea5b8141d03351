"""The floor: moving stock by scan, and saying in which condition it is."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from colisage.catalog.queries import judged
from colisage.inventory.actions.change_condition import change_condition
from colisage.inventory.actions.move_plates import move_plates
from colisage.inventory.actions.move_stock import Shift, move_stock
from colisage.inventory.actions.nest_plate import nest_plate
from colisage.inventory.forms.moving import ConditionForm, UnitsForm
from colisage.inventory.queries.documents import document_told, draw_document
from colisage.inventory.queries.plates import (
    OnHand,
    Plate,
    branch,
    cell_on_hand,
    lying_at,
    places_of_plates,
    plate_of,
    plates_by_code,
    trees_of,
)
from colisage.kit.errors import NotAllowed, NotThere, Refused
from colisage.kit.gs1 import sent
from colisage.network.queries import nodes_run_by
from colisage.network.queries.places import PlaceFacts, places_facts, places_with_code
from colisage.ui import words

ROLES = frozenset({"manager", "receiver"})


def nodes_worked(request: Any) -> list[int]:
    """Give the nodes where the person may move stock; refuse who may nowhere."""
    operators = [o for o, roles in request.view.operator_roles.items() if roles & ROLES]
    if not operators:
        raise NotAllowed
    return [node.id for node in nodes_run_by(operators)]


def merchants(request: Any) -> list[int]:
    """Give the merchants whose goods are shown."""
    return [request.merchant.id] if request.merchant else list(request.view.merchants)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 19 else None


def _code(request: Any) -> str:
    return sent(request.POST.get("code"))


@login_required
@require_http_methods(["GET", "POST"])
def move(request: Any) -> HttpResponse:
    """Move stock by scan: first from where, then what, then where to."""
    nodes = nodes_worked(request)
    if (cell_id := _number(request.GET.get("cell"))) is not None:
        return _cell(request, nodes, cell_id)
    if (plate_id := _number(request.GET.get("plate"))) is not None:
        return _plate(request, nodes, plate_id)
    if (place_id := _number(request.GET.get("place"))) is not None:
        return _place(request, nodes, place_id)
    return _source_scan(request, nodes)


def _source_scan(request: Any, nodes: list[int]) -> HttpResponse:
    """Judge the first scan: from where."""
    if request.method == "GET":
        return render(request, "inventory/move.html")
    code = _code(request)
    plates, places = plates_by_code(merchants(request), code=code), places_with_code(nodes, code=code)
    if len(plates) + len(places) == 1:
        return redirect(_at(plate=plates[0].id) if plates else _at(place=places[0].id))
    choices = [(_at(plate=p.id), p.code, _("Licence plate")) for p in plates]
    choices += [(_at(place=p.id), p.code, p.node) for p in places]
    if choices:
        return render(request, "inventory/move.html", {"choices": choices})
    return _answer(request, _bad(_no_place(request, code), code[:60]))


def _no_place(request: Any, code: str) -> str:
    """Say why a code names no place: half a code, goods, or nothing that is known."""
    scan = judged(merchants(request), code=code)
    if scan.hits:
        return _("This is an item. Scan a bin or a plate.")
    return str(scan.why) if scan.is_noise else _("No bin and no plate here has this code.")


def _at(**state: int) -> str:
    return reverse("move-floor") + "?" + "&".join(f"{name}={value}" for name, value in state.items())


def _answer(request: Any, context: dict[str, Any]) -> HttpResponse:
    return render(request, "inventory/move.html", context, status=422 if context.get("verdict") == "bad" else 200)


def _bad(text: object, code: str = "") -> dict[str, Any]:
    return {"verdict": "bad", "text": str(text), "scanned": code}


def _place(request: Any, nodes: list[int], place_id: int) -> HttpResponse:
    """Show what lies in a bin; a scan chooses some of it."""
    place = places_facts([place_id]).get(place_id)
    if place is None or place.node_id not in nodes:
        raise NotThere
    lying = lying_at(merchants(request), place_id=place_id)
    context: dict[str, Any] = {"place": place, "lying": lying}
    if request.method == "POST":
        code = _code(request)
        plates = [p for p in plates_by_code(merchants(request), code=code) if p.code in {one.plate for one in lying}]
        found = _matching(request, lying, code)
        if plates:
            return redirect(_at(plate=plates[0].id))
        if len(found) == 1:
            return redirect(_at(cell=found[0].cell_id))
        if found:
            context["lying"] = found
        else:
            scan = judged(merchants(request), code=code)
            context |= _bad(scan.why if scan.is_noise else _("This does not lie here by the books."), code[:60])
    return _answer(request, context)


def _matching(request: Any, lying: list[OnHand], code: str) -> list[OnHand]:
    """Give what a scan means among what lies here: a SKU, narrowed by lot or serial number when the code names it."""
    hits = {hit.sku_id: hit for hit in judged(merchants(request), code=code).hits}
    found = [one for one in lying if one.sku_id in hits]
    named = [one for one in found if one.lot and one.lot in {hits[one.sku_id].lot, hits[one.sku_id].serial}]
    return named or found or [one for one in lying if one.lot == code]


def _cell(request: Any, nodes: list[int], cell_id: int) -> HttpResponse:
    """Move units that lie together: how many, and where to."""
    one = cell_on_hand(merchants(request), cell_id=cell_id)
    if one is None or one.node_id not in nodes:
        raise NotThere
    back = _at(plate=one.plate_id) if one.plate_id else _at(place=one.place_id)
    context: dict[str, Any] = {"one": one, "back": back, "document": draw_document(request.actor.id), "units": one.free}
    if request.method == "GET":
        return _answer(request, context)
    code, form = _code(request), UnitsForm(request.POST)
    if not form.is_valid():
        return _answer(request, context | _bad(_("Say how many units you move: a whole number from 1.")))
    context["units"] = form.cleaned_data["qty"]
    try:
        shift, target = _shift(request, nodes, one, code=code, qty=form.cleaned_data["qty"])
        moved = move_stock(
            merchants(request),
            node_ids=nodes,
            shifts=[shift],
            document=document_told(form.cleaned_data["document"], person_id=request.actor.id),
            actor=request.actor,
        )
    except Refused as refusal:
        return _answer(request, context | _bad(refusal, code[:60]))
    if shift.plate_id:
        text = ngettext("%(n)s unit put on %(target)s.", "%(n)s units put on %(target)s.", moved)
    else:
        text = ngettext("%(n)s unit moved to %(target)s.", "%(n)s units moved to %(target)s.", moved)
    shown = target if shift.plate_id else words.plate(target)
    said = {"verdict": "ok", "text": text % {"n": moved, "target": shown}}
    return _answer(request, said | _source(request, one))


def _source(request: Any, one: OnHand) -> dict[str, Any]:
    """Show again where units were taken from: there may be more to take."""
    place = places_facts([one.place_id])[one.place_id]
    return {"place": place, "lying": lying_at(merchants(request), place_id=one.place_id), "action": _at(place=place.id)}


def _shift(request: Any, nodes: list[int], one: OnHand, *, code: str, qty: int) -> tuple[Shift, str]:
    """Read where to: a bin of this node, or a plate."""
    if plates := [p for p in plates_by_code(merchants(request), code=code) if p.merchant_id == one.merchant_id]:
        plate = plates[0]
        trees = trees_of(merchants(request), plate_ids=[plate.id])
        stands = next(iter(places_of_plates([p.id for p in trees]).values()), None)
        return Shift(one.cell_id, qty, stands[0] if stands else None, plate.id), plate.code
    place = _target(request, nodes, one.node_id, code)
    return Shift(one.cell_id, qty, place.id), place.code


def _target(request: Any, nodes: list[int], node_id: int, code: str) -> PlaceFacts:
    """Find the place of a code: at this node, else where it would be, so that the refusal can name it."""
    found = places_with_code(nodes, code=code)
    if not found:
        raise NotThere(_no_place(request, code))
    return next((place for place in found if place.node_id == node_id), found[0])


def _plate(request: Any, nodes: list[int], plate_id: int) -> HttpResponse:
    """Move a plate whole, put it on another one, or take something off it."""
    plate = plate_of(merchants(request), plate_id=plate_id)
    if plate is None:
        raise NotThere
    context = _plate_context(request, plate)
    if request.method == "GET":
        return _answer(request, context)
    code = _code(request)
    try:
        if others := [p for p in plates_by_code(merchants(request), code=code) if p.id != plate.id]:
            nest_plate(merchants(request), plate_id=plate.id, on_id=others[0].id, actor=request.actor)
            said = _("%(plate)s stands on %(on)s now.") % {"plate": plate.code, "on": others[0].code}
        elif found := _matching(request, context["lying"], code):
            return (
                redirect(_at(cell=found[0].cell_id))
                if len(found) == 1
                else _answer(request, context | {"lying": found})
            )
        else:
            said = _move_plate(request, nodes, plate, code=code, lying=context["lying"])
    except Refused as refusal:
        return _answer(request, context | _bad(refusal, code))
    return _answer(request, {"verdict": "ok", "text": said} | _plate_context(request, plate))


def _plate_context(request: Any, plate: Plate) -> dict[str, Any]:
    trees = trees_of(merchants(request), plate_ids=[plate.id])
    lying = lying_at(merchants(request), plate_ids=branch(trees, plate_id=plate.id))
    above = next((p.parent_id for p in trees if p.id == plate.id), None)
    return {
        "plate": plate,
        "lying": lying,
        "document": draw_document(request.actor.id),
        "stands": lying[0].place if lying else "",
        "parent": next((p.code for p in trees if p.id == above), ""),
        "on_dock": bool(lying) and places_facts([lying[0].place_id])[lying[0].place_id].kind == "dock",
    }


def _move_plate(request: Any, nodes: list[int], plate: Plate, *, code: str, lying: list[OnHand]) -> str:
    place = _target(request, nodes, lying[0].node_id if lying else 0, code)
    moved = move_plates(
        merchants(request),
        node_ids=nodes,
        plate_ids=[plate.id],
        place_id=place.id,
        document=document_told(request.POST.get("document", ""), person_id=request.actor.id),
        actor=request.actor,
    )
    text = ngettext(
        "%(plate)s with %(n)s unit moved to %(target)s.", "%(plate)s with %(n)s units moved to %(target)s.", moved
    )
    return text % {"plate": plate.code, "n": moved, "target": words.plate(place.code)}


@login_required
@require_http_methods(["GET", "POST"])
def condition(request: Any, cell_id: int, *, desk: bool = False) -> HttpResponse:
    """Say in which condition units are that lie together."""
    one = cell_on_hand(list(request.view.merchants), cell_id=cell_id) if cell_id < 2**63 else None
    if one is None:
        raise NotThere
    if not request.view.may_for(one.merchant_id, "receiver"):
        raise NotAllowed
    other = "damaged" if one.condition == "sellable" else "sellable"
    first = {"qty": one.qty, "condition": other, "document": draw_document(request.actor.id)}
    form = ConditionForm(request.POST or None, initial=first)
    context: dict[str, Any] = {"one": one, "form": form}
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            changed = change_condition(
                [one.merchant_id],
                changes=[(cell_id, told["qty"])],
                condition=told["condition"],
                reason=told["reason"],
                document=document_told(told["document"], person_id=request.actor.id),
                actor=request.actor,
            )
            text = ngettext("%(n)s unit changed its condition.", "%(n)s units changed their condition.", changed)
            context |= {"verdict": "ok", "text": text % {"n": changed}, "done": True}
        except Refused as refusal:
            form.add_error(None, str(refusal))
    template = "inventory/condition.html" if desk else "inventory/condition_floor.html"
    return render(request, template, context, status=422 if form.errors else 200)
