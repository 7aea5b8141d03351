"""Returns to suppliers, at the desk: from quarantine to the credit."""

import re
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from colisage.inbound.actions.advance_supplier_return import CreditUnclear, Step, advance_supplier_return
from colisage.inbound.actions.draft_supplier_return import Back, draft_supplier_return
from colisage.inbound.forms.supplier_returns import StepForm
from colisage.inbound.models import BackReason
from colisage.inbound.queries.supplier_return_pdf import supplier_return_pdf
from colisage.inbound.queries.supplier_returns import (
    ReturnRow,
    overdue_count,
    supplier_return_lines,
    supplier_return_of,
    supplier_returns_page,
    waiting_page,
)
from colisage.inbound.queries.suppliers import suppliers_of
from colisage.inbound.views.chosen import after, chosen, key_in, language_in, merchants
from colisage.kit.errors import NotAllowed, NotThere, Refused
from colisage.kit.money import cents
from colisage.kit.photos import clean_photos, keep_photos, photos_of

_SIZE = 50
_AMOUNT: Final = re.compile(r"[0-9]{1,12}(\.[0-9]{1,3})?")
_VIEWS = {"open", "overdue", "ended"}


@login_required
@require_GET
def supplier_returns(request: Any) -> HttpResponse:
    """List the returns to suppliers, and what waits in quarantine; the overdue ones can be asked for."""
    view = request.GET.get("view", "")
    ids = merchants(request)
    rows = supplier_returns_page(ids, view=view if view in _VIEWS else "", after=after(request), size=_SIZE)
    more = rows[_SIZE - 1].document.pk if len(rows) > _SIZE else None
    named = (("", _("All")), ("open", _("Under way")), ("overdue", _("Overdue")), ("ended", _("Ended")))
    views = [{"label": label, "url": f"?view={name}", "here": name == view} for name, label in named]
    context = {"rows": rows[:_SIZE], "next": more, "views": views, "overdue": overdue_count(ids)}
    return render(request, "inbound/supplier_returns.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def supplier_return_new(request: Any) -> HttpResponse:
    """Choose what lies in quarantine and goes back, and to whom."""
    merchant = chosen(request)
    page = waiting_page([merchant.id], after=request.GET.get("after", ""))
    if "after" in request.GET and not page.waiting and request.method == "GET":  # all of it has gone meanwhile
        return redirect("supplier-return-new")
    told = request.POST if request.method == "POST" else request.GET
    supplier = key_in(told.get("supplier", "")) or next((w.supplier_id for w in page.waiting if w.supplier_id), None)
    context: dict[str, Any] = {
        "suppliers": suppliers_of(merchant.id),
        "supplier": supplier,
        "note": told.get("note", ""),
        "reasons": BackReason.choices,
        "next": page.next,
        "later": request.GET.get("after", ""),
        "tab": "supplier-returns",
    }
    if request.method == "POST":
        try:
            return redirect("supplier-return", _write(request, merchant.id, supplier_id=supplier or 0))
        except NotThere:
            lost = _("Not all of these units lie in quarantine any more. Look at the list again.")
            context["refusal"] = lost if supplier else _("Choose the supplier.")
        except Refused as refusal:
            context["refusal"] = str(refusal)
    context["plates"] = [(plate, f"plate_{plate.id}" in told) for plate in page.plates]
    context["waiting"] = [
        {
            "w": w,
            "units": told.get(f"units_{w.held.cell_id}", w.held.qty if w.supplier_id == supplier else 0),
            "reason": told.get(f"reason_{w.held.cell_id}", w.reason),
        }
        for w in page.waiting
    ]
    status = 422 if "refusal" in context else 200
    return render(request, "inbound/supplier_return_new.html", context, status=status)


def _write(request: Any, merchant_id: int, *, supplier_id: int) -> int:
    """Write the return that was filled in: units of cells, and whole plates."""
    plates = [key_in(name.removeprefix("plate_")) for name in request.POST if name.startswith("plate_")]
    return draft_supplier_return(
        merchant_id,
        _lines(request),
        plate_ids=[plate for plate in plates if plate is not None],
        supplier_id=supplier_id,
        note=request.POST.get("note", "").replace("\x00", ""),
        actor=request.actor,
    )


def _lines(request: Any) -> list[Back]:
    told = {name.removeprefix("units_"): text.strip() for name, text in request.POST.items() if name[:6] == "units_"}
    return [
        Back(cell, min(key_in(text) or 0, 10**9), request.POST.get(f"reason_{cell}", ""))
        for name, text in told.items()
        if text not in {"", "0"} and (cell := key_in(name)) is not None
    ]


@login_required
@require_GET
def supplier_return(request: Any, return_id: int) -> HttpResponse:
    """Show a return: its lines, its photos, its day to claim by, and the credit."""
    return _page(request, _found(request, return_id), StepForm())


@login_required
@require_GET
def supplier_return_document(request: Any, return_id: int) -> HttpResponse:
    """Give the document for the supplier, in the supplier's language or the reader's."""
    number, made = supplier_return_pdf(list(request.view.merchants), return_id=return_id, language=language_in(request))
    headers = {"Content-Disposition": f'inline; filename="{number}.pdf"'}
    return HttpResponse(made, content_type="application/pdf", headers=headers)


@login_required
@require_POST
def supplier_return_step(request: Any, return_id: int) -> HttpResponse:
    """Take a return one step on."""
    found = _found(request, return_id, deed=True)
    form = StepForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    told = form.cleaned_data
    try:
        credited = _amount(told["amount"], currency=found.document.currency) if told["to"] == "credited" else None
        step = Step(
            to=told["to"], carrier=told["carrier"], tracking_number=told["tracking_number"],
            reference=told["reference"], credited_cents=credited, credited_on=told["credited_on"],
        )  # fmt: skip
        advance_supplier_return(found.document.merchant_id, return_id=return_id, step=step, actor=request.actor)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, found, form, status=422)
    messages.success(request, _("Noted."))
    return redirect("supplier-return", return_id)


