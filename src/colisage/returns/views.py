"""The doors for returns: the desk's pages, and the scans of the returns table."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from colisage.catalog.queries import judged
from colisage.inventory.queries.lots import serials_called
from colisage.kit.errors import Malformed, NotAllowed, NotThere, Refused
from colisage.kit.gs1 import sent
from colisage.kit.marks import SavedMeanwhile
from colisage.returns import queries
from colisage.returns.actions.approve_returns import approve_returns
from colisage.returns.actions.finish_return import finish_return
from colisage.returns.actions.inspect_return import Verdict, inspect_return
from colisage.returns.actions.mark_paid_back import mark_paid_back
from colisage.returns.actions.receive_return import Came, receive_return
from colisage.returns.actions.refund_return import refund_return
from colisage.returns.actions.refuse_return import refuse_return
from colisage.returns.actions.request_return import Wanted, request_return
from colisage.returns.actions.save_policy import save_policy
from colisage.returns.forms import PolicyForm, ReturnForm
from colisage.returns.models import ReturnRequest
from colisage.returns.queries import policy_of, tables
from colisage.returns.queries.left import policy_mark
from colisage.ui.seen import meanwhile

PAGE = 50


def _seen(request: Any) -> list[int]:
    return list(request.view.merchants)


def _chosen(request: Any) -> list[int]:
    return [request.merchant.id] if request.merchant else _seen(request)


def _find(request: Any, return_id: int, *roles: str) -> ReturnRequest:
    """Give a return the person may see, or refuse; with roles, one of them must be held."""
    found = queries.return_of(_seen(request), return_id=return_id)
    if found is None:
        raise NotThere
    if roles and not request.view.may_for(found.merchant_id, *roles):
        raise NotAllowed
    return found


@login_required
@require_GET
def returns(request: Any) -> HttpResponse:
    """List returns by state."""
    ids = _chosen(request)
    view = request.GET.get("view", "")
    after = request.GET.get("after", "")
    rows = queries.returns_page(
        ids,
        states=tables.STATES.get(view, ()),
        after=int(after) if after.isdecimal() and len(after) < 19 else None,
        size=PAGE,
    )
    context = tables.listed(rows, counts=queries.counts_of(ids), view=view, size=PAGE)
    return render(request, "returns/returns.html", context)


@login_required
@require_GET
def show_return(request: Any, return_id: int) -> HttpResponse:
    """Show a return: what comes back, what was found, what is paid back."""
    found = _find(request, return_id)
    return render(request, "returns/return.html", tables.page_of(found))


@login_required
@require_http_methods(["GET", "POST"])
def new_return(request: Any, order_id: int) -> HttpResponse:
    """Write a return for a customer who asked by other means; the desk may be lenient about the date."""
    can = next(
        (found for m in _seen(request) if (found := queries.returnable_of(m, order_id=order_id)) is not None), None
    )
    if can is None:
        raise NotThere
    if not request.view.may_for(can.order.merchant_id, "support"):
        raise NotAllowed
    form = ReturnForm(
        request.POST if request.method == "POST" else None,
        lines=[(r.line.pk, r.line.name or r.line.sku_code, r.left) for r in can.lines],
    )
    context: dict[str, Any] = {"can": can, "order": can.order, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            made = request_return(
                can.order.merchant_id,
                order_id=order_id,
                lines=[Wanted(*row) for row in form.chosen()],
                note=form.cleaned_data["note"],
                goodwill=True,
                actor=request.actor,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The return is approved; the customer is told."))
            return redirect("return", made)
    return render(request, "returns/new_return.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def label(request: Any, return_id: int) -> HttpResponse:
    """Give the label of a return to print."""
    found = _find(request, return_id)
    if found.label is None:
        raise NotThere
    language = found.order.language
    answer = HttpResponse(queries.return_label_pdf(found, language=language), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{found.number}.pdf"'
    return answer


@login_required
@require_POST
def approve(request: Any, return_id: int) -> HttpResponse:
    """Approve a return that was asked for."""
    found = _find(request, return_id, "support")
    if approve_returns(found.merchant_id, return_ids=[return_id], actor=request.actor):
        messages.success(request, _("Approved. The customer is told how to send it."))
    return redirect("return", return_id)


@login_required
@require_POST
def refuse(request: Any, return_id: int) -> HttpResponse:
    """Refuse a return, and say why."""
    found = _find(request, return_id, "support")
    try:
        refuse_return(found.merchant_id, return_id=return_id, reason=_text(request, "reason"), actor=request.actor)
        messages.success(request, _("Refused. The customer is told why."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("return", return_id)


@login_required
@require_POST
def decide_refund(request: Any, return_id: int) -> HttpResponse:
    """Decide the refund that follows from what came."""
    found = _find(request, return_id, "support", "accountant")
    try:
        refund_return(found.merchant_id, return_id=return_id, actor=request.actor)
        messages.success(request, _("The refund is decided. Pay it back in your shop, then say so here."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("return", return_id)


@login_required
@require_POST
def paid_back(request: Any, return_id: int) -> HttpResponse:
    """Say that the money went back."""
    found = _find(request, return_id, "support", "accountant")
    refund = queries.refund_of(found.merchant_id, return_id=return_id)
    if refund is None:
        raise NotThere
    mark_paid_back(found.merchant_id, refund_id=refund.pk, reference=_text(request, "reference"), actor=request.actor)
    messages.success(request, _("Paid back. The return is closed."))
    return redirect("return", return_id)


@login_required
@require_http_methods(["GET", "POST"])
def policy(request: Any) -> HttpResponse:
    """Show and set what the shop promises about returns."""
    if request.merchant is None:
        raise NotAllowed(_("Choose one merchant in the bar above."))
    if "manager" not in request.view.merchant_roles.get(request.merchant.id, frozenset()):
        raise NotAllowed
    merchant = request.merchant
    kept = policy_of(merchant.id)
    form = PolicyForm(request.POST if request.method == "POST" else None, kept=kept, currency=merchant.currency)
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        try:
            save_policy(merchant.id, label_fee_cents=told.pop("label_fee"), **told, seen=form.seen, actor=request.actor)
        except SavedMeanwhile:
            kept = policy_of(merchant.id)  # in the turn of whoever was before
            rows = form.differs(form.shown(kept))
            now = meanwhile(rows, doc_kind="merchant", doc_id=merchant.id, verb="return_policy_saved")
            form.tell(now, mark=policy_mark(kept))
        else:
            messages.success(request, _("Saved. Returns already asked for keep what was promised then."))
            return redirect("return-policy")
    context = {"form": form, "merchant": merchant}
    return render(request, "returns/policy.html", context, status=422 if form.errors or form.now else 200)


# --- the returns table


@login_required
@require_http_methods(["GET", "POST"])
def table(request: Any) -> HttpResponse:
    """Scan the label of a parcel that came back."""
    if not request.view.may("receiver"):
        raise NotAllowed
    context: dict[str, Any] = {}
    if request.method == "POST":
        code = _text(request, "code")
        found = queries.return_scanned(_chosen(request), code=code)
        if found is not None:
            return redirect("return-on-table", found.pk)
        context = {"verdict": "bad", "text": _("No return has this code."), "scanned": code}
    context["waiting"] = tables.waiting_on_table(_chosen(request))
    return render(request, "returns/table.html", context, status=422 if "verdict" in context else 200)


@login_required
@require_http_methods(["GET", "POST"])
def on_table(request: Any, return_id: int) -> HttpResponse:
    """Take the items of a return in, one scan a unit."""
    found = _find(request, return_id, "receiver")
    told: dict[str, Any] = {}
    if request.method == "POST":
        code = sent(request.POST.get("code"))
        scan = judged([found.merchant_id], code=code)
        skus = scan.hits or serials_called([found.merchant_id], code=code)
        try:
            if len(skus) != 1:
                raise Malformed(scan.why)
            receive_return(
                found.merchant_id,
                return_id=return_id,
                came=[Came(skus[0].sku_id, skus[0].units, skus[0].serial or skus[0].lot)],
                actor=request.actor,
            )
            told = {"verdict": "ok", "text": _("Taken in."), "short": True}
        except Refused as refusal:
            told = {"verdict": "bad", "text": str(refusal), "scanned": code}
    return _table_of(request, return_id, told)


@login_required
@require_http_methods(["GET", "POST"])
def judge(request: Any, return_id: int) -> HttpResponse:
    """Judge units that came: their state first, then where they go."""
    found = _find(request, return_id, "receiver")
    if request.method == "GET":  # a page that was left open and loaded again
        return redirect("return-on-table", return_id)
    grade, to = _text(request, "grade"), _text(request, "disposition")
    item = _number(request, "item")
    if not to:
        return _table_of(request, return_id, {}, item=item, grade=grade)
    verdict = Verdict(
        item_id=item,
        quantity=_number(request, "quantity"),
        grade=grade,
        disposition=to,
        bin_code=_text(request, "bin"),
    )
    try:
        inspect_return(found.merchant_id, return_id=return_id, verdicts=[verdict], actor=request.actor)
    except Refused as refusal:
        return _table_of(request, return_id, {"verdict": "bad", "text": str(refusal)}, item=item, grade=grade)
    messages.success(request, _("Noted."))
    return redirect("return-on-table", return_id)


@login_required
@require_POST
def finish(request: Any, return_id: int) -> HttpResponse:
    """Say that nothing more comes."""
    found = _find(request, return_id, "receiver")
    try:
        finish_return(found.merchant_id, return_id=return_id, actor=request.actor)
    except Refused as refusal:
        return _table_of(request, return_id, {"verdict": "bad", "text": str(refusal)})
    messages.success(request, _("Inspected. The desk decides the refund."))
    return redirect("returns-table")


def _table_of(request: Any, return_id: int, told: dict[str, Any], *, item: int = 0, grade: str = "") -> HttpResponse:
    found = _find(request, return_id)
    context = {**tables.table_of(found, item=item, grade=grade), **told}
    return render(request, "returns/on_table.html", context, status=422 if told.get("verdict") == "bad" else 200)


def _text(request: Any, name: str) -> str:
    """Read a field: at most 300 characters, without what a database refuses."""
    return str(request.POST.get(name, "")).replace("\x00", "").strip()[:300]


def _number(request: Any, name: str) -> int:
    text = _text(request, name)
    return int(text) if text.isdecimal() and len(text) < 10 else 0
