"""The desk's view of EDI: what partners sent, what was in it, what they were answered; files sent in by hand."""

from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from colisage.connectors.actions.keep_interchange import keep_interchange
from colisage.connectors.actions.set_aside_interchange import set_aside_interchange
from colisage.connectors.actions.take_interchange import take_interchange
from colisage.connectors.edi.acknowledgement import TYPES
from colisage.connectors.edi.envelopes import MOST_BYTES
from colisage.connectors.models import Interchange
from colisage.connectors.ports import PROBLEMS, ShopRefused
from colisage.connectors.queries import (
    body_of,
    connection_of,
    fault_said,
    inside_of,
    interchange_of,
    interchanges_page,
    interchanges_refused,
)  # fmt: skip
from colisage.kit.errors import NotAllowed, NotThere, Refused
from colisage.network.queries.channels import channel_of

PAGE: Final = 50


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


@login_required
@require_http_methods(["GET", "POST"])
def interchange_list(request: Any, channel_id: int) -> HttpResponse:
    """List what partners sent to a channel; take a file in."""
    channel = channel_of(list(request.view.merchants), channel_id=channel_id)
    found = connection_of([channel.merchant_id], channel_id=channel_id) if channel else None
    if channel is None or found is None or found.connector != "edi":
        raise NotThere
    may = request.view.may_for(channel.merchant_id, "support")
    fault = ""
    if request.method == "POST":
        if not may:
            raise NotAllowed
        sent = request.FILES.get("file")
        fault = _refusal(sent)
        if not fault:
            try:
                return _keep(request, channel, sent.read())
            except ShopRefused as refusal:
                fault = str(PROBLEMS[refusal.code])
    text = str(request.GET.get("q", "")).replace("\x00", "").strip()[:80]
    rows = interchanges_page(
        [channel.merchant_id], channel_id=channel_id, text=text, before=_number(str(request.GET.get("after", ""))),
        size=PAGE,
    )  # fmt: skip
    context = {
        "section": "settings", "channel": channel, "rows": rows[:PAGE], "fault": fault, "may": may, "text": text,
        "next": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "refused": interchanges_refused([channel.merchant_id]).get(channel_id, 0),
    }  # fmt: skip
    return render(request, "connectors/interchanges.html", context, status=422 if fault else 200)


def _refusal(sent: Any) -> str:
    """Say why a file is not even looked at."""
    if sent is None or not sent.size:
        return _("Choose a file that is not empty.")
    return _("The file is larger than 5 MB: send it in parts.") if sent.size > MOST_BYTES else ""


def _keep(request: Any, channel: Any, body: bytes) -> HttpResponse:
    kept = keep_interchange(
        channel.merchant_id, channel_id=channel.pk, body=body, via="hand", by_name=str(request.actor)
    )
    refused = sum(one.state == "refused" for one in kept)
    if refused:
        said = ngettext("%(n)s interchange was refused.", "%(n)s interchanges were refused.", refused)
        messages.warning(request, said % {"n": refused})
    elif all(one.times > 1 for one in kept):
        messages.warning(request, _("It was here before: nothing is done twice."))
    else:
        n = sum(len(one.messages) for one in kept)
        said = ngettext(
            "Taken in, with %(n)s message. It is being read.", "Taken in, with %(n)s messages. They are being read.", n
        )
        messages.success(request, said % {"n": n})
    return redirect("interchange", kept[0].pk) if len(kept) == 1 else redirect("interchanges", channel.pk)


def _found(request: Any, interchange_id: int) -> Interchange:
    found = interchange_of(list(request.view.merchants), interchange_id=interchange_id)
    if found is None:
        raise NotThere
    return found


@login_required
@require_http_methods(["GET", "POST"])
def interchange(request: Any, interchange_id: int) -> HttpResponse:
    """Show an interchange message by message; take a refused one in all the same, or set it aside."""
    found = _found(request, interchange_id)
    may = request.view.may_for(found.merchant_id, "support")
    refusal, status = "", 200
    if request.method == "POST":
        if not may:
            raise NotAllowed
        if "aside" in request.POST:
            set_aside_interchange(found.merchant_id, interchange_id=interchange_id, actor=request.actor)
            return redirect("interchanges", found.channel_id)
        try:
            take_interchange(found.merchant_id, interchange_id=interchange_id, actor=request.actor)
        except Refused as fault:
            refusal, status = str(fault), fault.status
        else:
            messages.success(request, _("Taken in. It is being read."))
            return redirect("interchange", interchange_id)
    context = {
        "section": "settings", "found": found, "fault": fault_said(found.reason), "inside": inside_of(found),
        "kept": bool(body_of(found)), "may": may, "refusal": refusal,
    }  # fmt: skip
    return render(request, "connectors/interchange.html", context, status=status)


@login_required
@require_GET
def interchange_file(request: Any, interchange_id: int, what: str) -> HttpResponse:
    """Give an interchange as it came, or the acknowledgement of it."""
    found = _found(request, interchange_id)
    body = {"received.edi": body_of(found), "answer.edi": found.answer.encode()}.get(what, b"")
    if not body:
        raise NotThere
    answer = HttpResponse(body, content_type=TYPES.get(found.standard, "application/octet-stream"))
    answer.headers["Content-Disposition"] = f'attachment; filename="{found.pk}-{what}"'
    return answer
