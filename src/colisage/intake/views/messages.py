"""The desk's view of what shops said: each message with what it did here, and those that wait for a person."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from colisage.intake.actions.correct_message import MOST_BYTES, correct_message
from colisage.intake.actions.retry_messages import retry_messages
from colisage.intake.actions.set_aside_messages import set_aside_messages
from colisage.intake.queries import MessageRow, message_of, messages_page, messages_waiting
from colisage.kit.errors import NotAllowed, NotThere, Refused

PAGE = 50
SHOWN = 100_000  # characters of a message too long to be corrected here
STATES = ("refused", "waiting", "done", "ignored")


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


@login_required
@require_http_methods(["GET", "POST"])
def message_list(request: Any) -> HttpResponse:
    """List messages; have chosen ones read again, or set them aside."""
    ids = [request.merchant.id] if request.merchant else list(request.view.merchants)
    if request.method == "POST":
        return _settle(request, ids)
    state, text = str(request.GET.get("state", "refused")), str(request.GET.get("q", "")).replace("\x00", "")[:300]
    state = state if state in STATES else ""
    rows = messages_page(
        ids, channel_id=_number(str(request.GET.get("channel", ""))), state=state, text=text,
        before=_number(str(request.GET.get("after", ""))), size=PAGE,
    )  # fmt: skip
    waiting = sum(messages_waiting(ids).values())
    context = {
        "section": "settings",
        "rows": rows[:PAGE],
        "next": rows[PAGE - 1].id if len(rows) > PAGE else None,
        "state": state,
        "text": text,
        "waiting": waiting,
        "views": _views(request, state, waiting),
        "actions": [
            {"name": "again", "label": _("Read again"), "icon": "sync"},
            {"name": "aside", "label": _("Put aside"), "icon": "check"},
        ],
    }
    return render(request, "intake/messages.html", context)


def _views(request: Any, state: str, waiting: int) -> list[dict[str, Any]]:
    named = [
        ("refused", _("To correct")), ("waiting", _("To read")), ("done", _("Done")), ("ignored", _("Nothing to do")),
        ("all", _("All")),
    ]  # fmt: skip
    page, channel = reverse("shop-messages"), _number(str(request.GET.get("channel", "")))
    tail = f"&channel={channel}" if channel else ""
    return [
        {
            "label": label,
            "url": f"{page}?state={code}{tail}",
            "here": code == (state or "all"),
            **({"count": waiting} if code == "refused" else {}),
        }
        for code, label in named
    ]


def _settle(request: Any, ids: list[int]) -> HttpResponse:
    chosen = [pk for one in request.POST.getlist("message")[:PAGE] if (pk := _number(one)) is not None]
    allowed = [pk for pk in ids if request.view.may_for(pk, "support")]
    if not allowed:
        raise NotAllowed
    act = retry_messages if "again" in request.POST else set_aside_messages
    n = sum(act(merchant, message_ids=chosen, actor=request.actor) for merchant in allowed)
    if not n:
        messages.warning(request, _("None of these waits any more."))
    elif act is retry_messages:
        messages.success(request, _("Being read again: what became of it appears here in a moment."))
    else:
        messages.success(request, _("Set aside."))
    return redirect(f"{reverse('shop-messages')}?state=refused")


def _found(request: Any, message_id: int) -> tuple[MessageRow, str]:
    found = message_of(list(request.view.merchants), message_id=message_id)
    if found is None:
        raise NotThere
    return found


@login_required
@require_GET
def message(request: Any, message_id: int) -> HttpResponse:
    """Show a message as it came, what it did here, and how it can be corrected."""
    row, body = _found(request, message_id)
    long = len(body) > SHOWN and len(body.encode()) > MOST_BYTES  # a browser would choke on the whole of it
    context = {
        "section": "settings",
        "row": row,
        "body": body[:SHOWN] if long else body,
        "long": long,
        "may": request.view.may_for(row.merchant_id, "support"),
    }
    return render(request, "intake/message.html", context)


@login_required
@require_POST
def correct(request: Any, message_id: int) -> HttpResponse:
    """Take a corrected copy of a message."""
    row, _body = _found(request, message_id)
    if not request.view.may_for(row.merchant_id, "support"):
        raise NotAllowed
    text = str(request.POST.get("body", "")).replace("\x00", "")
    try:
        made = correct_message(row.merchant_id, message_id=message_id, text=text, actor=request.actor)
    except Refused as refusal:
        context = {"section": "settings", "row": row, "body": text, "may": True, "refusal": str(refusal)}
        return render(request, "intake/message.html", context, status=refusal.status)
    messages.success(request, _("The corrected message is being read."))
    return redirect("shop-message", made)
