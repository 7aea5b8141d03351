"""The doors of sales channels: where the merchants' orders come from, and the nodes that serve them."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from colisage.kit.errors import NotAllowed, NotThere
from colisage.kit.marks import SavedMeanwhile
from colisage.network.actions.change_channel import change_channel
from colisage.network.forms import ChannelForm
from colisage.network.models import Channel
from colisage.network.queries.channels import channel_mark, channel_of, channels_page
from colisage.network.queries.nodes import serving_nodes
from colisage.network.views.nodes import PAGE
from colisage.ui.seen import meanwhile


def _manages_channels(request: Any, merchant_id: int, *, operators: Iterable[int]) -> bool:
    """Say whether the person manages the merchant, or one of the operators that run a node for it."""
    if "manager" in request.view.merchant_roles.get(merchant_id, ()):
        return True
    return any("manager" in request.view.operator_roles.get(pk, ()) for pk in operators)


@login_required
@require_GET
def channels(request: Any) -> HttpResponse:
    """List where the merchants' orders come from, and the nodes that serve them."""
    ids = [request.merchant.id] if request.merchant else list(request.view.merchants)
    after = str(request.GET.get("after", ""))
    rows = channels_page(ids, after=int(after) if after.isdecimal() and len(after) < 19 else 0, size=PAGE)
    serving = serving_nodes(ids)
    context = {
        "section": "settings",
        "rows": rows[:PAGE],
        "next": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "active": sum(row.active for row in rows[:PAGE]),
        "several": len(ids) > 1,
        "serving": [(request.view.merchants[pk].name, serving[pk]) for pk in ids],
        "managed": {
            pk for pk in ids if _manages_channels(request, pk, operators=(row.node.operator_id for row in serving[pk]))
        },
    }
    return render(request, "network/channels.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def edit_channel(request: Any, channel_id: int) -> HttpResponse:
    """Rename a channel, or close it to new orders."""
    found = channel_of(list(request.view.merchants), channel_id=channel_id)
    if found is None:
        raise NotThere
    serving = serving_nodes([found.merchant_id])[found.merchant_id]
    if not _manages_channels(request, found.merchant_id, operators=(row.node.operator_id for row in serving)):
        raise NotAllowed
    posted = request.POST if request.method == "POST" else None
    form = ChannelForm(posted, shown=_channel_shown(found), mark=channel_mark(found))
    if request.method == "POST" and form.is_valid():
        told = {**form.cleaned_data, "seen": form.seen}
        try:
            change_channel(found.merchant_id, channel_id=channel_id, actor=request.actor, **told)
        except SavedMeanwhile:
            found.refresh_from_db()  # in the turn of whoever was before
            rows = form.differs(_channel_shown(found))
            now = meanwhile(rows, doc_kind="channel", doc_id=channel_id, verb="channel_changed")
            form.tell(now, mark=channel_mark(found))
        else:
            if told["active"]:
                messages.success(request, _("Saved."))
            else:
                messages.success(request, _("Saved. New orders through this channel are refused from now on."))
            return redirect("channels")
    context = {"section": "settings", "form": form, "channel": found}
    return render(request, "network/edit_channel.html", context, status=422 if form.errors or form.now else 200)


def _channel_shown(channel: Channel) -> dict[str, Any]:
    return {"name": channel.name, "active": channel.active}
