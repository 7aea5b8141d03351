"""What each channel may sell, with its arithmetic; what is kept back from it; the safety stock by hand."""

from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from colisage.catalog.queries import sku_of
from colisage.inventory.actions.set_buffers import set_buffers
from colisage.inventory.actions.set_safety import BadUnits, Safety, set_safety
from colisage.inventory.queries.channels import buffers_of, published_of, published_page
from colisage.inventory.rules.channels import Published
from colisage.kit.errors import NotAllowed, NotThere, Refused
from colisage.network.queries import ChannelFacts, channels_of, node_names

PAGE: Final = 50


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _channels(request: Any) -> dict[int, ChannelFacts]:
    """Give the channels of the merchants the page shows, by id."""
    ids = [request.merchant.id] if request.merchant else list(request.view.merchants)
    return {c.id: c for merchant in ids for c in channels_of(merchant).values()}


def _managed(request: Any, channel_id: int) -> ChannelFacts:
    """Give a channel whose merchant the person manages."""
    found = {c.id: c for m in request.view.merchants for c in channels_of(m).values()}.get(channel_id)
    if found is None:
        raise NotThere
    if not request.view.may_for(found.merchant_id, "manager"):
        raise NotAllowed
    return found


@login_required
@require_GET
def availability(request: Any) -> HttpResponse:
    """Show what a channel may sell, SKU by SKU."""
    channels = _channels(request)
    chosen = channels.get(_number(request.GET.get("channel", "")) or 0) or next(iter(channels.values()), None)
    context: dict[str, Any] = {"channel": chosen, "may_set": False}
    if chosen is not None:
        context |= _page(request, chosen)
        several = len({c.merchant_id for c in channels.values()}) > 1
        context["choices"] = [
            {
                "name": "channel",
                "label": _("Channel"),
                "value": chosen.id,
                "options": [
                    (c.id, f"{request.view.merchants[c.merchant_id].name} · {c.name}" if several else c.name)
                    for c in channels.values()
                ],
            }
        ]
    return render(request, "inventory/availability.html", context)


def _page(request: Any, channel: ChannelFacts) -> dict[str, Any]:
    text = request.GET.get("text", "")[:100].replace("\x00", "").strip()
    pk, _space, key = str(request.GET.get("after", ""))[:130].replace("\x00", "").partition(" ")
    found = published_page(channel.merchant_id, text=text, after=(key, _number(pk) or 0), size=PAGE)
    shown = found[:PAGE]
    published = published_of(channel, sku_ids=[sku.id for sku in shown])
    own = buffers_of([channel.id], sku_ids=[sku.id for sku in shown]).get(channel.id, {})
    nodes = {node.node_id for p in published.values() for node in p.nodes} | {
        n for p in published.values() for n in p.sets or ()
    }
    names = node_names(nodes)
    return {
        "rows": [
            {
                "sku": sku,
                "units": published[sku.id].units,
                "sums": _sums(published[sku.id], names),
                "own": own.get(sku.id),
            }
            for sku in shown
        ],
        "text": text,
        "next": f"{shown[-1].id} {shown[-1].key}" if len(found) > PAGE else None,
        "may_set": request.view.may_for(channel.merchant_id, "manager"),
    }


def _sums(published: Published, names: dict[int, str]) -> list[dict[str, Any]]:
    """Say the arithmetic at each node."""
    if published.sets is not None:
        return [{"node": names[node], "sets": sets} for node, sets in published.sets.items()]
    return [{"node": names.get(n.node_id, ""), "at": n} for n in published.nodes]


@login_required
@require_POST
def set_channel_buffer(request: Any, channel_id: int) -> HttpResponse:
    """Say how many units a channel leaves at each node: of everything, or of one SKU (nothing: as of everything)."""
    channel = _managed(request, channel_id)
    said, sku = request.POST.get("units", "").strip(), request.POST.get("sku", "")
    units = _number(said)
    try:
        with transaction.atomic():
            if units is None and (said or not sku):
                raise BadUnits
            if sku:
                wanted = {_number(sku) or 0: units}
                set_buffers(channel.merchant_id, channel_id=channel_id, skus=wanted, actor=request.actor)
            else:
                set_buffers(channel.merchant_id, channel_id=channel_id, everything=units, actor=request.actor)
        messages.success(request, _("Saved. What this channel may sell follows at once."))
    except NotThere:
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(f"{reverse('availability')}?channel={channel_id}")


@login_required
@require_POST
def set_sku_safety(request: Any, sku_id: int) -> HttpResponse:
    """Set the safety stock of a SKU at each node."""
    found = sku_of(list(request.view.merchants), sku_id=sku_id) if sku_id < 2**63 else None
    if found is None:
        raise NotThere
    if not request.view.may_for(found.merchant_id, "manager"):
        raise NotAllowed
    told = {_number(k.removeprefix("node-")): _number(v.strip()) for k, v in request.POST.items() if k[:5] == "node-"}
    levels = [Safety(sku_id, node, -1 if units is None else units) for node, units in told.items() if node]
    try:
        with transaction.atomic():
            changed = set_safety(found.merchant_id, levels, actor=request.actor)
        if changed:
            messages.success(request, _("The safety stock is saved."))
    except NotThere:
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("sku", sku_id)
