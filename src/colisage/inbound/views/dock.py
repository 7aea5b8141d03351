"""The dock: taking goods in by scan, against an order, an announced delivery, or blind."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from colisage.catalog.queries import SkuFacts, judged, skus_across
from colisage.inbound.actions.open_delivery import open_delivery
from colisage.inbound.actions.receive_goods import OverDelivered, receive_goods
from colisage.inbound.actions.receive_pallet import PalletNotExpected, receive_pallet
from colisage.inbound.actions.refuse_lots import LotExpired
from colisage.inbound.forms.dock import TakeForm
from colisage.inbound.queries import receipt_of
from colisage.inbound.queries.announcements import announced_lots, lines_of_sscc
from colisage.inbound.queries.dock import (
    Expecting,
    Line,
    blind_delivery_of,
    expected_by_announcement,
    expected_by_order,
    lines_at_dock,
)
from colisage.inbound.queries.inspections import is_inspection_due
from colisage.inbound.views.chosen import merchants
from colisage.inbound.views.once import draw_once, once
from colisage.kit.errors import NotAllowed, NotThere, Refused
from colisage.kit.gs1 import sent
from colisage.kit.photos import DRAFT, attach_photos, clean_photos, keep_photos
from colisage.network.queries import Serving, nodes_serving


@dataclass
class Dock:
    """Where one stands and for what: whose goods, and what is expected of them."""

    request: Any
    merchant_ids: list[int]
    expecting: Expecting | None = None
    lines: list[Line] = field(default_factory=list)

    def listed(self, sku_id: int) -> Line | None:
        """Give the line of a SKU that is expected; without an order none is."""
        if self.expecting is None:
            return None
        return next((line for line in self.lines if line.sku_id == sku_id and not line.unexpected), None)


@login_required
@require_http_methods(["GET", "POST"])
def receive(request: Any, purchase_id: int | None = None, announcement_id: int | None = None) -> HttpResponse:
    """Take goods in by scan: what is expected stands below, what is unexpected is asked about."""
    dock = _dock(request, purchase_id, announcement_id)
    context: dict[str, Any] = {}
    if request.method == "POST":
        context = _take_in(dock)
    refreshed = _dock(request, purchase_id, announcement_id) if context.get("verdict") else dock
    context |= {
        "expecting": dock.expecting,
        "lines": refreshed.lines,
        "delivery": refreshed.expecting.delivery if refreshed.expecting else _blind(refreshed),
        "nodes": _nodes(dock, dock.merchant_ids) if dock.expecting is None else [],
        "node_id": _chosen_node(request),
        "once": draw_once(),
    }
    status = 422 if context.get("verdict") == "bad" else 200
    template = "inbound/receive.html#task" if request.htmx else "inbound/receive.html"
    return render(request, template, context, status=status)


def _dock(request: Any, purchase_id: int | None, announcement_id: int | None) -> Dock:
    if not request.view.may("receiver"):
        raise NotAllowed
    if purchase_id is None and announcement_id is None:
        ids = [pk for pk in merchants(request) if request.view.may_for(pk, "receiver")]
        dock = Dock(request, ids)
        mine = _blind(dock)
        dock.lines = lines_at_dock(None, delivery_id=mine.pk) if mine else []
        return dock
    seen = list(request.view.merchants)
    found = (
        expected_by_order(seen, purchase_id=purchase_id)
        if purchase_id is not None
        else expected_by_announcement(seen, announcement_id=announcement_id or 0)
    )
    if found is None:
        raise NotThere
    if not request.view.may_for(found.merchant_id, "receiver"):
        raise NotAllowed
    return Dock(
        request,
        [found.merchant_id],
        found,
        lines_at_dock(found, delivery_id=found.delivery.pk if found.delivery else None),
    )


def _blind(dock: Dock) -> Any:
    """Give the delivery without an order that one is receiving: the latest begun."""
    return blind_delivery_of(dock.merchant_ids, person_id=dock.request.user.pk)


def _chosen_node(request: Any) -> int:
    told = request.GET.get("node", "")
    return int(told) if told.isdecimal() and len(told) < 10 else 0


def _nodes(dock: Dock, merchant_ids: list[int]) -> list[Serving]:
    """Give the nodes at which one may take goods in blind, each once."""
    known = {n.node_id: n for nodes in nodes_serving(merchant_ids).values() for n in nodes}
    return [n for n in known.values() if n.operator_id in dock.request.view.operators and n.source == "ledger"]


def _node(dock: Dock, merchant_id: int) -> int:
    if dock.expecting:
        return dock.expecting.node_id
    nodes = _nodes(dock, [merchant_id])
    wanted = _chosen_node(dock.request)
    found = next((n for n in nodes if n.node_id == wanted), nodes[0] if nodes else None)
    if found is None:
        raise NotAllowed
    return found.node_id


def _take_in(dock: Dock) -> dict[str, Any]:
    """Judge one scan at the dock: first the code, then how many came."""
    told = dock.request.POST
    code = sent(told.get("code"))
    scan = judged(dock.merchant_ids, code=code)
    hit = scan.hits[0] if len(scan.hits) == 1 else None
    sku = skus_across(dock.merchant_ids, ids=[hit.sku_id]).get(hit.sku_id) if hit else None
    if sku is None or hit is None:
        sscc = scan.reading.sscc if scan.reading else ""
        if pallet := _pallet(dock, sscc) if sscc else None:
            return pallet
        return {
            "verdict": "bad", "text": str(PalletNotExpected(sscc=sscc)) if sscc else scan.why, "scanned": code,
            "aside_url": _aside_url(dock, code=code, kind="unidentified"),
        }  # fmt: skip
    shown: dict[str, Any] = {"sku": sku, "code": code, "case": hit.units, "line": dock.listed(sku.id)}
    wrong = dock.expecting is not None and shown["line"] is None
    if wrong and "unexpected" not in told:
        text = _("%(sku)s is not expected with this delivery.") % {"sku": sku.code}
        return {
            **shown, "verdict": "warn", "text": text, "wrong": True,
            "aside_url": _aside_url(dock, code=code, kind="wrong"),
        }  # fmt: skip
    shown["unexpected"] = wrong
    if dock.expecting and dock.expecting.announcement_id:
        shown["announced"] = announced_lots(dock.expecting.announcement_id, sku_id=sku.id)
    if {"good", "damaged", "serial"} & set(told):
        return _count(dock, sku, shown, told)
    if hit.serial and sku.tracks_serials:  # the label says everything: nothing is left to ask
        return _count(dock, sku, shown, {"serial": hit.serial, "lot": hit.lot, "expires_on": _iso(hit.expires_on)})
    shown["typed"] = {
        "good": hit.units if hit.units > 1 else "", "lot": hit.lot, "expires_on": _iso(hit.expires_on)
    }  # fmt: skip
    return shown


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _count(dock: Dock, sku: SkuFacts, shown: dict[str, Any], told: Mapping[str, str]) -> dict[str, Any]:
    shown["typed"] = {name: told.get(name, "")[:100] for name in ("good", "damaged", "lot", "expires_on", "serial")}
    form = TakeForm(told)
    if not form.is_valid():
        return {**shown, "verdict": "bad", "text": _unclear(form, by_serial=sku.tracks_serials)}
    try:
        shown["kept"] = _kept(dock, sku.merchant_id)
        receipt_id, new = once(
            dock.request, what="dock", merchant_id=sku.merchant_id,
            work=lambda: _receive(dock, sku, form.cleaned_data),
        )  # fmt: skip
    except OverDelivered as over:
        return {**shown, "verdict": "bad", "text": str(over), "over": True}
    except LotExpired as expired:
        facts = {"lot": shown["typed"]["lot"], "expires_on": shown["typed"]["expires_on"]}
        facts |= {"units": form.cleaned_data["good"] or 1}
        url = _aside_url(dock, code=shown["code"], kind="expired", **facts)
        return {**shown, "verdict": "bad", "text": str(expired), "aside_url": url}
    except Refused as refusal:
        return {**shown, "verdict": "bad", "text": str(refusal)}
    if not new:
        return _said_before(sku, receipt_id)
    attach_photos(
        shown["kept"], merchant_id=sku.merchant_id, doc_kind="receipt", doc_id=receipt_id, actor=dock.request.actor
    )
    return _said(dock, sku, form.cleaned_data, shown, receipt_id)


def _unclear(form: TakeForm, *, by_serial: bool) -> str:
    """Say what of a form cannot be read, or is missing."""
    if "expires_on" in form.errors:
        return _("This is no date. Type day, month and year.")
    if {"lot", "serial"} & set(form.errors):
        return _("A lot or serial number has at most 80 characters. Scan it again.")
    if by_serial:
        return _("Scan the serial number")
    return _("Say how many units came: a whole number.")


def _said(dock: Dock, sku: SkuFacts, counted: dict[str, Any], shown: dict[str, Any], receipt_id: int) -> dict[str, Any]:
    good, damaged = _units(counted)
    text = _("%(good)s × %(name)s taken in.") % {"good": good, "name": sku.name}
    line = shown["line"]
    if line and line.received + good + damaged > line.ordered:
        more = line.received + good + damaged - line.ordered
        text += " " + ngettext("%(n)s more than ordered.", "%(n)s more than ordered.", more) % {"n": more}
    if damaged:
        text += " " + ngettext("%(n)s damaged, to quarantine.", "%(n)s damaged, to quarantine.", damaged) % {
            "n": damaged
        }
    answer: dict[str, Any] = {"verdict": "ok", "text": text, "receipt_id": receipt_id, "taken": True}
    answer["inspection_due"] = is_inspection_due(receipt_id)
    if damaged and not shown["kept"]:
        answer["photo_wanted"] = True
    if sku.tracks_serials:  # the next serial number of the same SKU
        answer |= {"sku": sku, "code": shown["code"], "line": line, "unexpected": shown["unexpected"], "case": 1}
    return answer


def _said_before(sku: SkuFacts, receipt_id: int) -> dict[str, Any]:
    """Say that this form was sent before, and what was taken in with it."""
    known = receipt_of([sku.merchant_id], receipt_id=receipt_id)
    units = known.good + known.damaged if known else 0
    text = _("This was taken in already: %(units)s × %(name)s.") % {"units": units, "name": sku.name}
    return {"verdict": "ok", "text": text, "receipt_id": receipt_id, "taken": True}


def _units(counted: dict[str, Any]) -> tuple[int, int]:
    """Give the good and the damaged units: a serial number is one of them."""
    damaged = counted["damaged"] or 0
    return (0 if damaged else 1, damaged) if counted["serial"] else (counted["good"] or 0, damaged)


def _kept(dock: Dock, merchant_id: int) -> list[int]:
    """Keep the photos sent with a form as drafts, beside those kept before the form was refused."""
    before = [int(pk) for pk in dock.request.POST.getlist("kept") if pk.isdecimal() and len(pk) < 19][:12]
    cleaned = clean_photos(dock.request.FILES.getlist("photo"))
    actor = dock.request.actor
    return before + keep_photos(cleaned, merchant_id=merchant_id, doc_kind=DRAFT, doc_id=actor.id or 0, actor=actor)


def _receive(dock: Dock, sku: SkuFacts, counted: dict[str, Any]) -> int:
    told, expecting = dock.request.POST, dock.expecting
    node_id = _node(dock, sku.merchant_id)
    order = expecting.purchase_order_id if expecting else None
    announced = expecting.announcement_id if expecting else None
    good, damaged = _units(counted)
    with transaction.atomic():  # a delivery begins with what was taken in, never with a refusal
        delivery = open_delivery(
            sku.merchant_id,
            node_id=node_id,
            purchase_order_id=order,
            announcement_id=announced,
            actor=dock.request.actor,
        )
        return receive_goods(
            sku.merchant_id,
            node_id=node_id,
            sku_id=sku.id,
            sku_code=sku.code,
            good=good,
            damaged=damaged,
            purchase_order_id=order,
            announcement_id=announced,
            delivery_id=delivery,
            lot=counted["lot"],
            serial=counted["serial"],
            expires_on=counted["expires_on"],
            tracks_lots=sku.tracks_lots,
            tracks_serials=sku.tracks_serials,
            unexpected="unexpected" in told,
            over_confirmed="over" in told,
            actor=dock.request.actor,
        )


def _pallet(dock: Dock, sscc: str) -> dict[str, Any] | None:
    """Take a whole announced pallet or carton in by its SSCC."""
    lines = [line for line in lines_of_sscc(dock.merchant_ids, sscc=sscc) if line.missing]
    if not lines:
        return None
    ours = dock.expecting.announcement_id if dock.expecting else None
    if ours is not None and {line.announcement_id for line in lines} != {ours}:
        return {"verdict": "bad", "text": _("This pallet belongs to another announced delivery."), "scanned": sscc}
    try:
        units = receive_pallet(lines[0].merchant_id, sscc=sscc, actor=dock.request.actor)
    except Refused as refusal:
        return {"verdict": "bad", "text": str(refusal), "scanned": sscc}
    text = _("Pallet %(sscc)s taken in whole: %(units)s units.") % {"sscc": sscc, "units": units}
    return {"verdict": "ok", "text": text, "taken": True}


def _aside_url(dock: Dock, **facts: str | int | date) -> str:
    """Give the page on which this is set aside, for the same delivery."""
    if dock.expecting and dock.expecting.purchase_order_id:
        facts["purchase"] = dock.expecting.purchase_order_id
    elif dock.expecting and dock.expecting.announcement_id:
        facts["announcement"] = dock.expecting.announcement_id
    elif node := _chosen_node(dock.request):
        facts["node"] = node
    return f"{reverse('exception-new')}?{urlencode(facts)}"
