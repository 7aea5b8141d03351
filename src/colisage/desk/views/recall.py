"""A lot traced and recalled: find it, see where it went, stop what has not left, write to whom has it."""

from collections.abc import Mapping
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from colisage.desk.actions.note_list_taken import note_list_taken
from colisage.desk.actions.stop_unshipped import stop_unshipped
from colisage.desk.queries import recall_papers
from colisage.desk.queries.recall import BEYOND, Trace, lots_matching, shipped_all, shipped_page, trace_of
from colisage.inventory.actions.set_lot_status import set_lot_status
from colisage.inventory.queries.reasons import reason_words
from colisage.inventory.queries.wording import CONDITIONS, LOT_STATUSES
from colisage.kit.errors import NotAllowed, NotThere, Refused
from colisage.ui import words

PAGE: Final = 50
TONES: Final[Mapping[str, str]] = {"approved": "ok", "quarantined": "warn", "recalled": "bad", "expired": "bad"}


@login_required
@require_GET
def find(request: Any) -> HttpResponse:
    """Find the lot or serial to trace; without a text, show those that are set aside."""
    ids = [request.merchant.id] if request.merchant else list(request.view.merchants)
    text = request.GET.get("text", "")[:80].replace("\x00", "").strip()
    found = lots_matching(ids, text=text)
    if text and len(found) == 1:
        return redirect("recall", found[0].id)
    rows = [
        {"lot": lot, "status": LOT_STATUSES.get(lot.status, lot.status), "tone": _tone(lot.status)} for lot in found
    ]
    return render(request, "desk/recall_find.html", {"rows": rows, "text": text, "section": "stock"})


@login_required
@require_GET
def recall(request: Any, lot_id: int) -> HttpResponse:
    """Show where a lot came from, what is still here, and who has the rest."""
    trace = _trace(request, lot_id)
    after = request.GET.get("after", "")
    found = shipped_page(trace.lot_ids, after=int(after) if after.isdecimal() and len(after) < 19 else 0, most=PAGE)
    merchant = request.view.merchants[trace.lot.merchant_id]
    may_write = request.view.may_for(merchant.id, "support")
    said = reason_words([merchant.id])
    context = {
        "trace": trace,
        "finding": _finding(trace),
        "status": LOT_STATUSES.get(trace.lot.status, trace.lot.status),
        "tone": _tone(trace.lot.status),
        "arrivals": [{"arrival": a, "reason": said.get(a.reason, a.reason)} for a in trace.arrivals],
        "inside": [{"lying": i, "condition": CONDITIONS.get(i.condition, i.condition)} for i in trace.inside],
        "flows": [{"flow": f, "reason": said.get(f.reason, f.reason), "beyond": BEYOND.get(f.beyond, f.beyond)}
                  for f in trace.flows if f.way == "out" and f.beyond not in {"customer", "assembly"}],
        "sums": recall_papers.sums_of(trace),
        "shipped": found[:PAGE],
        "next": found[PAGE - 1].parcel_id if len(found) > PAGE else None,
        "to_stop": sum(1 for order in trace.unshipped if not order.held),
        "may_write": may_write,
        "may_hold": request.view.may_for(merchant.id, "receiver"),
        "letters": recall_papers.letters(trace, merchant=merchant) if may_write and trace.sums.parcels else (),
        "section": "stock",
    }  # fmt: skip
    return render(request, "desk/recall.html", context)


def _trace(request: Any, lot_id: int) -> Trace:
    trace = trace_of(list(request.view.merchants), lot_id=lot_id)
    if trace is None:
        raise NotThere
    return trace


def _writer(request: Any, lot_id: int) -> Trace:
    """Give the trace to those who may see and write to a merchant's customers."""
    trace = _trace(request, lot_id)
    if not request.view.may_for(trace.lot.merchant_id, "support"):
        raise NotAllowed
    return trace


def _tone(status: str) -> str:
    return TONES.get(status, "calm")


def _finding(trace: Trace) -> str:
    """Say in one sentence where the lot is."""
    away = trace.sums.units
    gone = ngettext("%(units)s unit went to customers", "%(units)s units went to customers", away)
    here = ngettext("%(units)s is still here", "%(units)s are still here", trace.here)
    facts = {
        "lot": trace.lot.code,
        "gone": gone % {"units": words.count(away)},
        "here": here % {"units": words.count(trace.here)},
    }
    return _("Lot %(lot)s: %(gone)s, %(here)s") % facts


@login_required
@require_POST
def stop(request: Any, lot_id: int) -> HttpResponse:
    """Hold every order with units of the lot that has not left."""
    trace = _writer(request, lot_id)
    stopped = stop_unshipped(trace.lot.merchant_id, trace=trace, actor=request.actor)
    told = ngettext("%(n)s order is stopped.", "%(n)s orders are stopped.", stopped) % {"n": words.count(stopped)}
    messages.success(request, told if stopped else _("Every order with this lot was stopped before."))
    return redirect("recall", lot_id)


@login_required
@require_POST
def withdraw(request: Any, lot_id: int) -> HttpResponse:
    """Recall the lot: nothing of it is sold any more, wherever it lies."""
    trace = _trace(request, lot_id)
    if not request.view.may_for(trace.lot.merchant_id, "receiver"):
        raise NotAllowed
    try:
        units = set_lot_status(
            trace.lot.merchant_id,
            lot_ids=[lot_id],
            status="recalled",
            reason=request.POST.get("reason", "")[:200].replace("\x00", ""),
            actor=request.actor,
        )
        told = ngettext("The lot is recalled: %(n)s unit can no longer be sold.",
                        "The lot is recalled: %(n)s units can no longer be sold.", units)  # fmt: skip
        messages.success(request, told % {"n": words.count(units)})
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("recall", lot_id)


@login_required
@require_POST
def customers(request: Any, lot_id: int) -> HttpResponse:
    """Give the list of customers to write to, as a file; the audit says who took it."""
    trace = _writer(request, lot_id)
    rows = shipped_all(trace.lot_ids)
    note_list_taken(trace.lot, what="csv", rows=len(rows), actor=request.actor)
    return _file(recall_papers.customers_csv(rows), kind="text/csv; charset=utf-8", name=f"recall-{lot_id}.csv")


@login_required
@require_POST
def report(request: Any, lot_id: int) -> HttpResponse:
    """Give the report of the recall as a PDF; the audit says who took it."""
    trace = _writer(request, lot_id)
    rows = shipped_all(trace.lot_ids)
    note_list_taken(trace.lot, what="pdf", rows=len(rows), actor=request.actor)
    merchant = request.view.merchants[trace.lot.merchant_id]
    content = recall_papers.report_pdf(trace, rows, merchant=merchant, now=timezone.localtime())
    return _file(content, kind="application/pdf", name=f"recall-{lot_id}.pdf")


def _file(content: bytes, *, kind: str, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
