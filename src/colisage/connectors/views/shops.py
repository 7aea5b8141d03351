"""The desk's view of shops: how each is connected, how it goes, and what it could not be told."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from colisage.connectors.actions.ask_now import ask_now
from colisage.connectors.actions.ask_to_check import ask_to_check
from colisage.connectors.actions.connect_shop import connect_shop
from colisage.connectors.actions.settle_errands import settle_errands
from colisage.connectors.forms import NewShopForm, ShopForm
from colisage.connectors.queries import (
    connected,
    connection_of,
    connections_of,
    errands_page,
    interchanges_refused,
    shop_called,
    shops,
    unsold_skus,
)
from colisage.intake.queries import messages_waiting
from colisage.kit.errors import NotAllowed, NotThere, Refused
from colisage.network.actions.open_channels import open_channels
from colisage.network.queries import channels_of
from colisage.network.queries.channels import channel_of, channels_page

PAGE = 50


def _managed(request: Any, channel_id: int) -> Any:
    channel = channel_of(list(request.view.merchants), channel_id=channel_id)
    if channel is None:
        raise NotThere
    if not request.view.may_for(channel.merchant_id, "manager"):
        raise NotAllowed
    return channel


@login_required
@require_http_methods(["GET", "POST"])
def shop_list(request: Any) -> HttpResponse:
    """List the shops with how each goes, and connect another one."""
    ids = [request.merchant.id] if request.merchant else list(request.view.merchants)
    kinds = [(name, str(shop.label)) for name, shop in shops().items()]
    form = NewShopForm(request.POST or None, kinds=kinds)
    manages = request.merchant is not None and request.view.may_for(request.merchant.id, "manager")
    if request.method == "POST":
        if not manages:
            raise NotAllowed(_("Choose one merchant that you manage, in the bar above."))
        if form.is_valid():
            code = form.cleaned_data["code"]
            new = (form.cleaned_data["connector"], code, form.cleaned_data["name"])
            try:
                open_channels(request.merchant.id, channels=[new])
            except Refused as refusal:
                form.add_error("code", str(refusal))
            else:
                return redirect("shop", channels_of(request.merchant.id)[code].id)
    going, waiting = connections_of(ids), messages_waiting(ids)
    after = request.GET.get("after", "")
    channels = channels_page(ids, after=int(after) if after.isdecimal() and len(after) < 19 else 0, size=PAGE)
    refused = interchanges_refused(ids)
    rows = [
        (c, going.get(c.pk), waiting.get(c.pk, 0), refused.get(c.pk, 0))
        for c in channels[:PAGE]
        if c.pk in going or c.kind in shops()
    ]
    context = {
        "section": "settings",
        "rows": rows,
        "next": channels[PAGE - 1].pk if len(channels) > PAGE else None,
        "form": form if manages else None,
        "several": len(ids) > 1,
        "troubled": sum(1 for _c, one, _n, _r in rows if one and one.tone == "bad"),
        "waiting": sum(waiting.values()),
    }
    return render(request, "connectors/shops.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def shop(request: Any, channel_id: int) -> HttpResponse:
    """Show and change how a shop is connected."""
    channel = _managed(request, channel_id)
    found = connection_of([channel.merchant_id], channel_id=channel_id)
    name = found.connector if found else channel.kind
    if name not in settings.COLISAGE_CHANNELS:
        raise NotThere
    kind = shop_called(name)
    initial = {**(found.options if found else {}), "active": found.active if found else True}
    sent = request.POST if request.method == "POST" else None
    form = ShopForm(sent, fields=kind.fields, known=found is not None, told=kind.asked, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = {field.name: form.cleaned_data[field.name] for field in kind.fields}
        try:
            connect_shop(
                channel.merchant_id, channel_id=channel_id, connector=name, given=given,
                active=form.cleaned_data["active"], actor=request.actor,
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            ask_to_check(channel.merchant_id, channel_id=channel_id)
            return redirect("shop", channel_id)
    before = request.GET.get("after", "")
    errands = errands_page(found, before=int(before) if before.isdecimal() and len(before) < 19 else None, size=PAGE)
    context = {
        "section": "settings",
        "channel": channel,
        "kind": kind,
        "form": form,
        "errands": errands[:PAGE],
        "next": errands[PAGE - 1].id if len(errands) > PAGE else None,
        "hook": f"{settings.COLISAGE_URL}{reverse('shop-hook', args=[found.hook])}" if found and kind.hooks else "",
        "waiting": messages_waiting([channel.merchant_id]).get(channel_id, 0),
        "refused": interchanges_refused([channel.merchant_id]).get(channel_id, 0),
        **_health(found),
    }
    return render(request, "connectors/shop.html", context, status=422 if form.errors else 200)


def _health(found: Any) -> dict[str, Any]:
    if found is None:
        return {"found": None}
    trying = found.asked_at is not None and (found.tried_at is None or found.tried_at < found.asked_at)
    unsold, named = unsold_skus(found)
    return {
        "found": found, "going": connected(found), "trying": trying, "channel_id": found.channel_id, "unsold": unsold,
        "unsold_named": named,
    }  # fmt: skip


@login_required
@require_GET
def health(request: Any, channel_id: int) -> HttpResponse:
    """Show how a connection goes; asked for again while it is being tried."""
    channel = _managed(request, channel_id)
    found = connection_of([channel.merchant_id], channel_id=channel_id)
    return render(request, "connectors/shop.html#health", _health(found))


@login_required
@require_POST
def shop_try(request: Any, channel_id: int) -> HttpResponse:
    """Have a connection tried."""
    channel = _managed(request, channel_id)
    ask_to_check(channel.merchant_id, channel_id=channel_id)
    return redirect("shop", channel_id)


@login_required
@require_POST
def shop_ask(request: Any, channel_id: int) -> HttpResponse:
    """Ask a shop for its orders now."""
    channel = _managed(request, channel_id)
    ask_now(channel.merchant_id, channel_id=channel_id)
    messages.success(request, _("The shop is being asked; what it says appears under the messages."))
    return redirect("shop", channel_id)


@login_required
@require_POST
def errands(request: Any, channel_id: int) -> HttpResponse:
    """Run errands again, or drop them."""
    channel = _managed(request, channel_id)
    ids = [int(pk) for pk in request.POST.getlist("errand")[:PAGE] if pk.isdecimal() and len(pk) < 19]
    again = "again" in request.POST
    n = len(settle_errands(channel.merchant_id, errand_ids=ids, again=again, actor=request.actor))
    if not ids:
        messages.warning(request, _("Tick first what is meant."))
    elif n and again:
        messages.success(request, _("It is told again."))
    elif n:
        messages.success(request, _("Dropped: the shop is not told."))
    return redirect("shop", channel_id)
