"""The desk's doors: parse, call one action or query, show."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from colisage.desk.forms import HoldForm
from colisage.desk.queries import search as finds
from colisage.desk.queries import today as first
from colisage.desk.queries.floor import FLOOR_ROLES, work_for
from colisage.desk.queries.order import page_of
from colisage.desk.queries.stuck import stuck
from colisage.desk.queries.system import system_page
from colisage.kit.errors import NotAllowed, NotThere, Refused
from colisage.kit.gs1 import sent
from colisage.kit.outbox import retry_parked, skip_parked
from colisage.kit.queries import parked_streams
from colisage.orders.actions.cancel_orders import cancel_orders
from colisage.orders.actions.release_hold import release_hold
from colisage.orders.queries import order_of
from colisage.people.middleware import walled_by_itself


def merchant_ids(request: Any) -> list[int]:
    """Give the merchants whose rows the page shows: the one switched to, else all that may be seen."""
    return [request.merchant.id] if request.merchant else list(request.view.merchants)


@login_required
@require_GET
def today(request: Any) -> HttpResponse:
    """Show what waits, column by column."""
    ids = merchant_ids(request)
    shown = first.columns(ids)
    waiting = stuck(ids)
    alerts = first.alerts(
        ids,
        managed=[o for o, roles in request.view.operator_roles.items() if "manager" in roles],
        picked_for=_picks_at(request),
    )
    context = {
        "columns": shown,
        "finding": first.finding(shown, to_decide=len(waiting) + len(alerts)),
        "stuck": waiting,
        "alerts": alerts,
        "empty": not any(c.count for c in shown),
    }
    return render(request, "desk/today.html", context)


def _picks_at(request: Any) -> list[int]:
    """Give the operators at whose nodes the person picks."""
    return [o for o, roles in request.view.operator_roles.items() if roles & {"manager", "picker"}]


@login_required
@require_GET
def first_page(request: Any) -> HttpResponse:
    """Open on the floor for who works there, on Today for everybody else."""
    roles = request.view.roles
    return redirect("floor" if roles and roles <= FLOOR_ROLES else "today")


@login_required
@require_http_methods(["GET", "POST"])
def floor(request: Any) -> HttpResponse:
    """Answer what the floor asks: what do I scan next? Whatever is scanned opens its page."""
    ids = merchant_ids(request)
    code = sent(request.POST.get("code"))
    found = finds.hits(ids, text=code) if code else []
    if len(found) == 1:
        return redirect(found[0].url)
    unknown = code if request.method == "POST" and not found else ""
    work = work_for(ids, roles=request.view.roles, operator_ids=_picks_at(request))
    why = finds.why_unknown(ids, code=unknown) if unknown else ""
    context = {"work": work, "hits": found, "unknown": unknown[:60], "why": why, "person": request.user.name}
    return render(request, "desk/floor.html", context, status=422 if unknown else 200)


@login_required
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Find anything by its number, name or code; a single find is opened at once."""
    text = sent(request.GET.get("q"))
    found = finds.hits(merchant_ids(request), text=text)
    if len(found) == 1:
        return redirect(found[0].url)
    return render(request, "desk/search.html", {"hits": found, "text": text.strip()})


@login_required
@require_GET
def order(request: Any, order_id: int) -> HttpResponse:
    """Show an order: what it is, where it is, why, and what may be done."""
    found = order_of(merchant_ids_seen(request), order_id=order_id)
    if found is None:
        raise NotThere
    context = {
        **page_of(found),
        "may_decide": request.view.may_for(found.merchant_id, "support"),
        "hold_form": HoldForm(today=timezone.localdate()),
    }
    return render(request, "desk/order.html", context)


def merchant_ids_seen(request: Any) -> list[int]:
    """Give every merchant the person may see, whichever is switched to: links from elsewhere work."""
    return list(request.view.merchants)


def _merchant_of(request: Any, order_id: int) -> int:
    """Give the merchant of an order the person may decide about."""
    found = order_of(merchant_ids_seen(request), order_id=order_id)
    if found is None:
        raise NotThere
    if not request.view.may_for(found.merchant_id, "support"):
        raise NotAllowed
    return found.merchant_id


@login_required
@require_POST
def free_order(request: Any, order_id: int, hold_id: int) -> HttpResponse:
    """Release a hold."""
    release_hold(_merchant_of(request, order_id), hold_ids=[hold_id], actor=request.actor)
    messages.success(request, _("The hold is released."))
    return redirect("order", order_id)


@login_required
@require_POST
def cancel_order(request: Any, order_id: int) -> HttpResponse:
    """Cancel an order, also while it is prepared if the person was told so; when it is too late, say so."""
    merchant = _merchant_of(request, order_id)
    on_floor = request.POST.get("on_floor") == "1"
    try:
        cancel_orders(merchant, order_ids=[order_id], actor=request.actor, on_floor=on_floor)
        if on_floor:
            messages.success(request, _("The order is cancelled. The floor is told to put back what was picked."))
        else:
            messages.success(request, _("The order is cancelled; its stock is free again."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("order", order_id)


def _own_stream(request: Any) -> tuple[str, str]:
    """Give the handler and stream named by the form, when they are parked and may be seen."""
    named = (request.POST.get("handler", ""), request.POST.get("stream", ""))
    if not request.view.may("manager") or named not in {
        (s.handler, s.stream) for s in parked_streams(merchant_ids_seen(request), most=1_000)
    }:
        raise NotThere
    return named


@login_required
@require_POST
def retry_stream(request: Any) -> HttpResponse:
    """Hand parked news to its step again."""
    handler, stream = _own_stream(request)
    if retry_parked(handler=handler, stream=stream, actor=request.actor):
        messages.success(request, _("It went through this time."))
    else:
        messages.error(request, _("It failed again; the reason is shown beside it."))
    return redirect("today")


@login_required
@require_POST
def skip_stream(request: Any) -> HttpResponse:
    """Give the first parked news of a stream up, and go on with the later ones."""
    handler, stream = _own_stream(request)
    skip_parked(handler=handler, stream=stream, actor=request.actor)
    messages.success(request, _("Skipped. What came after it goes on."))
    return redirect("today")


@login_required
@require_GET
def system(request: Any) -> HttpResponse:
    """Show how the installation is: what is behind, what is stuck, what waits to be done."""
    if not request.view.may("manager"):
        raise NotAllowed
    return render(request, "desk/system.html", system_page())


@walled_by_itself
@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """Say whether the database answers, for those who watch from outside."""
    with connection.cursor() as db:
        db.execute("SELECT 1")
    return JsonResponse({"status": "ok"})
