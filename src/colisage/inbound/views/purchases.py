"""The desk: what is expected, and what is ordered from suppliers."""

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from colisage.inbound import queries
from colisage.inbound.actions.move_purchase import move_purchase
from colisage.inbound.actions.order_goods import order_goods
from colisage.inbound.actions.write_purchase import Want, write_purchase
from colisage.inbound.forms.purchasing import PurchaseForm, lines_text
from colisage.inbound.queries.announcements import deliveries_expected, deliveries_of_order
from colisage.inbound.queries.order_pdf import purchase_pdf
from colisage.inbound.queries.postponed import moved_of_order, moved_words
from colisage.inbound.queries.purchases import Expected, ordered_lines, purchase_counts, purchases_page
from colisage.inbound.queries.suppliers import skus_said, supplier_of, suppliers_named, suppliers_of
from colisage.inbound.rules.typed import TypedLine
from colisage.inbound.views.chosen import chosen, key_in, language_in, merchants
from colisage.kit.errors import NotAllowed, NotThere, Refused
from colisage.kit.queries import deeds_on
from colisage.network.queries import nodes_serving

PAGE = 50
NEXT = 25  # what comes first; the lists have the rest


@login_required
@require_GET
def receiving(request: Any) -> HttpResponse:
    """List what is expected, and what stands on the dock."""
    ids = merchants(request)
    orders, announced = queries.purchases(ids, most=NEXT + 1), deliveries_expected(ids, most=NEXT + 1)
    context = {
        "purchases": orders[:NEXT],
        "more_purchases": len(orders) > NEXT,
        "deliveries": announced[:NEXT],
        "more_deliveries": len(announced) > NEXT,
        "dock": queries.how_many_on_the_dock(ids),
        "today": timezone.localdate(),
    }
    return render(request, "inbound/receiving.html", context)


@login_required
@require_GET
def purchases(request: Any) -> HttpResponse:
    """List purchase orders, the latest first."""
    ids = merchants(request)
    view = request.GET.get("view", "")
    number = request.GET.get("q", "").replace("\x00", "").strip()[:40]
    supplier = key_in(request.GET.get("supplier", ""))
    rows = purchases_page(
        ids, view=view, supplier_id=supplier, number=number, after=key_in(request.GET.get("after", "")), size=PAGE
    )
    counts = purchase_counts(ids)
    here = reverse("purchases")
    labels = (
        ("", pgettext("orders", "All")),
        ("expected", pgettext("orders", "Expected")),
        ("late", _("Late")),
        ("draft", _("Drafts")),
        ("ended", _("Ended")),
    )
    context = {
        "rows": rows[:PAGE],
        "next": rows[PAGE - 1].id if len(rows) > PAGE else None,
        "expected": counts["expected"],
        "late": counts["late"],
        "today": timezone.localdate(),
        "searched": number,
        "chips": _chips(ids, supplier, view),
        "views": [
            {
                "label": label,
                "url": f"{here}?view={name}" if name else here,
                "here": name == view,
                "count": counts.get(name),
            }
            for name, label in labels
        ],
    }
    return render(request, "inbound/purchases.html", context)


def _chips(merchant_ids: list[int], supplier_id: int | None, view: str) -> list[dict[str, str]]:
    supplier = supplier_of(merchant_ids, supplier_id=supplier_id) if supplier_id else None
    return [{"text": supplier.name, "url": f"{reverse('purchases')}?view={quote(view)}"}] if supplier else []


@login_required
@require_http_methods(["GET", "POST"])
def new_purchase(request: Any) -> HttpResponse:
    """Write a purchase order."""
    merchant = chosen(request)
    supplier = supplier_of([merchant.id], supplier_id=key_in(request.GET.get("supplier", "")) or 0)
    form = PurchaseForm(
        request.POST if request.method == "POST" else None,
        nodes=_nodes(merchant.id),
        currency=supplier.currency if supplier else merchant.currency,
        initial={"supplier": supplier.name} if supplier else {},
    )
    if request.method == "POST" and form.is_valid() and (wants := _wants(form, merchant.id)) is not None:
        told = form.cleaned_data
        try:
            purchase_id = order_goods(
                merchant.id,
                supplier=told["supplier"],
                node_id=int(told["node"]),
                number=told["number"],
                expected_on=told["expected_on"],
                lines=wants,
                consigned=told["consigned"],
                note=told["note"],
                draft="draft" in request.POST,
                actor=request.actor,
            )
            return redirect("purchase", purchase_id)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {"form": form, "suppliers": suppliers_of(merchant.id), "tab": "purchases"}
    return render(request, "inbound/new_purchase.html", context, status=422 if form.errors else 200)


def _nodes(merchant_id: int) -> list[tuple[str, str]]:
    return [(str(n.node_id), n.name) for n in nodes_serving([merchant_id])[merchant_id]]


