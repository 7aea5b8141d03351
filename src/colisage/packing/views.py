"""The doors of packing: what is to pack, the station, the slips."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from colisage.kit.errors import Malformed, NotAllowed, NotThere, Refused
from colisage.kit.gs1 import sent
from colisage.network.queries import node_names
from colisage.orders.queries import (
    Part,
    hold_reason,
    holds_of,
    orders_across,
    orders_matching,
    parts,
    parts_of,
    stage_counts,
)
from colisage.orders.queries.together import orders_aboard
from colisage.packing.actions.change_box import change_box
from colisage.packing.actions.count_line import count_line
from colisage.packing.actions.make_parcels import make_parcels
from colisage.packing.actions.scan_item import scan_item
from colisage.packing.actions.seal_parcels import Seal, WrongWeight, seal_parcels
from colisage.packing.forms import BoxForm, SealForm
from colisage.packing.models import Parcel
from colisage.packing.queries import (
    Content,
    bench_of,
    contents_of,
    cursor_of,
    find_parcel,
    open_parcel,
    orders_of_tote,
    other_boxes,
    parcel_of,
    read_cursor,
    slip_pdf,
    to_pack,
    weight_zone,
)
from colisage.packing.rules import read_parcel_code
from colisage.ui import words
from colisage.ui.figures.boxes import Placed

PAGE = 50


def _worked(request: Any) -> list[int]:
    """Give the operators at whose benches the person may pack."""
    operators = [o for o, roles in request.view.operator_roles.items() if roles & {"manager", "packer"}]
    if not operators:
        raise NotAllowed
    return operators


def _merchants(request: Any) -> list[int]:
    return [request.merchant.id] if request.merchant else list(request.view.merchants)


@login_required
@require_GET
def packing(request: Any) -> HttpResponse:
    """List the parcels to pack, the next cut-off first."""
    merchants = _merchants(request)
    rows = to_pack(merchants, after=read_cursor(request.GET.get("after", "")), size=PAGE + 1)
    shown = rows[:PAGE]
    waiting = stage_counts(merchants, stages=["picked"]).get("picked")
    context = {
        "rows": shown,
        "nodes": node_names({row.node_id for row in shown}),
        "next": cursor_of(shown[-1]) if len(rows) > PAGE else None,
        "orders": waiting.count if waiting else 0,
        "may_pack": any(roles & {"manager", "packer"} for roles in request.view.operator_roles.values()),
        "slips": "&".join(f"parcel={row.id}" for row in shown),
    }
    return render(request, "packing/packing.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def station(request: Any) -> HttpResponse:
    """Wait for a tote, an order or a parcel to be scanned, and open its parcel."""
    operators = _worked(request)
    code = sent(request.POST.get("code"))
    context: dict[str, Any] = {"code": code}
    if request.method == "POST":
        found = _find(request, code, operators)
        if found is not None:
            return redirect("packing-parcel", found)
        context["refusal"] = _("Nothing to pack under this code")
        context |= {
            "cancelled": _is_cancelled(request, code, operators),
            "may_put_back": _may_put_back(request),
        }
    closed = request.GET.get("closed", "")
    if closed.isdecimal() and len(closed) < 19:
        context["closed"] = parcel_of(list(request.view.merchants), parcel_id=int(closed))
    return render(request, "packing/station.html", context, status=422 if "refusal" in context else 200)


def _find(request: Any, code: str, operators: list[int]) -> int | None:
    """Find the parcel to open for a code: a parcel's, a tote's, or an order's number."""
    merchants = list(request.view.merchants)
    named = find_parcel(code, merchant_ids=merchants)
    if named is not None:
        return named
    orders = orders_of_tote(code, operator_ids=operators) or list(_parts_called(merchants, code))
    picked = [pk for pk, part in parts(orders).items() if part.stage == "picked" and part.merchant_id in merchants]
    make_parcels(picked)  # the worker may not have come to it yet
    return open_parcel(picked, merchant_ids=merchants)


