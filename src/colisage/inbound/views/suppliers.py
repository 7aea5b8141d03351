"""The desk: suppliers, their terms and what they sell."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from colisage.inbound.actions.drop_supplier_sku import drop_supplier_sku
from colisage.inbound.actions.save_supplier import save_supplier
from colisage.inbound.actions.save_supplier_sku import save_supplier_sku
from colisage.inbound.forms.purchasing import SupplierForm, SupplierSkuForm, initial_of
from colisage.inbound.models import Supplier
from colisage.inbound.queries.purchases import purchases_page
from colisage.inbound.queries.suppliers import open_orders_of, skus_said, sold_as, sold_by, supplier_of, suppliers_page
from colisage.inbound.views.chosen import chosen, key_in, merchants
from colisage.kit.errors import NotAllowed, NotThere, Refused
from colisage.kit.money import decimal

PAGE = 50


def _page(request: Any, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, template, {"tab": "suppliers", **context}, status=status)


@login_required
@require_GET
def suppliers(request: Any) -> HttpResponse:
    """List suppliers by code."""
    ids = merchants(request)
    text = request.GET.get("q", "").replace("\x00", "").strip()[:80]
    code, _mark, pk = request.GET.get("after", "").replace("\x00", "").rpartition(":")
    rows = suppliers_page(ids, text=text, after=(code[:30], key_in(pk) or 0), size=PAGE)
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    counts = open_orders_of([row.pk for row in rows[:PAGE]])
    context = {
        "rows": [(row, counts.get(row.pk, 0)) for row in rows[:PAGE]],
        "searched": text,
        "next": f"{last.code}:{last.pk}" if last else None,
        "may_edit": bool(request.merchant and request.view.may_for(request.merchant.id, "receiver")),
    }
    return _page(request, "inbound/suppliers.html", context)


def _supplier(request: Any, supplier_id: int, *, to_change: bool = False) -> Supplier:
    found = supplier_of(list(request.view.merchants), supplier_id=supplier_id)
    if found is None:
        raise NotThere
    if to_change and not request.view.may_for(found.merchant_id, "receiver"):
        raise NotAllowed
    return found


@login_required
@require_GET
def supplier(request: Any, supplier_id: int) -> HttpResponse:
    """Show a supplier: terms, a page of SKUs, the latest orders."""
    found = _supplier(request, supplier_id)
    return _page(request, "inbound/supplier.html", _shown(request, found))


def _shown(request: Any, found: Supplier, form: SupplierSkuForm | None = None) -> dict[str, Any]:
    after = request.GET.get("after", "").replace("\x00", "")[:100]
    sold = sold_by(found.merchant_id, supplier_id=found.pk, after=after, size=PAGE)
    asked = key_in(request.GET.get("sku", ""))
    known = sold_as(found.merchant_id, supplier_id=found.pk, sku_id=asked) if asked else None
    initial = {}
    if known:
        cost = decimal(known.unit_cost_cents, currency=found.currency)
        initial = {"sku": known.sku.code, "cost": cost} | {
            name: getattr(known, name) for name in ("supplier_code", "pack_units", "minimum_units", "lead_days")
        }
    return {
        "supplier": found,
        "sold": sold[:PAGE],
        "next": sold[PAGE - 1].sku.code_key if len(sold) > PAGE else None,
        "known": known,
        "orders": purchases_page([found.merchant_id], supplier_id=found.pk, size=10)[:10],
        "form": form or SupplierSkuForm(currency=found.currency, initial=initial),
        "may_edit": request.view.may_for(found.merchant_id, "receiver"),
    }


@login_required
@require_http_methods(["GET", "POST"])
def new_supplier(request: Any) -> HttpResponse:
    """Make a supplier."""
    merchant = chosen(request)
    initial = {
        "currency": merchant.currency, "language": merchant.language, "lead_days": 14, "due_days": 30, "claim_days": 7,
        "country": merchant.country,
    }  # fmt: skip
    form = SupplierForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = save_supplier(merchant.id, **form.facts(), actor=request.actor)
            return redirect("supplier", made)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _page(request, "inbound/edit_supplier.html", {"form": form}, 422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def edit_supplier(request: Any, supplier_id: int) -> HttpResponse:
    """Change a supplier."""
    found = _supplier(request, supplier_id, to_change=True)
    form = SupplierForm(request.POST if request.method == "POST" else None, initial=initial_of(found))
    if request.method == "POST" and form.is_valid():
        try:
            save_supplier(found.merchant_id, supplier_id=found.pk, **form.facts(), actor=request.actor)
            messages.success(request, _("Saved."))
            return redirect("supplier", found.pk)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _page(request, "inbound/edit_supplier.html", {"form": form, "supplier": found}, 422 if form.errors else 200)


@login_required
@require_POST
def save_sku(request: Any, supplier_id: int) -> HttpResponse:
    """Say how the supplier sells a SKU."""
    found = _supplier(request, supplier_id, to_change=True)
    form = SupplierSkuForm(request.POST, currency=found.currency)
    if form.is_valid():
        told = form.cleaned_data
        sku = skus_said(found.merchant_id, codes=[told["sku"]]).get(told["sku"].upper())
        if sku is None:
            form.add_error("sku", _("Not in the catalogue: %(codes)s.") % {"codes": told["sku"]})
        else:
            try:
                save_supplier_sku(
                    found.merchant_id,
                    supplier_id=found.pk,
                    sku_id=sku[0].id,
                    supplier_code=told["supplier_code"],
                    unit_cost_cents=told["cost"],
                    pack_units=told["pack_units"],
                    minimum_units=told["minimum_units"],
                    lead_days=told["lead_days"],
                    actor=request.actor,
                )
                return redirect("supplier", found.pk)
            except Refused as refusal:
                form.add_error(None, str(refusal))
    return _page(request, "inbound/supplier.html", _shown(request, found, form), 422)


@login_required
@require_POST
def drop_sku(request: Any, supplier_id: int, sku_id: int) -> HttpResponse:
    """Forget how the supplier sells a SKU."""
    found = _supplier(request, supplier_id, to_change=True)
    drop_supplier_sku(found.merchant_id, supplier_id=found.pk, sku_id=sku_id, actor=request.actor)
    return redirect("supplier", found.pk)
