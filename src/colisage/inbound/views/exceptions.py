"""What was set aside at the dock: written down on the phone, settled at the desk."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from colisage.catalog.queries import SkuFacts, scanned, skus_across
from colisage.inbound.actions.open_delivery import open_delivery
from colisage.inbound.actions.set_aside import Found, set_aside
from colisage.inbound.actions.settle_aside import Labelled, settle_aside
from colisage.inbound.forms.dock import AsideForm, SettleForm
from colisage.inbound.models import SetAside
from colisage.inbound.queries.aside_label import aside_label_pdf
from colisage.inbound.queries.dock import (
    Expecting,
    aside_of,
    asides_page,
    expected_by_announcement,
    expected_by_order,
)
from colisage.inbound.views.chosen import after, key_in, merchants
from colisage.inbound.views.once import draw_once, once
from colisage.kit.errors import NotAllowed, NotThere, Refused
from colisage.kit.gs1 import sent
from colisage.kit.photos import DRAFT, attach_photos, clean_photos, keep_photos, photos_of
from colisage.network.queries import nodes_serving

_SIZE = 50


@login_required
@require_GET
def exceptions(request: Any) -> HttpResponse:
    """List what was set aside, what waits for a decision first."""
    state = request.GET.get("state", "open")
    rows = asides_page(
        merchants(request), state=state if state in {"open", "taken", "sent_back"} else "", after=after(request),
        size=_SIZE,
    )  # fmt: skip
    more = rows[_SIZE - 1].pk if len(rows) > _SIZE else None
    named = (("open", _("To decide")), ("taken", _("Taken in")), ("sent_back", _("Sent back")), ("all", _("All")))
    views = [{"label": label, "url": f"?state={name}", "here": name == state} for name, label in named]
    return render(request, "inbound/exceptions.html", {"rows": rows[:_SIZE], "next": more, "views": views})


@login_required
@require_http_methods(["GET", "POST"])
def exception_new(request: Any) -> HttpResponse:
    """Set something aside at the dock: what it is, how many, a photo; a number for its label comes back."""
    if not request.view.may("receiver"):
        raise NotAllowed
    expecting = _expecting(request)
    merchant_ids = [expecting.merchant_id] if expecting else merchants(request)
    merchant_ids = [pk for pk in merchant_ids if request.view.may_for(pk, "receiver")]
    told = request.POST if request.method == "POST" else request.GET
    code = sent(told.get("code"))
    sku = _sku(merchant_ids, code)
    chosen = sku.merchant_id if sku else key_in(told.get("merchant", "")) or (merchant_ids[0] if merchant_ids else 0)
    if chosen not in merchant_ids:
        raise NotAllowed
    initial = {**{k: v[:100] for k, v in request.GET.items()}, "units": request.GET.get("units", "1")}
    form = AsideForm(request.POST or None, initial=initial)
    context: dict[str, Any] = {"sku": sku, "expecting": expecting, "code": code, "form": form}
    context["owners"] = [] if sku else [(pk, request.view.merchants[pk].name) for pk in merchant_ids]
    context |= {"chosen": chosen, "once": draw_once()}
    if request.method == "POST":
        if form.is_valid():
            try:
                return _keep(request, chosen, form.cleaned_data, context)
            except Refused as refusal:
                context |= {"verdict": "bad", "text": str(refusal)}
        else:
            context |= {"verdict": "bad", "text": _("Say how many units came: a whole number.")}
    return render(request, "inbound/exception_new.html", context, status=422 if "verdict" in context else 200)


def _keep(request: Any, merchant_id: int, told: dict[str, Any], context: dict[str, Any]) -> HttpResponse:
    sku: SkuFacts | None = context["sku"]
    expecting: Expecting | None = context["expecting"]
    before = [pk for pk in map(key_in, request.POST.getlist("kept")[:12]) if pk]
    cleaned = clean_photos(request.FILES.getlist("photo"))
    actor = request.actor
    context["kept"] = before + keep_photos(
        cleaned, merchant_id=merchant_id, doc_kind=DRAFT, doc_id=actor.id or 0, actor=actor
    )
    node_id = expecting.node_id if expecting else _node(request, merchant_id)
    found = Found(
        kind=told["kind"], units=told["units"], sku_id=sku.id if sku else None, scanned=told["code"],
        description=told["description"], lot=told["lot"], serial=told["serial"], expires_on=told["expires_on"],
    )  # fmt: skip

    def keep() -> int:  # a delivery begins with what was set aside, never with a refusal
        delivery = open_delivery(
            merchant_id, node_id=node_id, actor=actor,
            purchase_order_id=expecting.purchase_order_id if expecting else None,
            announcement_id=expecting.announcement_id if expecting else None,
        )  # fmt: skip
        return set_aside(merchant_id, node_id=node_id, found=found, delivery_id=delivery, actor=actor)

    made, new = once(request, what="aside", merchant_id=merchant_id, work=keep)
    if new:
        attach_photos(context["kept"], merchant_id=merchant_id, doc_kind="set_aside", doc_id=made, actor=actor)
    return redirect("exception-label", made)


@login_required
@require_GET
def exception_label(request: Any, aside_id: int) -> HttpResponse:
    """Show the number that goes on what was set aside, large, and its label to print."""
    kept = _aside(request, aside_id)
    back = "receive"
    return render(request, "inbound/exception_label.html", {"kept": kept, "back": back})


@login_required
@require_GET
def exception_label_pdf(request: Any, aside_id: int) -> HttpResponse:
    """Give the label of what was set aside, 100 × 60 mm."""
    kept = _aside(request, aside_id)
    made = aside_label_pdf(kept, language=get_language() or "fr")
    return HttpResponse(
        made,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{kept.number}.pdf"'},
    )


@login_required
@require_GET
def exception(request: Any, aside_id: int) -> HttpResponse:
    """Show what was set aside, and decide."""
    return _page(request, _aside(request, aside_id), SettleForm())


@login_required
@require_POST
def exception_settle(request: Any, aside_id: int) -> HttpResponse:
    """Take it in as a SKU, or send it back."""
    kept = _aside(request, aside_id)
    if not request.view.may_for(kept.merchant_id, "receiver"):
        raise NotAllowed
    form = SettleForm(request.POST)
    if not form.is_valid():
        return _page(request, kept, form, status=422)
    told = form.cleaned_data
    take, sku = None, None
    if request.POST.get("verdict") == "take":
        code = told["code"].strip() or (kept.sku.code if kept.sku else "")
        sku = _sku([kept.merchant_id], code)
        if sku is None:
            form.add_error("code", _("Nobody knows this code."))
            return _page(request, kept, form, status=422)
        take = (sku.id, sku.code)
    try:
        settle_aside(
            kept.merchant_id, aside_id=kept.pk, take=take, note=told["note"], actor=request.actor,
            labelled=Labelled(
                number=told["lot"].strip(), expires_on=told["expires_on"],
                tracks_lots=bool(sku and sku.tracks_lots), tracks_serials=bool(sku and sku.tracks_serials),
            ),
        )  # fmt: skip
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, kept, form, status=422)
    messages.success(request, _("Taken in: it stands on the dock.") if take else _("Noted: it goes back."))
    return redirect("exception", kept.pk)


def _page(request: Any, kept: SetAside, form: SettleForm, *, status: int = 200) -> HttpResponse:
    photos = photos_of(list(request.view.merchants), doc_kind="set_aside", doc_ids=[kept.pk]).get(kept.pk, [])
    may = request.view.may_for(kept.merchant_id, "receiver")
    context = {"kept": kept, "form": form, "photos": photos, "may": may, "tab": "exceptions"}
    return render(request, "inbound/exception.html", context, status=status)


def _aside(request: Any, aside_id: int) -> SetAside:
    kept = aside_of(list(request.view.merchants), aside_id=aside_id)
    if kept is None:
        raise NotThere
    return kept


def _expecting(request: Any) -> Expecting | None:
    seen = list(request.view.merchants)
    if purchase := key_in(request.GET.get("purchase", "")):
        found = expected_by_order(seen, purchase_id=purchase)
    elif announced := key_in(request.GET.get("announcement", "")):
        found = expected_by_announcement(seen, announcement_id=announced)
    else:
        return None
    if found is None:
        raise NotThere
    return found


def _node(request: Any, merchant_id: int) -> int:
    wanted = key_in(request.GET.get("node", ""))
    nodes = [
        n.node_id
        for n in nodes_serving([merchant_id])[merchant_id]
        if n.operator_id in request.view.operators and n.source == "ledger"
    ]
    if not nodes:
        raise NotAllowed
    return wanted if wanted in nodes else nodes[0]


def _sku(merchant_ids: list[int], code: str) -> SkuFacts | None:
    hits = scanned(merchant_ids, code=code) if code else []
    return skus_across(merchant_ids, ids=[hits[0].sku_id]).get(hits[0].sku_id) if len(hits) == 1 else None