def _is_cancelled(request: Any, code: str, operators: list[int]) -> bool:
    """Say whether a code names a tote, a parcel or an order of which all is cancelled: it is to be put back."""
    parcel = read_parcel_code(code)
    named = [parcel[0]] if parcel else orders_of_tote(code, operator_ids=operators)
    found = parts(named) or _parts_called(list(request.view.merchants), code)
    mine = [part for part in found.values() if part.merchant_id in request.view.merchants]
    return bool(mine) and all(part.stage == "cancelled" for part in mine)


def _parts_called(merchants: list[int], code: str) -> dict[int, Part]:
    """Give the parts of the orders with a number."""
    named = orders_matching(merchants, text=code, most=5) if code else []
    ids = [o.pk for o in named if code.lstrip("#") == o.number.lstrip("#")]
    return {part.id: part for each in parts_of(ids).values() for part in each}


def _parcel(request: Any, parcel_id: int) -> tuple[Parcel, dict[str, Any]]:
    """Give a parcel that the person may pack, and its bench."""
    operators = _worked(request)
    found = parcel_of(list(request.view.merchants), parcel_id=parcel_id)
    if found is None:
        raise NotThere
    bench = bench_of(found)
    if bench["operator_id"] not in operators:
        raise NotThere
    return found, {**bench, "may_put_back": _may_put_back(request)}


@login_required
@require_GET
def parcel(request: Any, parcel_id: int) -> HttpResponse:
    """Show a parcel: contents to check, the box with its drawing, the scale."""
    found, bench = _parcel(request, parcel_id)
    return render(request, "packing/parcel.html", _context(found, bench))


def _may_put_back(request: Any) -> bool:
    """Say whether the person may put units back into bins: the link leads nowhere for others."""
    return any(roles & {"manager", "picker"} for roles in request.view.operator_roles.values())


def _context(found: Parcel, bench: dict[str, Any], **more: object) -> dict[str, Any]:
    contents = contents_of(found)
    left = sum(c.line.quantity - c.line.scanned for c in contents)
    total = sum(c.line.quantity for c in contents)
    low, high = weight_zone(found)
    box = found.box_type
    sides = (box.inner_length_mm, box.inner_width_mm, box.inner_height_mm) if box else (0, 0, 0)
    following = next((c for c in contents if c.at == "now"), None)
    order_id = bench["part"].order_id
    inside = orders_aboard([found.fulfillment_order_id]).get(found.fulfillment_order_id, [])
    found_orders = orders_across(inside)
    cancelled = found.state == "void" or bench["part"].stage == "cancelled"
    open_holds = {} if cancelled else holds_of(inside)
    held = [hold for each in open_holds.values() for hold in each if hold.released_at is None]
    return {
        "parcel": found,
        "order": found_orders.get(order_id) if order_id else None,
        "inside": [found_orders[pk] for pk in inside if pk in found_orders],
        "holds": dict.fromkeys(hold_reason(hold.reason) or hold.get_kind_display() for hold in held),
        "cancelled": cancelled,
        "contents": contents,
        "left": left,
        "total": total,
        "checked": total - left,
        "following": following,
        "box": box,
        "sides": sides,
        "drawing": _drawing(found, contents),
        "low": low,
        "high": high,
        **bench,
        **more,
    }


def _drawing(found: Parcel, contents: list[Content]) -> list[Placed]:
    """Give the things in the box for the drawing, the next to put in marked."""
    colours = {c.sku.id: n for n, c in enumerate(contents, 1)}
    following = next(
        (c.pieces[c.line.scanned] for c in contents if c.at == "now" and c.line.scanned < len(c.pieces)), None
    )
    return [
        Placed(x, y, z, dx, dy, dz, label=str(n), colour=colours.get(sku, 1), next=n == following)
        for n, (sku, x, y, z, dx, dy, dz) in enumerate(found.layout, 1)
    ]


