"""The doors of the outbox: what waits, what went, what was refused; one message; once more."""

from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from colisage.kit.errors import NotAllowed, NotThere
from colisage.notices import queries
from colisage.notices.actions.send_again import send_again
from colisage.notices.models import Message, MessageState

PAGE = 50
BADGES: Final = {  # the share of the ring, and the tone
    "waiting": (10, "calm"),
    "sending": (50, "road"),
    "sent": ("done", "ok"),
    "failed": ("bad", "bad"),
    "unknown": ("hold", "warn"),
    "quiet": ("void", "calm"),
}


def _find(request: Any, message_id: int) -> Message:
    found = queries.message_of(list(request.view.merchants), message_id=message_id)
    if found is None:
        raise NotThere
    if not request.view.may_for(found.merchant_id, "support"):
        raise NotAllowed
    return found


def _badge(message: Message) -> dict[str, Any]:
    ring, tone = BADGES[message.state]
    return {"ring": ring, "tone": tone, "word": message.get_state_display()}


@login_required
@require_GET
def outbox(request: Any) -> HttpResponse:
    """List messages, the newest first."""
    if not request.view.may("support"):
        raise NotAllowed
    ids = [request.merchant.id] if request.merchant else list(request.view.merchants)
    state = request.GET.get("state", "")
    state = state if state in MessageState.values else ""
    after = request.GET.get("after", "")
    rows = queries.messages_page(
        ids, state=state, after=int(after) if after.isdecimal() and len(after) < 19 else None, size=PAGE
    )
    counts = queries.message_counts(ids)
    trouble = counts.get("failed", 0) + counts.get("unknown", 0)
    context = {
        "rows": [{"m": m, "badge": _badge(m)} for m in rows[:PAGE]],
        "next": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "views": [
            {
                "label": capfirst(str(label)),
                "url": f"{reverse('messages')}?state={value}" if value else reverse("messages"),
                "here": value == state,
                "count": counts.get(value, 0) if value else sum(counts.values()),
            }
            for value, label in [("", _("All")), *MessageState.choices]
        ],
        "open": queries.doors_open(),
        "waiting": counts.get("waiting", 0),
        "trouble": trouble,
    }
    return render(request, "notices/outbox.html", context)


@login_required
@require_GET
def show_message(request: Any, message_id: int) -> HttpResponse:
    """Show a message as it was worded."""
    found = _find(request, message_id)
    context = {"m": found, "badge": _badge(found), "open": queries.doors_open()}
    return render(request, "notices/message.html", context)


@login_required
@require_POST
def again(request: Any, message_id: int) -> HttpResponse:
    """Send a message once more."""
    found = _find(request, message_id)
    if send_again(found.merchant_id, message_ids=[message_id], actor=request.actor).get(message_id):
        messages.success(request, _("It goes out again."))
    else:
        messages.error(request, _("It is being sent right now. Wait a minute."))
    return redirect("message", message_id)
