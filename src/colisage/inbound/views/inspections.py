"""Inspection lists at the desk, and inspection on the phone."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from colisage.catalog.queries import skus_by_code
from colisage.inbound import queries
from colisage.inbound.actions.end_checklist import end_checklist
from colisage.inbound.actions.inspect_receipt import Finding, inspect_receipt
from colisage.inbound.actions.save_checklist import Asked, SampleUnclear, save_checklist
from colisage.inbound.forms.inspections import ChecklistForm
from colisage.inbound.models import Receipt
from colisage.inbound.queries.inspections import checklists_page, limits_of, questions_of
from colisage.inbound.queries.suppliers import suppliers_of
from colisage.inbound.rules.inspecting import sample_size
from colisage.inbound.views.chosen import after, chosen, key_in, merchants
from colisage.kit.errors import NotAllowed, NotThere, Refused
from colisage.kit.photos import DRAFT, attach_photos, clean_photos, keep_photos

_SIZE = 50


@login_required
@require_GET
def checklists(request: Any) -> HttpResponse:
    """List what is looked at when goods arrive."""
    rows = checklists_page(merchants(request), after=after(request), size=_SIZE)
    asked = questions_of([row.pk for row in rows])
    context = {
        "rows": [(row, [(q, *limits_of(q)) for q in asked[row.pk]]) for row in rows[:_SIZE]],
        "next": rows[_SIZE - 1].pk if len(rows) > _SIZE else None,
        "tab": "checklists",
        "may": request.view.may("manager"),
    }
    return render(request, "inbound/checklists.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def checklist_new(request: Any) -> HttpResponse:
    """Write a checklist: a question a line."""
    merchant = chosen(request)
    if not request.view.may_for(merchant.id, "manager"):
        raise NotAllowed
    suppliers = [(str(s.pk), s.name) for s in suppliers_of(merchant.id)]
    form = ChecklistForm(request.POST or None, suppliers=suppliers)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        sku = skus_by_code(merchant.id, codes=[told["sku"]]).get(told["sku"].upper()) if told["sku"] else None
        if told["sku"] and sku is None:
            form.add_error("sku", _("Not in the catalogue: %(codes)s.") % {"codes": told["sku"]})
        else:
            try:
                save_checklist(
                    merchant.id,
                    name=told["name"],
                    questions=[Asked(*question) for question in told["questions"]],
                    sku_id=sku.id if sku else None,
                    supplier_id=key_in(told["supplier"]),
                    sample_rule=told["sample_rule"],
                    sample_value=told["sample_value"] or 0,
                    actor=request.actor,
                )
                messages.success(request, _("Inspection list saved."))
                return redirect("checklists")
            except SampleUnclear as refusal:
                form.add_error("sample_value", str(refusal))
            except Refused as refusal:
                form.add_error(None, str(refusal))
    context = {"form": form, "tab": "checklists"}
    return render(request, "inbound/checklist_new.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def checklist_end(request: Any, checklist_id: int) -> HttpResponse:
    """Ask a checklist no more."""
    merchant = chosen(request)
    if not request.view.may_for(merchant.id, "manager"):
        raise NotAllowed
    end_checklist(merchant.id, checklist_id=checklist_id, actor=request.actor)
    messages.success(request, _("This list is asked no more."))
    return redirect("checklists")


@login_required
@require_http_methods(["GET", "POST"])
def inspect(request: Any, receipt_id: int) -> HttpResponse:
    """Inspect a receipt on the phone: look at so many units, answer, and say how many fail."""
    receipt = _receipt(request, receipt_id)
    checklist = receipt.checklist
    if checklist is None:
        raise NotThere
    questions = questions_of([checklist.pk])[checklist.pk]
    context: dict[str, Any] = {
        "receipt": receipt,
        "checklist": checklist,
        "sample": sample_size(checklist.sample_rule, value=checklist.sample_value, units=receipt.good),
        "photo_wanted": any(question.kind == "photo" for question in questions),
    }
    if request.method == "POST":
        try:
            passed = _found(request, receipt, [question.pk for question in questions], context)
        except Refused as refusal:
            context |= {"verdict": "bad", "text": str(refusal)}
        else:
            told = _("Passed: it may be put away.") if passed else _("Units that failed are in quarantine now.")
            messages.success(request, told)
            return redirect("put-away")
    context["questions"] = [
        {"q": q, "told": request.POST.get(f"answer_{q.pk}", "")[:40], "limits": limits_of(q)} for q in questions
    ]
    context["failed"] = request.POST.get("failed", "0")[:12]
    return render(request, "inbound/inspect.html", context, status=422 if "verdict" in context else 200)


def _found(request: Any, receipt: Receipt, questions: list[int], context: dict[str, Any]) -> bool:
    actor, told = request.actor, request.POST
    before = [pk for pk in map(key_in, told.getlist("kept")[:12]) if pk]
    cleaned = clean_photos(request.FILES.getlist("photo"))
    kept = context["kept"] = before + keep_photos(
        cleaned, merchant_id=receipt.merchant_id, doc_kind=DRAFT, doc_id=actor.id or 0, actor=actor
    )
    failed = key_in(told.get("failed", "").strip() or "0")
    finding = Finding(
        answers={pk: told.get(f"answer_{pk}", "").replace("\x00", "") for pk in questions},
        failed_units=-1 if failed is None else min(failed, 10**9),
        photos=len(kept),
        note=told.get("note", "").replace("\x00", ""),
    )
    passed = inspect_receipt(receipt.merchant_id, receipt_id=receipt.pk, finding=finding, actor=actor)
    attach_photos(kept, merchant_id=receipt.merchant_id, doc_kind="receipt", doc_id=receipt.pk, actor=actor)
    return passed


def _receipt(request: Any, receipt_id: int) -> Receipt:
    receipt = queries.receipt_of(list(request.view.merchants), receipt_id=receipt_id)
    if receipt is None or receipt.undone_at is not None:
        raise NotThere
    if not request.view.may_for(receipt.merchant_id, "receiver"):
        raise NotAllowed
    return receipt
