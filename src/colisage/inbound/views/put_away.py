"""From the dock to a bin."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from colisage.catalog.queries import judged
from colisage.inbound import queries
from colisage.inbound.actions.choose_bin import AgainstRules
from colisage.inbound.actions.load_plate import load_plate
from colisage.inbound.actions.put_away_many import Portion, put_away_many
from colisage.inbound.actions.quarantine_loose import quarantine_loose
from colisage.inbound.models import Receipt
from colisage.inbound.queries.dock import DockPage, alike_on_the_dock, dock_page, scanned_on_the_dock
from colisage.inbound.queries.held_loose import Loose, held_units, loose_of
from colisage.inbound.queries.plated import PlatesPage, dock_suggestions, plates_on_dock
from colisage.inbound.queries.putaway import Suggestion, for_whom, suggestions
from colisage.inbound.views.chosen import merchants
from colisage.inventory.queries.documents import document_told, draw_document
from colisage.inventory.queries.plates import Plate, plates_by_code
from colisage.kit.errors import NotAllowed, NotThere, Refused
from colisage.kit.gs1 import sent
from colisage.network.queries import place_of
from colisage.ui import words


@login_required
@require_http_methods(["GET", "POST"])
def put_away_list(request: Any) -> HttpResponse:
    """List what stands on the dock, and where it should go; what people wait for comes first. A scan chooses."""
    if request.method == "POST":
        return _scanned(request)
    seen, after, code = merchants(request), request.GET.get("after", ""), sent(request.GET.get("code"))
    if "plates" in request.GET:
        plates = plates_on_dock(seen, after=request.GET["plates"])
        return _listed(request, DockPage([], None), plates) if plates.plates or plates.next else redirect("put-away")
    if code:
        hits = judged(seen, code=code).hits
        page = scanned_on_the_dock(seen, code=code, hits=hits, after=after)
    else:
        page = dock_page(seen, after=after)
    if not code and not after:
        return _listed(request, page, plates_on_dock(seen))
    return _listed(request, page, PlatesPage([], "")) if page.receipts else redirect("put-away")  # all of it has gone


def _listed(request: Any, page: DockPage, plates: PlatesPage, context: dict[str, Any] | None = None) -> HttpResponse:
    whole, single = dock_suggestions(plates.plates, page.receipts, most=1)
    whole.sort(key=lambda s: (not s.owed, s.plate.id))
    context = {
        "dock": _rows(single), "plates": whole, "next": page.next,
        "more_plates": plates.next, **(context or {}),
    }  # fmt: skip
    status = 422 if context.get("verdict") == "bad" else 200
    return render(request, "inbound/put_away_list.html", context, status=status)


def _rows(found: list[Suggestion]) -> list[dict[str, Any]]:
    """Give receipts as the list shows them: with their bins, and the units of each that go to quarantine instead."""
    held = held_units([one.receipt for one in found])
    return [
        {
            "id": one.receipt.pk,
            "name": one.receipt.sku.name,
            "about": _about(one.receipt),
            "waited": one.goods.owed,
            "inspects": one.receipt.inspection_due,
            "units": one.receipt.loose,
            "held": held[one.receipt.pk],
            "bin": one.best.bin.code if one.best else "",
        }
        for one in found
    ]


def _about(receipt: Receipt) -> str:
    lot = [receipt.lot.code] if receipt.lot else []
    return " · ".join([receipt.sku.code, *lot, receipt.node.name])


def _scanned(request: Any) -> HttpResponse:
    """Go to what was scanned: a plate, or the goods of a receipt on the dock; several are shown."""
    seen, code = merchants(request), sent(request.POST.get("code"))
    if plates := plates_by_code(seen, code=code):
        return redirect("put-away-plate", plates[0].id)
    scan = judged(seen, code=code)
    chosen = scanned_on_the_dock(seen, code=code, hits=scan.hits, size=2).receipts
    if len(chosen) == 1:
        return redirect("put-away-one", chosen[0].pk)
    if chosen:
        return redirect(reverse("put-away") + "?" + urlencode({"code": code}))
    text = scan.why if scan.is_noise else _("This does not stand on the dock by the books.")
    return _listed(
        request, dock_page(seen), plates_on_dock(seen), {"verdict": "bad", "text": text, "scanned": code[:60]}
    )


@login_required
@require_http_methods(["GET", "POST"])
def put_away_one(request: Any, receipt_id: int) -> HttpResponse:
    """Put one receipt away: a suggested bin, confirmed by scan; units with serial numbers go together."""
    receipt = _receipt(request, receipt_id)
    if receipt.inspection_due:
        return redirect("inspect", receipt.pk)
    alike = _sellable(alike_on_the_dock(receipt))
    context: dict[str, Any] = {"receipt": receipt, "alike": len(alike), "document": draw_document(request.actor.id)}
    left = receipt.loose
    if request.method == "POST":
        together = "together" in request.POST and alike
        portions = [Portion(r.pk, 1) for r in alike] if together else [Portion(receipt.pk, _units(request, left))]
        context |= _put(request, receipt, portions)
        if "text" not in context or context["verdict"] == "ok":
            left = sum(context["left"].values())
            if not left:
                messages.success(request, context["text"])
                return redirect("put-away")
            receipt.refresh_from_db(fields=["put_away", "plated"])
    loose = loose_of([receipt])[receipt.pk]
    sellable = min(left, loose.sellable)
    suggestion = suggestions([receipt])[0] if sellable or not loose.held else None
    context |= {"left": left, "suggestion": suggestion, **_waited_for(receipt, suggestion, left=sellable)}
    context |= _held(receipt, loose, left=left)
    status = 422 if context.get("verdict") == "bad" else 200
    return render(request, "inbound/put_away.html", context, status=status)


def _sellable(receipts: list[Receipt]) -> list[Receipt]:
    loose = loose_of(receipts)
    return [receipt for receipt in receipts if not loose[receipt.pk].held]


def _held(receipt: Receipt, loose: Loose, *, left: int) -> dict[str, Any]:
    """Say what of a receipt goes to quarantine instead of a bin, and where that is."""
    if not loose.held:
        return {}
    units = min(left, loose.held_units)
    what = ", ".join(sorted({one.condition_text for one in loose.held}))
    says = ngettext("%(n)s unit cannot be sold: %(what)s.", "%(n)s units cannot be sold: %(what)s.", units)
    code = place_of(receipt.node_id, kind="quarantine").code
    return {"held_says": says % {"n": units, "what": what}, "quarantine": code}


def _waited_for(receipt: Receipt, suggestion: Suggestion | None, *, left: int) -> dict[str, Any]:
    """Say how many units go first, and for whom; so many are proposed for a bin of those that go first."""
    owed = suggestion.goods.owed if suggestion else 0
    if suggestion is None or not owed:
        return {"proposed": left}
    first = suggestion.best is not None and suggestion.best.bin.cross_dock
    return {
        "proposed": min(left, owed) if first else left,
        "owed_says": ngettext("%(n)s unit is waited for", "%(n)s units are waited for", owed) % {"n": owed},
        "whom": [(name, units) for name, units in for_whom(receipt) if name],
    }


def _units(request: Any, left: int) -> int:
    told = request.POST.get("qty", "") or str(left)
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 9 else 0


def _put(request: Any, receipt: Receipt, portions: list[Portion]) -> dict[str, Any]:
    code = sent(request.POST.get("code"))[:60]
    if plates := plates_by_code([receipt.merchant_id], code=code):
        return _load(request, receipt, portions, plates[0])
    if code.upper() == place_of(receipt.node_id, kind="quarantine").code.upper():
        return _set_aside(request, receipt)
    manages = request.view.may_for(receipt.merchant_id, "manager")
    try:
        left = put_away_many(
            receipt.merchant_id,
            portions,
            bin_code=code,
            override=manages and code != "" and request.POST.get("override", "") == code,
            actor=request.actor,
        )
    except AgainstRules as refusal:
        return {"verdict": "bad", "text": str(refusal), "typed": code, "may_override": manages}
    except Refused as refusal:
        return {"verdict": "bad", "text": str(refusal), "typed": code}
    told = {"n": sum(portion.qty for portion in portions), "name": receipt.sku.name, "bin": words.plate(code.upper())}
    return {"verdict": "ok", "text": _("%(n)s × %(name)s put away in %(bin)s.") % told, "left": left}


def _set_aside(request: Any, receipt: Receipt) -> dict[str, Any]:
    try:
        units = quarantine_loose(receipt.merchant_id, receipt_id=receipt.pk, actor=request.actor)
    except Refused as refusal:
        return {"verdict": "bad", "text": str(refusal)}
    text = ngettext("%(n)s unit to quarantine.", "%(n)s units to quarantine.", units) % {"n": units}
    return {"verdict": "ok", "text": text, "left": {receipt.pk: receipt.loose - units}}


def _load(request: Any, receipt: Receipt, portions: list[Portion], plate: Plate) -> dict[str, Any]:
    document = document_told(request.POST.get("document", ""), person_id=request.actor.id)
    try:
        left = load_plate(receipt.merchant_id, portions, plate_id=plate.id, document=document, actor=request.actor)
    except Refused as refusal:
        return {"verdict": "bad", "text": str(refusal), "typed": plate.code}
    text = _("On plate %(plate)s.") % {"plate": plate.code}
    return {"verdict": "ok", "text": text, "left": left}


def _receipt(request: Any, receipt_id: int) -> Receipt:
    receipt = queries.receipt_of(list(request.view.merchants), receipt_id=receipt_id)
    if receipt is None or receipt.undone_at is not None:
        raise NotThere
    if not request.view.may_for(receipt.merchant_id, "receiver"):
        raise NotAllowed
    return receipt
