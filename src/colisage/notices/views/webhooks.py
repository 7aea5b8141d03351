"""The doors of webhooks: endpoints, their secrets, and the log of calls."""

import json
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from colisage.kit.errors import NotAllowed, NotThere, Refused
from colisage.notices.actions.remove_endpoint import remove_endpoint
from colisage.notices.actions.renew_secret import renew_secret
from colisage.notices.actions.replay_calls import replay_calls
from colisage.notices.actions.save_endpoint import save_endpoint
from colisage.notices.actions.switch_endpoint import switch_endpoint
from colisage.notices.actions.try_endpoint import try_endpoint
from colisage.notices.forms import EndpointForm, ReplayForm
from colisage.notices.models import CallState, WebhookCall, WebhookEndpoint
from colisage.notices.queries import webhooks as asked
from colisage.notices.rules.webhooks import KEPT_DAYS, TEST, TYPES

PAGE: Final = 50
FEW: Final = 10
BADGES: Final = {  # the share of the ring, and the tone
    "waiting": (10, "calm"),
    "sending": (50, "road"),
    "sent": ("done", "ok"),
    "failed": ("bad", "bad"),
    "kept": ("hold", "warn"),
}
STATES: Final = {"on": ("done", "ok"), "off": ("void", "calm"), "broken": ("bad", "bad")}


def _managed(request: Any) -> int:
    """Give the merchant the person manages and looks at; refuse anybody else."""
    merchant = request.merchant
    if merchant is None or "manager" not in request.view.merchant_roles.get(merchant.id, frozenset()):
        raise NotAllowed(_("Choose one merchant that you manage, in the bar above."))
    return int(merchant.id)


def _endpoint(merchant_id: int, endpoint_id: int) -> WebhookEndpoint:
    found = asked.endpoint_of(merchant_id, endpoint_id=endpoint_id)
    if found is None:
        raise NotThere
    return found


def _state(endpoint: WebhookEndpoint) -> dict[str, Any]:
    ring, tone = STATES[endpoint.state]
    return {"ring": ring, "tone": tone, "word": endpoint.get_state_display()}


def _tried(tried: dict[str, Any]) -> dict[str, Any]:
    """Give an attempt with what it came to in words."""
    return {**tried, "why": asked.why_unanswered(tried)}


def _shown(call: WebhookCall) -> dict[str, Any]:
    ring, tone = BADGES[call.state]
    kind = _("test") if call.type == TEST else str(TYPES.get(call.type, call.type))
    return {
        "call": call,
        "kind": kind,
        "badge": {"ring": ring, "tone": tone, "word": call.get_state_display()},
        "last": _tried(call.tries[-1]) if call.tries else None,
    }


