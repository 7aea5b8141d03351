"""The desk: goods that lie here and are the supplier's, and what is to be paid of those consumed."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from colisage.inbound.actions.close_statement import close_statement
from colisage.inbound.queries.consignment import (
    Statement,
    consigned_stock,
    statement_lines,
    statement_of,
    statements_page,
)
from colisage.inbound.views.chosen import key_in, merchants
from colisage.inventory.queries.reasons import reason_words
from colisage.kit.errors import NotAllowed, NotThere

PAGE = 50


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
    found = _statement(request, statement_id)
    lines = statement_lines([found.merchant_id], statement_id=found.id)
    said = reason_words([found.merchant_id])
    context = {
        "statement": found,
        "lines": [(line, cents, said.get(line.reason, line.reason)) for line, cents in lines],
        "without_cost": any(not line.unit_cost_cents for line, _cents in lines),
        "may_close": request.view.may_for(found.merchant_id, "accountant"),
        "tab": "consigned",
    }
    return render(request, "inbound/statement.html", context)


@login_required
@require_POST
def close(request: Any, statement_id: int) -> HttpResponse:
    """Close a statement: it is to be paid."""
    found = _statement(request, statement_id)
    if not request.view.may_for(found.merchant_id, "accountant"):
        raise NotAllowed
    close_statement(found.merchant_id, statement_id=found.id, actor=request.actor)
    return redirect("statement", found.id)
