"""The holds inbox: every reason why an order waits, whose it is, and how long it has waited."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from colisage.desk.actions.hold_each import hold_each
from colisage.desk.forms import HoldForm
from colisage.desk.queries.holds import AGES, OWNERS, told_holds
from colisage.desk.views.changes import order_to_decide
from colisage.kit.errors import Refused
from colisage.orders.actions.release_hold import release_hold
from colisage.orders.actions.take_holds import take_holds
from colisage.orders.queries.holds import HoldFilters, HoldKind, hold_counts, holds_page

PAGE: Final = 50
MOST: Final = 1_000  # ticked rows of one form


def _ids(request: Any) -> list[int]:
    return [request.merchant.id] if request.merchant else list(request.view.merchants)


def _numbers(texts: list[str]) -> list[int]:
    return [int(text) for text in texts[:MOST] if text.isascii() and text.isdecimal() and len(text) < 19]


def _filters(request: Any) -> tuple[HoldFilters, dict[str, str]]:
    """Read what the list is narrowed to; nonsense narrows nothing."""
    said = {name: str(request.GET.get(name, ""))[:20] for name in ("kind", "owner", "age")}
    known = {"kind": set(HoldKind.values), "owner": set(OWNERS), "age": set(AGES)}
    said = {name: value if value in known[name] else "" for name, value in said.items()}
    owner = {"mine": request.actor.id, "nobody": 0}.get(said["owner"])
    before = timezone.now() - timedelta(days=int(said["age"])) if said["age"] else None
    return HoldFilters(said["kind"], owner, before), said


@login_required
@require_GET
def inbox(request: Any) -> HttpResponse:
    """List the open holds, the oldest first."""
    ids = _ids(request)
    filters, said = _filters(request)
    after = _numbers([str(request.GET.get("after", ""))])
    found = holds_page(ids, filters=filters, after=after[0] if after else 0, size=PAGE)
    counts = hold_counts(ids)
    number = sum(counts.values())
    context = {
        "finding": ngettext("%(n)s hold to decide", "%(n)s holds to decide", number) % {"n": number}
        if number
        else _("No order is on hold"),
        "rows": told_holds(found[:PAGE]),
        "next": found[PAGE - 1].pk if len(found) > PAGE else None,
        "narrowed": any(said.values()),
        "choices": [
            {
                "name": "kind", "label": _("Any kind"), "value": said["kind"],
                "options": [(k, f"{label} ({counts[k]})") for k, label in HoldKind.choices if k in counts],
            },
            {"name": "owner", "label": _("Anybody’s"), "value": said["owner"], "options": list(OWNERS.items())},
            {"name": "age", "label": _("Of any age"), "value": said["age"], "options": list(AGES.items())},
        ],
        "may_decide": request.view.may("support"),
    }  # fmt: skip
    return render(request, "desk/holds.html", context)


def _for_each_merchant(request: Any, act: Callable[[int, list[int]], int], *, field: str) -> int:
    """Do something with the rows ticked, merchant by merchant; what is not the person's to decide is left out."""
    ids = _numbers(request.POST.getlist(field))
    return sum(act(m, ids) for m in request.view.merchants if request.view.may_for(m, "support"))


@login_required
@require_POST
def release_many(request: Any) -> HttpResponse:
    """Release the holds that are ticked."""
    done = _for_each_merchant(
        request, lambda m, ids: release_hold(m, hold_ids=ids, actor=request.actor), field="hold"
    )  # fmt: skip
    messages.success(request, ngettext("%(n)s hold is released.", "%(n)s holds are released.", done) % {"n": done})
    return redirect("holds")


@login_required
@require_POST
def take_many(request: Any) -> HttpResponse:
    """Take the holds that are ticked, to decide about them."""
    done = _for_each_merchant(request, lambda m, ids: take_holds(m, hold_ids=ids, actor=request.actor), field="hold")
    messages.success(request, ngettext("%(n)s hold is yours.", "%(n)s holds are yours.", done) % {"n": done})
    return redirect("holds")


@login_required
@require_POST
def hold_one(request: Any, order_id: int) -> HttpResponse:
    """Hold one order; without a kind, by hand."""
    order = order_to_decide(request, order_id)
    form = HoldForm({"kind": "manual", "owner": "me", **request.POST.dict()}, today=timezone.localdate())
    if not form.is_valid():
        messages.error(request, " ".join(str(fault) for faults in form.errors.values() for fault in faults))
        return redirect("order", order_id)
    [answer] = hold_each(order.merchant_id, [order_id], actor=request.actor, **form.hold()).values()
    if isinstance(answer, Refused):
        messages.error(request, str(answer))
    elif answer:
        messages.success(request, _("The order waits. Nothing leaves until the hold is released."))
    else:
        messages.info(request, _("This hold was set before: same kind, same reason, same day."))
    return redirect("order", order_id)