@login_required
@require_http_methods(["GET", "POST"])
def webhooks(request: Any) -> HttpResponse:
    """List a merchant's endpoints, and make one more."""
    merchant = _managed(request)
    form = EndpointForm(request.POST or None)
    secret, made = "", None
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = save_endpoint(merchant, **form.cleaned_data, actor=request.actor)
            form = EndpointForm()
        except Refused as refusal:
            form.add_error("url", str(refusal))
    rows = asked.endpoints_of(merchant)
    context = {
        "form": form,
        "rows": [{"row": row, "state": _state(row.endpoint)} for row in rows],
        "on": sum(row.endpoint.state == "on" for row in rows),
        "broken": sum(row.endpoint.state == "broken" for row in rows),
        "secret": secret,
        "made": made,
    }
    return render(request, "notices/webhooks.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def webhook(request: Any, endpoint_id: int) -> HttpResponse:
    """Show an endpoint, and change it."""
    merchant = _managed(request)
    found = _endpoint(merchant, endpoint_id)
    form = EndpointForm(request.POST or None, initial={"url": found.url, "note": found.note, "events": found.events})
    if request.method == "POST" and form.is_valid():
        try:
            save_endpoint(merchant, **form.cleaned_data, endpoint_id=endpoint_id, actor=request.actor)
            messages.success(request, _("Saved."))
            return redirect("webhook", endpoint_id)
        except Refused as refusal:
            form.add_error("url", str(refusal))
    return _page(request, found, form=form, status=422 if form.errors else 200)


def _page(
    request: Any,
    found: WebhookEndpoint,
    *,
    form: EndpointForm | None = None,
    replay: ReplayForm | None = None,
    secret: str = "",
    status: int = 200,
) -> HttpResponse:
    calls = asked.calls_page(found.merchant_id, endpoint_id=found.pk, size=FEW)[:FEW]
    initial = {"url": found.url, "note": found.note, "events": found.events}
    context = {
        "e": found,
        "state": _state(found),
        "form": form or EndpointForm(initial=initial),
        "replay": replay or ReplayForm(),
        "calls": [_shown(call) for call in calls],
        "secret": secret,
        "days": KEPT_DAYS,
    }
    return render(request, "notices/webhook.html", context, status=status)


@login_required
@require_POST
def renew(request: Any, endpoint_id: int) -> HttpResponse:
    """Give an endpoint a new secret, and show it once."""
    merchant = _managed(request)
    secret = renew_secret(merchant, endpoint_id=endpoint_id, actor=request.actor)
    return _page(request, _endpoint(merchant, endpoint_id), secret=secret)


@login_required
@require_POST
def switch(request: Any, endpoint_id: int) -> HttpResponse:
    """Switch an endpoint on or off."""
    on = request.POST.get("on") == "1"
    switch_endpoint(_managed(request), endpoint_id=endpoint_id, on=on, actor=request.actor)
    messages.success(request, _("Switched on.") if on else _("Switched off. Nothing is sent any more."))
    return redirect("webhook", endpoint_id)


@login_required
@require_POST
def remove(request: Any, endpoint_id: int) -> HttpResponse:
    """Forget an endpoint."""
    remove_endpoint(_managed(request), endpoint_id=endpoint_id, actor=request.actor)
    messages.success(request, _("The endpoint is removed. What was sent to it stays in the log of calls."))
    return redirect("webhooks")


@login_required
@require_POST
def send_test(request: Any, endpoint_id: int) -> HttpResponse:
    """Send a test message."""
    try:
        call = try_endpoint(_managed(request), endpoint_id=endpoint_id, actor=request.actor)
    except NotThere:
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("webhook", endpoint_id)
    messages.success(request, _("A test message is on its way. Look again in a moment."))
    return redirect("webhook-call", call)


@login_required
@require_POST
def send_period(request: Any, endpoint_id: int) -> HttpResponse:
    """Send the calls of a time again."""
    merchant = _managed(request)
    found = _endpoint(merchant, endpoint_id)
    form = ReplayForm(request.POST)
    if not form.is_valid():
        return _page(request, found, replay=form, status=422)
    said = form.cleaned_data
    states = ["failed", "kept", *(["sent"] if said["delivered"] else [])]
    try:
        count = replay_calls(
            merchant,
            endpoint_id=endpoint_id,
            since=said["since"],
            until=said["until"],
            states=states,
            actor=request.actor,
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("webhook", endpoint_id)
    text = ngettext("%(n)s message goes out again.", "%(n)s messages go out again.", count) % {"n": count}
    messages.success(request, text if count else _("There is nothing to send again in that time."))
    return redirect("webhook", endpoint_id)


@login_required
@require_GET
def calls(request: Any) -> HttpResponse:
    """List calls, the newest first."""
    merchant = _managed(request)
    state, kind = request.GET.get("state", ""), request.GET.get("type", "")
    state = state if state in CallState.values else ""
    kind = kind if kind in TYPES or kind == TEST else ""
    endpoint, after = _number(request.GET.get("endpoint")), _number(request.GET.get("after"))
    rows = asked.calls_page(merchant, endpoint_id=endpoint, state=state, kind=kind, after=after, size=PAGE)
    endpoints = asked.endpoints_of(merchant)
    context = {
        "rows": [_shown(call) for call in rows[:PAGE]],
        "next": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "views": [
            {"label": capfirst(str(label)), "url": _with(request, state=value), "here": value == state}
            for value, label in [("", _("All")), *CallState.choices]
        ],
        "choices": [
            {
                "name": "endpoint",
                "label": _("Endpoint"),
                "value": str(endpoint or ""),
                "options": [("", _("Every endpoint")), *((str(r.endpoint.pk), r.endpoint.url) for r in endpoints)],
            },
            {
                "name": "type",
                "label": _("Event"),
                "value": kind,
                "options": [("", _("Every event")), *TYPES.items(), (TEST, _("test"))],
            },
        ],
        "days": KEPT_DAYS,
    }
    return render(request, "notices/webhook_calls.html", context)


def _with(request: Any, *, state: str) -> str:
    query = request.GET.copy()
    query.pop("after", None)
    query["state"] = state
    if not state:
        del query["state"]
    return f"{reverse('webhook-calls')}?{query.urlencode()}" if query else reverse("webhook-calls")


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 19 else None


def _call(request: Any, call_id: int) -> WebhookCall:
    found = asked.call_of(_managed(request), call_id=call_id)
    if found is None:
        raise NotThere
    return found


@login_required
@require_GET
def call(request: Any, call_id: int) -> HttpResponse:
    """Show a call: what was sent, and what came back at each attempt."""
    found = _call(request, call_id)
    body = json.dumps(json.loads(found.body), indent=2, ensure_ascii=False)
    tries = [{**_tried(tried), "when": parse_datetime(tried["at"])} for tried in reversed(found.tries)]
    return render(request, "notices/webhook_call.html", {**_shown(found), "body": body, "tries": tries})


@login_required
@require_POST
def call_again(request: Any, call_id: int) -> HttpResponse:
    """Make a call again."""
    found = _call(request, call_id)
    try:
        count = replay_calls(found.merchant_id, endpoint_id=found.endpoint_id, call_ids=[found.pk], actor=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("webhook-call", call_id)
    messages.success(request, _("It goes out again.") if count else _("It waits to be sent already."))
    return redirect("webhook-call", call_id)
