"""Deliveries received: the list, the page of one, its papers, its photos, its end, and a receipt taken back."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from colisage.inbound.actions.finish_delivery import finish_delivery
from colisage.inbound.actions.note_papers import note_papers
from colisage.inbound.actions.undo_receipt import undo_receipt
from colisage.inbound.forms.dock import PapersForm
from colisage.inbound.models import Delivery, Receipt
from colisage.inbound.queries import receipt_of
from colisage.inbound.queries.dock import (
    asides_of,
    deliveries_page,
    delivery_of,
    expected_of,
    lines_at_dock,
    receipts_of,
)
from colisage.inbound.queries.inspections import answers_of, checks_of
from colisage.inbound.views.chosen import after, merchants
from colisage.kit.errors import NotAllowed, NotThere, Refused
from colisage.kit.photos import clean_photos, keep_photos, photos_of

_SIZE = 50


@login_required
@require_GET
def deliveries(request: Any) -> HttpResponse:
    """List the deliveries received, the latest first."""
    state = request.GET.get("state", "")
    rows = deliveries_page(
        merchants(request), state=state if state in {"open", "finished"} else "", after=after(request), size=_SIZE
    )
    more = rows[_SIZE - 1].delivery.pk if len(rows) > _SIZE else None
    named = (
        ("", pgettext("deliveries", "All")), ("open", _("Being received")),
        ("finished", pgettext("deliveries", "Finished")),
    )  # fmt: skip
    views = [{"label": label, "url": f"?state={name}", "here": name == state} for name, label in named]
    return render(request, "inbound/deliveries.html", {"rows": rows[:_SIZE], "next": more, "views": views})


@login_required
@require_GET
def delivery(request: Any, delivery_id: int) -> HttpResponse:
    """Show what a delivery was expected to bring and what it brought, who took it in, and the photos."""
    found = _found(request, delivery_id)
    receipts, asides = receipts_of(found.pk), asides_of(found.pk)
    seen = list(request.view.merchants)
    of_receipts = photos_of(seen, doc_kind="receipt", doc_ids=[r.pk for r in receipts])
    checks = checks_of([r.pk for r in receipts])
    of_asides = photos_of(seen, doc_kind="set_aside", doc_ids=[a.pk for a in asides])
    context = {
        "delivery": found,
        "lines": lines_at_dock(expected_of(found), delivery_id=found.pk),
        "receipts": [
            (r, of_receipts.get(r.pk, []), checks.get(r.pk), answers_of(checks[r.pk]) if r.pk in checks else ())
            for r in receipts
        ],
        "asides": [(a, of_asides.get(a.pk, [])) for a in asides],
        "papers": PapersForm(initial={"carrier": found.carrier, "note_number": found.note_number}),
        "may": request.view.may_for(found.merchant_id, "receiver"),
        "tab": "deliveries",
    }
    return render(request, "inbound/delivery.html", context)


@login_required
@require_POST
def papers(request: Any, delivery_id: int) -> HttpResponse:
    """Write down what the driver's papers say."""
    found = _found(request, delivery_id, deed=True)
    form = PapersForm(request.POST)
    if form.is_valid():
        note_papers(
            found.merchant_id, delivery_id=found.pk, carrier=form.cleaned_data["carrier"],
            note_number=form.cleaned_data["note_number"], actor=request.actor,
        )  # fmt: skip
    else:
        messages.error(request, _("At most 60 characters each."))
    return redirect("delivery", found.pk)


@login_required
@require_http_methods(["GET", "POST"])
def finish(request: Any, delivery_id: int) -> HttpResponse:
    """Say what is missing, and finish the delivery: the order stays open for it, or is closed short."""
    found = _found(request, delivery_id, deed=True)
    lines = lines_at_dock(expected_of(found), delivery_id=found.pk)
    manages = request.view.may_for(found.merchant_id, "manager")
    context: dict[str, Any] = {
        "delivery": found,
        "short": [line for line in lines if line.left],
        "over": [line for line in lines if line.over],
        "units": sum(line.here for line in lines),
        "manages": manages,
    }
    if request.method == "POST":
        close_short = request.POST.get("rest") == "close"
        if close_short and not manages:
            raise NotAllowed
        try:
            finish_delivery(found.merchant_id, delivery_id=found.pk, close_short=close_short, actor=request.actor)
        except Refused as refusal:
            context |= {"verdict": "bad", "text": str(refusal)}
            return render(request, "inbound/finish.html", context, status=422)
        messages.success(request, _("Delivery finished."))
        return redirect("put-away")
    return render(request, "inbound/finish.html", context)


@login_required
@require_POST
def receipt_undo(request: Any, receipt_id: int) -> HttpResponse:
    """Take a receipt back while its units stand on the dock."""
    receipt = _receipt(request, receipt_id)
    try:
        undo_receipt(receipt.merchant_id, receipt_id=receipt.pk, actor=request.actor)
        messages.success(request, _("Receipt taken back."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(_back(receipt, dock=request.POST.get("back") == "dock"))


@login_required
@require_http_methods(["GET", "POST"])
def receipt_photos(request: Any, receipt_id: int) -> HttpResponse:
    """Add photos to a receipt, such as of what came damaged."""
    receipt = _receipt(request, receipt_id)
    back = _back(receipt, dock=request.GET.get("back") == "dock")
    context: dict[str, Any] = {"receipt": receipt, "back": back}
    if request.method == "POST":
        try:
            cleaned = clean_photos(request.FILES.getlist("photo"))
            keep_photos(
                cleaned, merchant_id=receipt.merchant_id, doc_kind="receipt", doc_id=receipt.pk, actor=request.actor
            )
            if cleaned:
                messages.success(request, _("Photo kept."))
            return redirect(back)
        except Refused as refusal:
            context |= {"verdict": "bad", "text": str(refusal)}
    seen = list(request.view.merchants)
    context["photos"] = photos_of(seen, doc_kind="receipt", doc_ids=[receipt.pk]).get(receipt.pk, [])
    return render(request, "inbound/receipt_photos.html", context, status=422 if "verdict" in context else 200)


def _back(receipt: Receipt, *, dock: bool) -> str:
    """Give the page one came from: the dock at which one receives, or the delivery at the desk."""
    if receipt.delivery_id and not dock:
        return reverse("delivery", args=[receipt.delivery_id])
    if receipt.purchase_order_id:
        return reverse("receive-order", args=[receipt.purchase_order_id])
    if receipt.announcement_id:
        return reverse("receive-announcement", args=[receipt.announcement_id])
    return reverse("receive")


def _found(request: Any, delivery_id: int, *, deed: bool = False) -> Delivery:
    found = delivery_of(list(request.view.merchants), delivery_id=delivery_id)
    if found is None:
        raise NotThere
    if deed and not request.view.may_for(found.merchant_id, "receiver"):
        raise NotAllowed
    return found


def _receipt(request: Any, receipt_id: int) -> Any:
    receipt = receipt_of(list(request.view.merchants), receipt_id=receipt_id)
    if receipt is None:
        raise NotThere
    if not request.view.may_for(receipt.merchant_id, "receiver"):
        raise NotAllowed
    return receipt