@login_required
@require_POST
def scan(request: Any, parcel_id: int) -> HttpResponse:
    """Judge a scanned item: in, or aside."""
    found, bench = _parcel(request, parcel_id)
    code = sent(request.POST.get("code"))
    status = 200
    said: dict[str, Any] = {}
    try:
        line = scan_item([found.merchant_id], parcel_id=parcel_id, code=code, actor=request.actor)
        said = {"checked_line": line}
    except Refused as refusal:
        status, said = 422, {"refusal": refusal, "code": code}
    if status == 200 and not request.htmx:
        return redirect("packing-parcel", parcel_id)
    template = "packing/parcel.html#answer" if request.htmx else "packing/parcel.html"
    return render(request, template, _context(found, bench, **said, swapped=bool(request.htmx)), status=status)


@login_required
@require_POST
def count(request: Any, parcel_id: int, line_id: int) -> HttpResponse:
    """Take a line for checked that was counted by hand."""
    found, _bench = _parcel(request, parcel_id)
    count_line([found.merchant_id], parcel_id=parcel_id, line_id=line_id, actor=request.actor)
    return redirect("packing-parcel", parcel_id)


@login_required
@require_POST
def seal(request: Any, parcel_id: int) -> HttpResponse:
    """Close a parcel at the weight that the scale shows."""
    found, bench = _parcel(request, parcel_id)
    form = SealForm(request.POST)
    if not form.is_valid():
        return render(request, "packing/parcel.html", _context(found, bench, form=form), status=422)
    seal = Seal(parcel_id, form.cleaned_data["grams"], sure=form.cleaned_data["sure"])
    try:
        seal_parcels([found.merchant_id], seals=[seal], actor=request.actor)
    except WrongWeight as refusal:
        context = _context(found, bench, weight_refusal=str(refusal), grams=seal.grams)
        return render(request, "packing/parcel.html", context, status=422)
    except Refused as refusal:
        return render(request, "packing/parcel.html", _context(found, bench, refusal=refusal), status=refusal.status)
    following = open_parcel([found.fulfillment_order_id], merchant_ids=[found.merchant_id])
    if following is not None:
        messages.success(
            request,
            _("Parcel %(n)s is closed: %(weight)s.") % {"n": found.number, "weight": words.grams(seal.grams)},
        )
        return redirect("packing-parcel", following)
    return redirect(f"{reverse('packing-station')}?closed={parcel_id}")


@login_required
@require_http_methods(["GET", "POST"])
def box(request: Any, parcel_id: int) -> HttpResponse:
    """Offer the boxes that truly fit, and take another."""
    found, bench = _parcel(request, parcel_id)
    if request.method == "POST":
        form = BoxForm(request.POST)
        if not form.is_valid():
            raise Malformed
        change_box(
            [found.merchant_id],
            parcel_id=parcel_id,
            box_type_id=form.cleaned_data["box"],
            actor=request.actor,
        )
        return redirect("packing-parcel", parcel_id)
    return render(request, "packing/box.html", {"parcel": found, "choices": other_boxes(found), **bench})


@login_required
@require_GET
def slip(request: Any, parcel_id: int) -> HttpResponse:
    """Give a parcel's packing slip."""
    if parcel_of(list(request.view.merchants), parcel_id=parcel_id) is None:
        raise NotThere
    return _pdf(slip_pdf(list(request.view.merchants), parcel_ids=[parcel_id]), name=f"slip-{parcel_id}")


@login_required
@require_GET
def slips(request: Any) -> HttpResponse:
    """Give the slips of many parcels in one file."""
    ids = [int(pk) for pk in request.GET.getlist("parcel")[:500] if pk.isdecimal() and len(pk) < 19]
    if not ids:
        raise NotThere
    return _pdf(slip_pdf(list(request.view.merchants), parcel_ids=ids), name="slips")


def _pdf(content: bytes, *, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response
