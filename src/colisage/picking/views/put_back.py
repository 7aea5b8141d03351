"""The floor: what was picked for cancelled orders goes back into bins, scan by scan."""

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
from colisage.inbound.actions.choose_bin import AgainstRules
from colisage.inventory.queries.documents import document_told, draw_document
from colisage.kit.errors import NotAllowed, NotThere, Refused
from colisage.kit.gs1 import sent
from colisage.picking.actions.claim_put_back import NothingToPutBack
from colisage.picking.actions.put_units_back import put_units_back
from colisage.picking.actions.write_off_put_back import write_off_put_back
from colisage.picking.forms import PutBackForm, WriteOffForm
from colisage.picking.queries.put_back import (
    Homeward,
    homeward,
    put_back_known,
    put_back_of,
    put_backs,
    put_backs_meant,
    units_to_put_back,
)
from colisage.ui import words

PAGE = 50
ROLES = frozenset({"manager", "picker"})


def _floor(request: Any) -> list[int]:
    """Give the operators at whose benches the person may put back; refuse who may nowhere."""
    operators = [o for o, roles in request.view.operator_roles.items() if roles & ROLES]
    if not operators:
        raise NotAllowed
    return operators


def _merchants(request: Any) -> list[int]:
    return [request.merchant.id] if request.merchant else list(request.view.merchants)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 19 else 0


def _at(put_back_id: int, **state: str) -> str:
    return f"{reverse('put-back-one', args=[put_back_id])}?{urlencode(state)}"


@login_required
@require_http_methods(["GET", "POST"])
def put_back_list(request: Any) -> HttpResponse:
    """List what goes back; a scan of an item in the hand says where to."""
    operators, merchants = _floor(request), _merchants(request)
    said: dict[str, Any] = {}
    if request.method == "POST":
        code = sent(request.POST.get("code"))
        meant = put_backs_meant(operators, merchant_ids=merchants, code=code) if code else []
        if len({one.node_id for one in meant}) == 1:
            return redirect(_at(meant[0].id, item=code))
        if meant:  # several warehouses: only who stands there knows which
            return render(request, "picking/put_back_list.html", {"rows": homeward(meant[:PAGE]), "item": code})
        scan = judged(merchants, code=code)
        text = scan.why if scan.is_noise else _("This is not among what is to be put back.")
        said = {"verdict": "bad", "text": text, "scanned": code[:60]}
    found = put_backs(operators, merchant_ids=merchants, after=_number(request.GET.get("after")), size=PAGE + 1)
    context = {
        "rows": homeward(found[:PAGE]),
        "next": found[PAGE - 1].id if len(found) > PAGE else None,
        "units": units_to_put_back(operators, merchant_ids=merchants),
        **said,
    }
    return render(request, "picking/put_back_list.html", context, status=422 if said else 200)


def _found(request: Any, put_back_id: int) -> Homeward | None:
    """Give what is to be put back, or None when it is done; what is not theirs is not there."""
    found = put_back_of(_floor(request), merchant_ids=list(request.view.merchants), put_back_id=put_back_id)
    return homeward([found])[0] if found else None


def _done(request: Any) -> HttpResponse:
    messages.info(request, str(NothingToPutBack()))
    return redirect("put-back")


@login_required
@require_http_methods(["GET", "POST"])
def put_back_one(request: Any, put_back_id: int) -> HttpResponse:
    """Put units of one pick back: first the item is scanned, then the bin."""
    row = _found(request, put_back_id)
    if row is None:
        return _gone(request, put_back_id)
    item = sent(request.POST.get("item") or request.GET.get("item"))
    scanned = bool(item) and row.lying.is_meant(judged([row.lying.merchant_id], code=item))
    context: dict[str, Any] = {"row": row, "item": item if scanned else "", "units": row.lying.left}
    if request.method == "GET":
        return _answer(request, context)
    if scanned:
        return _put(request, row, context)
    code = sent(request.POST.get("code"))
    if row.lying.is_meant(judged([row.lying.merchant_id], code=code)):
        return redirect(_at(put_back_id, item=code))
    return _answer(request, context | {"verdict": "bad", "text": _("Not this item"), "scanned": code[:60]})


def _answer(request: Any, context: dict[str, Any]) -> HttpResponse:
    status = 422 if context.get("verdict") == "bad" else 200
    return render(
        request, "picking/put_back.html", {"document": draw_document(request.actor.id), **context}, status=status
    )


def _put(request: Any, row: Homeward, context: dict[str, Any]) -> HttpResponse:
    one, form = row.lying, PutBackForm(request.POST)
    code = sent(request.POST.get("code"))[:60]
    if not form.is_valid():
        text = _("Say how many units you put back, and scan the bin.")
        return _answer(request, context | {"verdict": "bad", "text": text, "scanned": code})
    told = form.cleaned_data
    manages = "manager" in request.view.operator_roles.get(one.operator_id, ())
    try:
        left = put_units_back(
            one.operator_id, merchant_id=one.merchant_id, put_back_id=one.id, item=told["item"], bin_code=told["code"],
            units=told["units"], document=document_told(told["document"], person_id=request.actor.id),
            actor=request.actor,
            override=manages and told["override"] == told["code"],
        )  # fmt: skip
    except NothingToPutBack:
        return _done(request)
    except Refused as refusal:
        may = {"may_override": manages and isinstance(refusal, AgainstRules)}
        return _answer(
            request,
            context | {"verdict": "bad", "text": str(refusal), "scanned": code, "units": told["units"], **may},
        )
    text = ngettext("%(n)s unit is back in %(bin)s.", "%(n)s units are back in %(bin)s.", told["units"])
    messages.success(request, text % {"n": told["units"], "bin": words.plate(told["code"].upper())})
    return redirect(_at(one.id, item=told["item"]) if left else reverse("put-back"))


def _gone(request: Any, put_back_id: int) -> HttpResponse:
    """Go back to the list from what is done; what was never theirs is not there."""
    known = put_back_known(_floor(request), merchant_ids=list(request.view.merchants), put_back_id=put_back_id)
    if not known:
        raise NotThere
    return _done(request)


@login_required
@require_http_methods(["GET", "POST"])
def put_back_missing(request: Any, put_back_id: int) -> HttpResponse:
    """Say that units are not on the bench, or broken: they are written off."""
    row = _found(request, put_back_id)
    if row is None:
        return _gone(request, put_back_id)
    one, form = row.lying, WriteOffForm(request.POST or None)
    context: dict[str, Any] = {"row": row, "document": draw_document(request.actor.id), "units": one.left}
    if request.method == "GET":
        return render(request, "picking/put_back_missing.html", context)
    try:
        if form.is_valid():
            left = write_off_put_back(
                one.operator_id, merchant_id=one.merchant_id, put_back_id=one.id, actor=request.actor,
                units=form.cleaned_data["units"], why=form.cleaned_data["why"],
                document=document_told(form.cleaned_data["document"], person_id=request.actor.id),
            )  # fmt: skip
            messages.success(request, _("Written off."))
            return redirect(_at(one.id) if left else reverse("put-back"))
        text = _("Say how many units it is: from 1 to %(left)s.") % {"left": one.left}
    except NothingToPutBack:
        return _done(request)
    except Refused as refusal:
        text = str(refusal)
    return render(request, "picking/put_back_missing.html", context | {"verdict": "bad", "text": text}, status=422)
