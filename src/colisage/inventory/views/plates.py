"""Licence plates at the desk: which there are, what is on one, and what may be done with it."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from colisage.inventory.actions.close_plates import close_plates
from colisage.inventory.actions.make_plates import make_plates
from colisage.inventory.actions.move_plates import move_plates
from colisage.inventory.actions.move_stock import Shift, move_stock
from colisage.inventory.actions.nest_plate import nest_plate
from colisage.inventory.forms.moving import PlateForm, SplitForm
from colisage.inventory.queries.documents import document_told, draw_document
from colisage.inventory.queries.plates import Plate, branch, lying_at, plate_of, plates_by_code, plates_page, trees_of
from colisage.inventory.views.moving import merchants, nodes_worked
from colisage.kit.errors import NotAllowed, NotThere, Refused
from colisage.kit.queries import deeds_on
from colisage.network.queries.places import places_with_code
from colisage.ui import words

PAGE = 50
STATES = ("full", "closed")


@login_required
@require_GET
def plates(request: Any) -> HttpResponse:
    """List plates, the newest first."""
    asked = {name: request.GET.get(name, "")[:60].replace("\x00", "").strip() for name in ("q", "state", "after")}
    found = plates_page(merchants(request), text=asked["q"], state=asked["state"], after=asked["after"], size=PAGE)
    options = [("full", _("with something on them")), ("closed", pgettext("plates", "closed"))]
    context = {
        "rows": found[:PAGE],
        "next": found[PAGE - 1].id if len(found) > PAGE else None,
        "searched": asked["q"],
        "filtered": bool(asked["q"] or asked["state"]),
        "choices": [
            {"name": "state", "label": pgettext("plates", "Open"), "value": asked["state"], "options": options}
        ],
        "several": len(merchants(request)) > 1,
        "may_make": request.view.may("receiver"),
    }
    return render(request, "inventory/plates.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new_plates(request: Any) -> HttpResponse:
    """Make plates: some with new numbers, or one with the code that a pallet came with."""
    if request.merchant is None:
        raise NotAllowed(_("Choose one merchant in the bar above."))
    if not request.view.may_for(request.merchant.id, "receiver"):
        raise NotAllowed
    form = PlateForm(request.POST or None, initial={"count": 1})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        codes = [told["code"]] if told["code"] else []
        try:
            made = make_plates(
                request.merchant.id, count=told["count"] or 0, codes=codes, kind=told["kind"] or "plate",
                operator_id=_packer(request), actor=request.actor,
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            text = ngettext("%(n)s plate made: %(code)s.", "%(n)s plates made, from %(code)s on.", len(made))
            messages.success(request, text % {"n": len(made), "code": made[0][1]})
            return redirect(f"{reverse('labels')}?{urlencode({'plates': chr(10).join(code for _pk, code in made)})}")
    return render(request, "inventory/new_plates.html", {"form": form}, status=422 if form.errors else 200)


def _packer(request: Any) -> int | None:
    """Give the operator whose numbers a merchant without its own takes: the one the person works for."""
    working = [pk for pk in request.view.operator_roles if (pk, request.merchant.id) in request.view.serving]
    return working[0] if working else None


def _find(request: Any, plate_id: int) -> Plate:
    found = plate_of(list(request.view.merchants), plate_id=plate_id) if plate_id < 2**63 else None
    if found is None:
        raise NotThere
    return found


@login_required
@require_GET
def plate(request: Any, plate_id: int) -> HttpResponse:
    """Show a plate: what is on it and on what it stands."""
    found = _find(request, plate_id)
    trees = trees_of([found.merchant_id], plate_ids=[plate_id])
    on_it = branch(trees, plate_id=plate_id)
    lying = lying_at([found.merchant_id], plate_ids=on_it)
    context = {
        "plate": found,
        "parent": next((each for each in trees if each.id == found.parent_id), None),
        "children": [each for each in trees if each.parent_id == plate_id],
        "lying": lying,
        "units": sum(one.qty for one in lying),
        "place": lying[0].place if lying else "",
        "deeds": [_event(deed) for deed in deeds_on("plate", doc_id=plate_id, most=30)],
        "document": draw_document(request.actor.id),
        "may_move": _may_move(request, found),
    }
    return render(request, "inventory/plate.html", context)


def _may_move(request: Any, found: Plate) -> bool:
    return not found.closed and request.view.may_for(found.merchant_id, "receiver")


def _event(deed: Any) -> dict[str, Any]:
    said = {
        "plate_made": _("Made"),
        "plate_closed": _("Closed"),
        "plate_put_away": _("Put away from the dock"),
        "putaway_overridden": _("Put away from the dock, against a rule"),
        "plate_unloaded": _("All taken off on the dock"),
        "plate_moved": _("Moved to %(place)s") % {"place": words.plate(deed.data.get("place", ""))},
        "plate_nested": _("Put on %(on)s") % {"on": deed.data.get("on")} if deed.data.get("on") else _("Taken off"),
    }
    return {"at": deed.at, "text": said.get(deed.verb, deed.verb), "note": deed.actor_name}


@login_required
@require_POST
def plate_move(request: Any, plate_id: int) -> HttpResponse:
    """Move a plate whole, put it on another, or take it off."""
    found = _find(request, plate_id)
    if not _may_move(request, found):
        raise NotAllowed
    code = request.POST.get("code", "").replace("\x00", "").strip()[:60]
    try:
        if not code:
            nest_plate([found.merchant_id], plate_id=plate_id, on_id=None, actor=request.actor)
            messages.success(request, _("It stands alone now."))
        elif others := plates_by_code([found.merchant_id], code=code):
            nest_plate([found.merchant_id], plate_id=plate_id, on_id=others[0].id, actor=request.actor)
            messages.success(
                request, _("%(plate)s stands on %(on)s now.") % {"plate": found.code, "on": others[0].code}
            )
        else:
            _move_to_bin(request, found, code=code)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("plate", plate_id)


def _move_to_bin(request: Any, found: Plate, *, code: str) -> None:
    nodes = nodes_worked(request)
    trees = trees_of([found.merchant_id], plate_ids=[found.id])
    lying = lying_at([found.merchant_id], plate_ids=branch(trees, plate_id=found.id))
    here = lying[0].node_id if lying else 0
    places = sorted(places_with_code(nodes, code=code), key=lambda place: place.node_id != here)
    if not places:
        raise NotThere(_("No bin and no plate here has this code."))
    moved = move_plates(
        [found.merchant_id],
        node_ids=nodes,
        plate_ids=[found.id],
        place_id=places[0].id,
        document=_document(request),
        actor=request.actor,
    )
    text = ngettext(
        "%(plate)s with %(n)s unit moved to %(target)s.", "%(plate)s with %(n)s units moved to %(target)s.", moved
    )
    messages.success(request, text % {"plate": found.code, "n": moved, "target": words.plate(places[0].code)})


def _document(request: Any) -> int:
    return document_told(request.POST.get("document", ""), person_id=request.actor.id)


@login_required
@require_POST
def plate_split(request: Any, plate_id: int) -> HttpResponse:
    """Take units off a plate: onto another one, or onto none."""
    found = _find(request, plate_id)
    form = SplitForm(request.POST)
    if not _may_move(request, found):
        raise NotAllowed
    try:
        if not form.is_valid():
            messages.error(request, _("Say how many units you move: a whole number from 1."))
        else:
            told = form.cleaned_data
            others = plates_by_code([found.merchant_id], code=told["code"]) if told["code"] else []
            if told["code"] and not others:
                raise NotThere(_("There is no plate of this code."))
            moved = move_stock(
                [found.merchant_id],
                node_ids=nodes_worked(request),
                shifts=[Shift(told["cell"], told["qty"], None, others[0].id if others else None)],
                document=document_told(told["document"], person_id=request.actor.id),
                actor=request.actor,
            )
            text = ngettext("%(n)s unit taken off.", "%(n)s units taken off.", moved)
            messages.success(request, text % {"n": moved})
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("plate", plate_id)


@login_required
@require_POST
def plate_close(request: Any, plate_id: int) -> HttpResponse:
    """Close an empty plate."""
    found = _find(request, plate_id)
    if not _may_move(request, found):
        raise NotAllowed
    try:
        close_plates([found.merchant_id], plate_ids=[plate_id], actor=request.actor)
        messages.success(request, _("The plate is closed."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("plate", plate_id)
