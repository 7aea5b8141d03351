"""The desk: goods that lie here and are the supplier's, and what is to be paid of those consumed."""

from typing import Any
from urllib.parse import quote

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from colisage.inbound.actions.close_statement import close_statement
from colisage.inbound.actions.price_consigned import price_consigned
from colisage.inbound.forms.consignment import CostForm
from colisage.inbound.queries.consignment import (
    Statement,
    consigned_stock,
    statement_lines,
    statement_of,
    statements_page,
)
from colisage.inbound.queries.statement_papers import statement_csv, statement_pdf
from colisage.inbound.queries.suppliers import supplier_of
from colisage.inbound.views.chosen import key_in, language_in, merchants
from colisage.inventory.queries.reasons import reason_words
from colisage.kit.errors import NotAllowed, NotThere, Refused

PAGE = 50
_SHOWN = 5_000


@login_required
@require_GET
def consigned(request: Any) -> HttpResponse:
    """List consigned stock by supplier, and the statements."""
    ids = merchants(request)
    stock = consigned_stock(ids)
    rows = statements_page(ids, after=key_in(request.GET.get("after", "")), size=PAGE)
    context = {
        "stock": stock,
        "units": sum(row.units for row in stock),
        "rows": rows[:PAGE],
        "next": rows[PAGE - 1].id if len(rows) > PAGE else None,
        "tab": "consigned",
    }
    return render(request, "inbound/consigned.html", context)


def _statement(request: Any, statement_id: int) -> Statement:
    found = statement_of(list(request.view.merchants), statement_id=statement_id)
    if found is None:
        raise NotThere
    return found


@login_required
@require_GET
def statement(request: Any, statement_id: int) -> HttpResponse:
    """Show what was bought from a supplier in a month."""
    return _page(request, _statement(request, statement_id))


def _page(request: Any, found: Statement, *, refused: CostForm | None = None) -> HttpResponse:
    lines = statement_lines([found.merchant_id], statement_id=found.id, size=_SHOWN)[:_SHOWN]
    said = reason_words([found.merchant_id])
    supplier = supplier_of([found.merchant_id], supplier_id=found.supplier_id)
    context = {
        "statement": found,
        "language": supplier.language if supplier else "",
        "lines": [(line, cents, said.get(line.reason, line.reason)) for line, cents in lines],
        "without_cost": {line.sku_id: line.sku for line, _cents in lines if not line.unit_cost_cents}.values(),
        "refused": refused,
        "may_close": request.view.may_for(found.merchant_id, "accountant"),
        "tab": "consigned",
    }
    return render(request, "inbound/statement.html", context, status=422 if refused else 200)


@login_required
@require_POST
def price(request: Any, statement_id: int) -> HttpResponse:
    """Say what a SKU costs that was bought without a cost."""
    found = _statement(request, statement_id)
    if not request.view.may_for(found.merchant_id, "accountant"):
        raise NotAllowed
    form = CostForm(request.POST, currency=found.currency)
    if not form.is_valid():
        return _page(request, found, refused=form)
    told = form.cleaned_data
    try:
        price_consigned(
            found.merchant_id,
            statement_id=found.id,
            sku_id=told["sku"],
            unit_cost_cents=told["cost"],
            actor=request.actor,
        )
    except Refused as refusal:
        form.add_error("cost", str(refusal))
        return _page(request, found, refused=form)
    return redirect("statement", found.id)


@login_required
@require_GET
def as_csv(request: Any, statement_id: int) -> HttpResponse:
    """Give a statement as a file."""
    found = _statement(request, statement_id)
    response = HttpResponse(statement_csv(found), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="consigned-{found.id}-{found.month:%Y-%m}.csv"'
    return response


@login_required
@require_GET
def as_pdf(request: Any, statement_id: int) -> HttpResponse:
    """Give a statement as a document, in the supplier's language or the reader's."""
    name, content = statement_pdf(
        list(request.view.merchants), statement_id=statement_id, language=language_in(request)
    )
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(name, safe='')}.pdf"
    return response


@login_required
@require_POST
def close(request: Any, statement_id: int) -> HttpResponse:
    """Close a statement: it is to be paid."""
    found = _statement(request, statement_id)
    if not request.view.may_for(found.merchant_id, "accountant"):
        raise NotAllowed
    close_statement(found.merchant_id, statement_id=found.id, actor=request.actor)
    return redirect("statement", found.id)
