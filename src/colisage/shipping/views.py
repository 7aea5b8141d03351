"""The doors of shipping: what is to label and to hand over, labels to print, manifests."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from colisage.kit.errors import Malformed, NotAllowed, NotThere, Refused
from colisage.orders.queries import order_of, parts_of
from colisage.shipping.actions.ask_again import ask_again
from colisage.shipping.actions.hand_over import hand_over
from colisage.shipping.actions.mark_printed import mark_printed
from colisage.shipping.actions.request_shipments import request_shipments
from colisage.shipping.actions.void_shipments import void_shipments
from colisage.shipping.forms import CarrierAtNode, PrintForm
from colisage.shipping.queries import (
    PROBLEMS,
    being_bought,
    label_pdf,
    label_scanned,
    label_zpl,
    labels_waiting,
    manifest_pdf,
    manifests_of,
    shipment_problems,
    to_hand_over,
    to_label,
)

KINDS = {"pdf": "application/pdf", "zpl": "application/zpl; charset=utf-8"}


def _worked(request: Any) -> list[int]:
    """Give the operators for which the person may label and hand over."""
    return [o for o, roles in request.view.operator_roles.items() if roles & {"manager", "packer"}]


def _floor(request: Any) -> list[int]:
    operators = _worked(request)
    if not operators:
        raise NotAllowed
    return operators


def _merchants(request: Any) -> list[int]:
    """Give every merchant that may be seen: a driver takes the parcels of all, whichever is switched to."""
    return list(request.view.merchants)


@login_required
@require_GET
def shipping(request: Any) -> HttpResponse:
    """Show what waits for labels and carriers, what is stuck, and what has left."""
    merchants, operators = _merchants(request), list(request.view.operators)
    waiting = to_hand_over(merchants, operator_ids=operators)
    stuck = shipment_problems(merchants, operator_ids=operators)
    context = {
        "waiting": waiting,
        "parcels": sum(w.parcels for w in waiting),
        "problems": [{"shipment": s, "text": PROBLEMS.get(s.problem, "")} for s in stuck],
        "asked": being_bought(merchants, operator_ids=operators),
        "missing": len(to_label(merchants, operator_ids=operators)),
        "manifests": manifests_of(_worked(request), most=10),
        "worked": _worked(request),
    }
    return render(request, "shipping/shipping.html", context)


@login_required
@require_POST
def request_missing(request: Any) -> HttpResponse:
    """Ask for the labels of everything packed that has none."""
    ids = to_label(_merchants(request), operator_ids=_floor(request))
    n = len(request_shipments(ids, actor=request.actor))
    messages.success(request, ngettext("%(n)s label is asked for.", "%(n)s labels are asked for.", n) % {"n": n})
    return redirect("shipping")


@login_required
@require_POST
def again(request: Any) -> HttpResponse:
    """Try a shipment with a problem once more."""
    ids = [int(pk) for pk in request.POST.getlist("shipment") if pk.isdecimal() and len(pk) < 19]
    operators = _floor(request)
    if ask_again(_merchants(request), operator_ids=operators, shipment_ids=ids, actor=request.actor):
        messages.success(request, _("The carrier is asked again."))
    else:
        messages.warning(request, _("Nothing to ask for: no carrier takes these parcels there."))
    return redirect("shipping")


def _file(content: bytes | str, *, kind: str, name: str) -> HttpResponse:
    shown = "inline" if kind == "pdf" else "attachment"
    return HttpResponse(
        content, content_type=KINDS[kind], headers={"Content-Disposition": f'{shown}; filename="{name}.{kind}"'}
    )


def _labels(request: Any, label_ids: list[int], *, kind: str, name: str) -> HttpResponse:
    merchants = _merchants(request)
    if kind == "pdf":
        return _file(label_pdf(merchants, label_ids=label_ids), kind=kind, name=name)
    return _file(label_zpl(merchants, label_ids=label_ids), kind=kind, name=name)


@login_required
@require_POST
def print_labels(request: Any) -> HttpResponse:
    """Give the labels that wait for a carrier as one file: those never printed, or all again."""
    operators, form = _floor(request), PrintForm(request.POST)
    if not form.is_valid():
        raise Malformed
    asked = form.cleaned_data
    ids = labels_waiting(
        _merchants(request),
        operator_ids=operators,
        node_id=asked["node"],
        carrier_id=asked["carrier"],
        unprinted=not asked["every"],
    )
    if not ids:
        messages.warning(request, _("Every label is printed already."))
        return redirect("shipping")
    mark_printed(_merchants(request), label_ids=ids)
    return _labels(request, ids, kind=asked["kind"], name=f"colisage-{asked['node']}-{asked['carrier']}")


@login_required
@require_GET
def label(request: Any, label_id: int, kind: str) -> HttpResponse:
    """Give one label."""
    return _labels(request, [label_id], kind=kind, name=f"colisage-{label_id}")


@login_required
@require_POST
def leave(request: Any) -> HttpResponse:
    """Close the manifest of a carrier: its driver takes everything that waits."""
    operators, form = _floor(request), CarrierAtNode(request.POST)
    if not form.is_valid():
        raise Malformed
    node, carrier = form.cleaned_data["node"], form.cleaned_data["carrier"]
    waiting = next(
        (
            w
            for w in to_hand_over(_merchants(request), operator_ids=operators)
            if (w.node_id, w.carrier_id) == (node, carrier)
        ),
        None,
    )
    if waiting is None:
        messages.warning(request, _("No parcel with a label waits for this carrier."))
        return redirect("shipping")
    try:
        hand_over(waiting.operator_id, node_id=node, carrier_id=carrier, actor=request.actor)
        messages.success(request, _("Handed over. The manifest is ready to print."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("shipping")


@login_required
@require_POST
def void(request: Any, order_id: int) -> HttpResponse:
    """Void the labels of an order that has not left."""
    operators = _floor(request)
    order = order_of(_merchants(request), order_id=order_id)
    if order is None or not operators:
        raise NotThere
    void_shipments([part.id for part in parts_of([order.pk])[order.pk]], actor=request.actor)
    messages.success(request, _("The label is void. Do not stick it on a parcel."))
    return redirect("order", order_id)


@login_required
@require_http_methods(["GET", "POST"])
def reprint(request: Any) -> HttpResponse:
    """Find the label of a parcel by scan, to print it again."""
    _floor(request)
    code = request.POST.get("code", "").strip().replace("\x00", "")[:80]
    found = label_scanned(_merchants(request), code=code) if code else None
    context = {"code": code, "label": found, "unknown": bool(code) and found is None}
    name = "shipping/reprint.html#found" if request.htmx else "shipping/reprint.html"
    return render(request, name, context, status=422 if context["unknown"] else 200)


@login_required
@require_GET
def manifest(request: Any, manifest_id: int) -> HttpResponse:
    """Give a manifest to sign."""
    content = manifest_pdf(_floor(request), manifest_id=manifest_id)
    return _file(content, kind="pdf", name=f"colisage-B{manifest_id:06d}")