def _wants(form: PurchaseForm, merchant_id: int) -> list[Want] | None:
    """Find what the lines of a form name; say at the form what nobody knows."""
    lines: list[TypedLine] = form.cleaned_data["lines"]
    said = str(form.cleaned_data["supplier"]).strip()
    supplier = suppliers_named(merchant_id, names=[said]).get(said.upper())
    known = skus_said(merchant_id, codes=[line.code for line in lines], supplier_id=supplier)
    missing = [line.code for line in lines if line.code.upper() not in known]
    if missing:
        form.add_error("lines", _("Not in the catalogue: %(codes)s.") % {"codes": ", ".join(missing[:20])})
        return None
    wants = []
    for line in lines:
        sku, units = known[line.code.upper()]
        wants.append(Want(sku.id, line.units * units, line.cost_cents, line.on))
    return wants


def _purchase(request: Any, purchase_id: int) -> Expected:
    found = queries.purchase_of(list(request.view.merchants), purchase_id=purchase_id)
    if found is None:
        raise NotThere
    return found


@login_required
@require_http_methods(["GET", "POST"])
def edit_purchase(request: Any, purchase_id: int) -> HttpResponse:
    """Change a purchase order of which goods are still to come."""
    order = _purchase(request, purchase_id)
    if not request.view.may_for(order.merchant_id, "receiver"):
        raise NotAllowed
    lines = [
        TypedLine(line.code, line.ordered, line.unit_cost_cents, line.expected_on)
        for line in ordered_lines([order.merchant_id], purchase_id=order.id)
    ]
    form = PurchaseForm(
        request.POST if request.method == "POST" else None,
        nodes=_nodes(order.merchant_id),
        currency=order.currency,
        initial={
            "number": order.number,
            "supplier": order.supplier,
            "node": str(order.node_id),
            "expected_on": order.expected_on,
            "note": order.note,
            "consigned": order.consigned,
            "lines": lines_text(lines, currency=order.currency),
        },
    )
    form.fields["supplier"].disabled = True  # the order went to them
    if request.method == "POST" and form.is_valid() and (wants := _wants(form, order.merchant_id)) is not None:
        told = form.cleaned_data
        try:
            write_purchase(
                order.merchant_id,
                wants,
                purchase_id=order.id,
                supplier_id=order.supplier_id,
                node_id=int(told["node"]),
                number=told["number"],
                expected_on=told["expected_on"],
                consigned=told["consigned"],
                note=told["note"],
                actor=request.actor,
            )
            messages.success(request, _("Saved."))
            return redirect("purchase", order.id)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {"form": form, "purchase": order, "tab": "purchases"}
    return render(request, "inbound/new_purchase.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def purchase(request: Any, purchase_id: int) -> HttpResponse:
    """Show a purchase order: what was ordered, what came."""
    found = _purchase(request, purchase_id)
    lines = ordered_lines([found.merchant_id], purchase_id=purchase_id)
    supplier = supplier_of([found.merchant_id], supplier_id=found.supplier_id)
    below = supplier is not None and found.state == "draft" and found.total_cents < supplier.minimum_cents
    context = {
        "purchase": found,
        "lines": lines,
        "over": sum(line.over for line in lines),
        "missing": sum(line.missing for line in lines),
        "has_come": any(line.received for line in lines),
        "is_late": _is_late(found),
        "moved": moved_of_order(found.merchant_id, purchase_id=found.id, on=found.expected_on)
        if found.is_expecting
        else None,
        "supplier": supplier,
        "language": supplier.language if supplier else "",
        "below_minimum": below,
        "deliveries": deliveries_of_order([found.merchant_id], purchase_id=purchase_id),
        "deeds": [
            (deed, _said(deed.verb, deed.data)) for deed in deeds_on("purchase_order", doc_id=purchase_id, most=20)
        ],
        "may_edit": request.view.may_for(found.merchant_id, "receiver"),
        "tab": "purchases",
    }
    return render(request, "inbound/purchase.html", context)


def _is_late(order: Expected) -> bool:
    return bool(order.is_expecting and order.expected_on and order.expected_on < timezone.localdate())


def _said(verb: str, data: dict[str, Any]) -> str:
    """Say what was done to an order."""
    if moved := moved_words(verb, data):
        return moved
    if verb == "purchase_moved":
        to = data["state"][1]
        return {"open": _("Sent"), "cancelled": _("Cancelled"), "short": _("Closed short")}.get(str(to), "")
    if verb == "purchase_changed":
        return _("Changed")
    return pgettext("order", "Written")


@login_required
@require_POST
def step(request: Any, purchase_id: int) -> HttpResponse:
    """Send, cancel or close short a purchase order."""
    order = _purchase(request, purchase_id)
    if not request.view.may_for(order.merchant_id, "receiver"):
        raise NotAllowed
    try:
        move_purchase(order.merchant_id, purchase_id=order.id, to=request.POST.get("to", ""), actor=request.actor)
    except NotThere:
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("purchase", order.id)


@login_required
@require_GET
def document(request: Any, purchase_id: int) -> HttpResponse:
    """Give a purchase order as PDF, in the supplier's language or the reader's."""
    number, content = purchase_pdf(list(request.view.merchants), purchase_id=purchase_id, language=language_in(request))
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(number, safe='')}.pdf"
    return response
