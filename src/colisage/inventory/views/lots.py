"""Lots at the desk: which there are, where one lies, and what may be done with it."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from colisage.inventory.actions.correct_expiry import correct_expiry
from colisage.inventory.actions.set_lot_status import set_lot_status
from colisage.inventory.forms.lots import ExpiryForm, LotStatusForm
from colisage.inventory.models import LotStatus
from colisage.inventory.queries.findings import findings_of
from colisage.inventory.queries.lots import (
    LotFacts,
    LotRow,
    Wanted,
    lot_of,
    lots_by_id,
    lots_page,
    lying_of,
    movements_of_lot,
    place_in_list,
)
from colisage.inventory.queries.reasons import reason_words
from colisage.inventory.queries.wording import document_word
from colisage.kit.errors import NotAllowed, NotThere, Refused
from colisage.kit.queries import deeds_on
from colisage.ui import words

PAGE = 50
SOON = ("7", "30", "90")
SAID = {
    "past_its_date": gettext_lazy("past its date"),
    "too_near_its_date": gettext_lazy("too near its date to be sold"),
}
TONES = {"approved": "ok", "quarantined": "warn", "recalled": "bad", "expired": "bad"}


def _merchants(request: Any) -> list[int]:
    return [request.merchant.id] if request.merchant else list(request.view.merchants)


def _today(request: Any, merchant_id: int) -> date:
    """Give the day at a merchant."""
    return timezone.localdate(timezone=ZoneInfo(request.view.merchants[merchant_id].timezone))


def _shown(row: LotRow) -> dict[str, Any]:
    return {"lot": row.lot, "row": row, "status": LotStatus(row.lot.status).label, "tone": TONES[row.lot.status]}


@login_required
@require_GET
def lots(request: Any) -> HttpResponse:
    """List lots, newest first, or the soonest to expire first."""
    asked = {
        name: request.GET.get(name, "")[:100].replace("\x00", "").strip() for name in ("q", "status", "soon", "kind")
    }
    days = int(asked["soon"]) if asked["soon"] in SOON else None
    wanted = Wanted(
        text=asked["q"],
        status=asked["status"] if asked["status"] in LotStatus.values else "",
        until=timezone.localdate() + timedelta(days=days) if days else None,
        serials=asked["kind"] == "serial",
    )
    found = lots_page(_merchants(request), wanted=wanted, after=request.GET.get("after", "")[:40], size=PAGE)
    context = {
        "rows": [_shown(row) for row in found[:PAGE]],
        "next": place_in_list(found[PAGE - 1].lot) if len(found) > PAGE else None,
        "choices": _choices(asked),
        "searched": asked["q"],
        "filtered": any(asked.values()),
        "may_hold": request.view.may("receiver"),
        "actions": [{"name": "status", "label": _("Hold, recall or free"), "icon": "lock"}],
    }
    return render(request, "inventory/lots.html", context)


def _choices(asked: dict[str, str]) -> list[dict[str, Any]]:
    days = [(n, ngettext("within %(n)s day", "within %(n)s days", int(n)) % {"n": n}) for n in SOON]
    return [
        {"name": "status", "label": _("Status"), "value": asked["status"], "options": LotStatus.choices},
        {"name": "soon", "label": _("Expires"), "value": asked["soon"], "options": days},
        {"name": "kind", "label": _("Lots"), "value": asked["kind"], "options": [("serial", _("Serial numbers"))]},
    ]


@login_required
@require_GET
def lot(request: Any, lot_id: int) -> HttpResponse:
    """Show a lot: what may be done with it, where it lies, what became of it."""
    found = lot_of(list(request.view.merchants), lot_id=lot_id)
    if found is None:
        raise NotThere
    return _lot_page(request, found, LotStatusForm(initial={"status": found.status}))


def _lot_page(
    request: Any, found: LotFacts, form: LotStatusForm, *, dating: ExpiryForm | None = None, status: int = 200
) -> HttpResponse:
    lying = lying_of(found.id)
    said = reason_words([found.merchant_id])
    context = {
        "lot": found,
        "status": LotStatus(found.status).label,
        "tone": TONES[found.status],
        "lying": lying,
        "on_hand": sum(each.qty for each in lying),
        "changes": [
            {"change": c, "reason": said.get(c.reason, c.reason), "document": document_word(c.doc_kind, pk=c.doc_id)}
            for c in movements_of_lot(found.id)
        ],
        "findings": findings_of([found.merchant_id], lot_id=found.id),
        "deeds": [_event(deed) for deed in deeds_on("lot", doc_id=found.id)],
        "form": form,
        "dating": dating or ExpiryForm(initial={"expires_on": found.expires_on}),
        "may_hold": request.view.may_for(found.merchant_id, "receiver"),
        "recall_stands": found.status == "recalled" and not request.view.may_for(found.merchant_id),
    }
    return render(request, "inventory/lot.html", context, status=status)


def _event(deed: Any) -> dict[str, Any]:
    known = dict(LotStatus.choices)
    became, reason = deed.data.get("to", ""), deed.data.get("reason", "")
    dated = deed.verb == "lot_expiry_corrected"
    before, after = (
        words.day(date.fromisoformat(value)) if dated and value else str(known.get(value, value)) or "—"
        for value in (deed.data.get("from") or "", became or "")
    )
    said = f"{before} → {after}"
    return {
        "at": deed.at,
        "text": _("Date: %(change)s") % {"change": said} if dated else said,
        "note": " · ".join(str(part) for part in (SAID.get(reason, reason), deed.actor_name) if part),
        "tone": TONES.get(became, "calm"),
        "icon": "check" if became == "approved" else "lock",
    }


@login_required
@require_POST
def lot_expiry(request: Any, lot_id: int) -> HttpResponse:
    """Correct the date of a lot."""
    found = lot_of(list(request.view.merchants), lot_id=lot_id)
    if found is None:
        raise NotThere
    if not request.view.may_for(found.merchant_id, "receiver"):
        raise NotAllowed
    form = ExpiryForm(request.POST)
    if not form.is_valid():
        return _lot_page(request, found, LotStatusForm(initial={"status": found.status}), dating=form, status=422)
    told = form.cleaned_data
    correct_expiry(
        found.merchant_id, lot_id=lot_id, expires_on=told["expires_on"], reason=told["why"], actor=request.actor
    )
    messages.success(request, _("The date is corrected."))
    return redirect("lot", lot_id)


@login_required
@require_POST
def lots_status(request: Any) -> HttpResponse:
    """Hold, recall or free lots: first which and why, then it is done."""
    ids = [int(pk) for pk in request.POST.getlist("lot") if pk.isdecimal() and len(pk) < 19]
    rows = lots_by_id(list(request.view.merchants), lot_ids=ids)
    if not rows or len(rows) < len(set(ids)):
        raise NotThere
    if not all(request.view.may_for(m, "receiver") for m in {row.lot.merchant_id for row in rows}):
        raise NotAllowed
    form = LotStatusForm(request.POST if "reason" in request.POST else None)
    if form.is_bound and form.is_valid() and _decide(request, rows, form):
        return redirect("lot", rows[0].lot.id) if len(rows) == 1 else redirect("lots")
    if len(rows) == 1 and form.is_bound:
        return _lot_page(request, rows[0].lot, form, status=422)
    context = {"rows": [_shown(row) for row in rows], "units": sum(row.sellable for row in rows), "form": form}
    return render(request, "inventory/lots_status.html", context, status=422 if form.errors else 200)


def _decide(request: Any, rows: list[LotRow], form: LotStatusForm) -> bool:
    """Change the status of lots, merchant by merchant; say what became of it."""
    units = 0
    try:
        with transaction.atomic():  # all of them, or none
            for merchant_id in sorted({row.lot.merchant_id for row in rows}):
                units += set_lot_status(
                    merchant_id,
                    lot_ids=[row.lot.id for row in rows if row.lot.merchant_id == merchant_id],
                    status=form.cleaned_data["status"],
                    reason=form.cleaned_data["reason"],
                    actor=request.actor,
                    by_manager=request.view.may_for(merchant_id),
                    today=_today(request, merchant_id),
                )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    text = ngettext("Done: %(n)s unit changed its condition.", "Done: %(n)s units changed their condition.", units)
    messages.success(request, text % {"n": units})
    return True
