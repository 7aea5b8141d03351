"""Labels to print: of bins, goods, lots and plates, chosen at the desk or found by a scan on the floor."""

from typing import Any, cast
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from colisage.catalog.queries import judged, skus_across
from colisage.inventory.queries import labels as asked
from colisage.inventory.queries.labels import PAPERS, Paper
from colisage.inventory.rules.labels import Face, codes_in
from colisage.kit.errors import NotAllowed, NotThere, Refused
from colisage.kit.gs1 import sent
from colisage.network.queries import nodes_run_by

KINDS = {"pdf": "application/pdf", "zpl": "text/plain; charset=utf-8"}
MOST_COPIES = 500


def _merchants(request: Any) -> list[int]:
    return [request.merchant.id] if request.merchant else list(request.view.merchants)


def _nodes(request: Any) -> dict[int, str]:
    """Give the nodes whose bins the person may label."""
    return {node.id: node.name for node in nodes_run_by(list(request.view.operator_roles))}


def _number(told: str, *, default: int, most: int) -> int:
    number = int(told) if told.isdecimal() and len(told) < 19 else default
    return max(1, min(number, most))


def _text(request: Any, name: str) -> str:
    return str(request.GET.get(name, ""))[:8000].replace("\x00", "").strip()


@login_required
@require_GET
def labels(request: Any) -> HttpResponse:
    """Choose labels: of bins, goods, lots, plates."""
    if not request.view.may("receiver"):
        raise NotAllowed
    context: dict[str, Any] = {
        "nodes": list(_nodes(request).items()),
        "told": {name: _text(request, name) for name in ("node", "bins", "skus", "lots", "plates")},
        "papers": [
            ("sheet", _("sheets of A4 (PDF)")), ("roll", _("a roll (PDF)")), ("zpl", _("a thermal printer (ZPL)")),
        ],
        "arrows": [("", _("none")), ("level", _("down at the floor, else up")), ("up", _("up")), ("down", _("down"))],
    }  # fmt: skip
    context["refused"] = _text(request, "why")[:200]
    return render(request, "inventory/labels.html", context)


@login_required
@require_GET
def label_file(request: Any, what: str) -> HttpResponse:
    """Give the labels asked for as one file; say on the page what is not there."""
    if not request.view.may("receiver"):
        raise NotAllowed
    paper = _text(request, "as") or "sheet"
    if paper not in PAPERS or what not in FACES:
        raise NotThere
    try:
        content, kind = asked.labels_file(FACES[what](request), paper=cast("Paper", paper))
    except Refused as refusal:
        said = (
            _("Nothing of this is in the books. Write codes as they stand there.") if refusal.status == 404 else refusal
        )
        context = {"refused": str(said), "back": f"{reverse('labels')}?{request.GET.urlencode()}"}
        return render(request, "inventory/labels_refused.html", context, status=refusal.status)
    shown = "inline" if kind == "pdf" else "attachment"
    return HttpResponse(
        content,
        content_type=KINDS[kind],
        headers={"Content-Disposition": f'{shown}; filename="colisage-{what}.{kind}"'},
    )


def _bins(request: Any) -> list[Face]:
    node = _text(request, "node")
    if node not in {str(pk) for pk in _nodes(request)}:
        raise NotThere
    return asked.faces_of_bins(int(node), beginning=_text(request, "bins")[:30], arrows=_text(request, "arrows"))


def _skus(request: Any) -> list[Face]:
    ids = asked.skus_named(_merchants(request), codes=codes_in(_text(request, "skus")))
    return asked.faces_of_skus(_merchants(request), sku_ids=ids, copies=_copies(request))


def _lots(request: Any) -> list[Face]:
    ids = asked.lots_named(_merchants(request), codes=codes_in(_text(request, "lots")))
    return asked.faces_of_lots(_merchants(request), lot_ids=ids, copies=_copies(request))


def _plates(request: Any) -> list[Face]:
    ids = asked.plates_named(_merchants(request), codes=codes_in(_text(request, "plates")))
    return asked.faces_of_plates(_merchants(request), plate_ids=ids)


FACES = {"bins": _bins, "skus": _skus, "lots": _lots, "plates": _plates}


def _copies(request: Any) -> int:
    return _number(_text(request, "copies"), default=1, most=MOST_COPIES)


@login_required
@require_http_methods(["GET", "POST"])
def label_find(request: Any) -> HttpResponse:
    """Print a label again: scan the old one, a bin, an item or a plate."""
    if not request.view.may("receiver", "picker", "packer"):
        raise NotAllowed
    context: dict[str, Any] = {}
    code = sent(request.POST.get("code"))
    if request.method == "POST":
        context = _found(request, code)
    status = 422 if context.get("verdict") == "bad" else 200
    template = "inventory/label_find.html#found" if request.htmx else "inventory/label_find.html"
    return render(request, template, context, status=status)


def _found(request: Any, code: str) -> dict[str, Any]:
    """Say what was scanned, and where its label is."""
    merchants = _merchants(request)
    scan = judged(merchants, code=code)
    number = scan.reading.sscc if scan.reading and scan.reading.sscc else code[:30]
    plates = asked.plates_named(merchants, codes=[number])
    if plates:
        return _label("plates", "plates", number, title=number)
    for node_id, name in _nodes(request).items():
        faces = asked.faces_of_bins(node_id, beginning=code[:30])
        if any(face.title.upper() == code.upper() for face in faces):
            return _label("bins", "bins", code.upper(), title=f"{code.upper()} · {name}", node=node_id, arrows="level")
    skus = list(skus_across(merchants, ids={hit.sku_id for hit in scan.hits}).values())
    if len(skus) != 1:
        return {"verdict": "bad", "text": scan.why, "scanned": code[:60]}
    lots = asked.lots_named(merchants, codes=[scan.hits[0].lot or scan.hits[0].serial], sku_id=skus[0].id)
    if lots:
        title = f"{skus[0].name} · {scan.named_lot}"
        return _label("lots", "lots", scan.hits[0].lot or scan.hits[0].serial, title=title)
    return _label("skus", "skus", skus[0].code, title=skus[0].name)


def _label(what: str, field: str, code: str, *, title: str, **more: Any) -> dict[str, Any]:
    address = reverse("label-file", args=[what])
    files = {name: f"{address}?{urlencode({field: code, **more, 'as': name})}" for name in ("roll", "zpl")}
    return {"verdict": "ok", "title": title, **files}