def _amount(text: str, *, currency: str) -> int:
    """Read an amount as people write it: 1 234,50 or 1234.50."""
    plain = "".join(text.split()).replace(",", ".")
    if not _AMOUNT.fullmatch(plain):
        raise CreditUnclear
    try:
        return cents(plain, currency=currency)
    except ValueError as unclear:
        raise CreditUnclear from unclear


@login_required
@require_POST
def supplier_return_photos(request: Any, return_id: int) -> HttpResponse:
    """Add photos to a return."""
    found = _found(request, return_id, deed=True)
    try:
        cleaned = clean_photos(request.FILES.getlist("photo"))
        keep_photos(
            cleaned, merchant_id=found.document.merchant_id, doc_kind="supplier_return", doc_id=return_id,
            actor=request.actor,
        )  # fmt: skip
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("supplier-return", return_id)


def _page(request: Any, found: ReturnRow, form: StepForm, *, status: int = 200) -> HttpResponse:
    lines = supplier_return_lines(found.document.pk)
    seen = list(request.view.merchants)
    photos = photos_of(seen, doc_kind="supplier_return", doc_ids=[found.document.pk]).get(found.document.pk, [])
    for kind, ids in (
        ("receipt", [line.receipt_id for line in lines if line.receipt_id]),
        ("set_aside", [line.aside_id for line in lines if line.aside_id]),
    ):
        photos = photos + [p for taken in photos_of(seen, doc_kind=kind, doc_ids=ids).values() for p in taken]
    context = {
        "found": found,
        "document": found.document,
        "language": found.document.supplier.language,
        "lines": [(line, line.units * line.unit_credit_cents) for line in lines],
        "photos": photos,
        "form": form,
        "may": request.view.may_for(found.document.merchant_id, "receiver"),
        "tab": "supplier-returns",
    }
    return render(request, "inbound/supplier_return.html", context, status=status)


def _found(request: Any, return_id: int, *, deed: bool = False) -> ReturnRow:
    found = supplier_return_of(list(request.view.merchants), return_id=return_id)
    if found is None:
        raise NotThere
    if deed and not request.view.may_for(found.document.merchant_id, "receiver"):
        raise NotAllowed
    return found
