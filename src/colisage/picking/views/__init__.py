"""The doors of picking: the desk releases work, the floor walks it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from colisage.kit.errors import Malformed, NotAllowed, NotThere, Refused
from colisage.kit.gs1 import sent
from colisage.network.queries import Bin, nodes_serving
from colisage.picking.actions.confirm_pick import WrongItem, confirm_pick
from colisage.picking.actions.release_wave import release_wave
from colisage.picking.actions.short_picks import Short, short_picks
from colisage.picking.actions.skip_task import skip_task
from colisage.picking.actions.take_batch import take_batch
from colisage.picking.forms import ReleaseForm, ShortForm
from colisage.picking.models import PickBatch, PickTask
from colisage.picking.queries import (
    Step,
    batch_of,
    bins_on_plan,
    done_batches,
    open_batches,
    step_of,
    stock_of_sku,
    task_of,
    task_rows,
    to_release,
    waiting_work,
)
from colisage.picking.queries.put_back import units_to_put_back
from colisage.ui import words
from colisage.ui.figures import plans


def _worked(request: Any) -> list[int]:
    """Give the operators at which the person may pick."""
    return [o for o, roles in request.view.operator_roles.items() if roles & {"manager", "picker"}]


def _floor(request: Any) -> list[int]:
    operators = _worked(request)
    if not operators:
        raise NotAllowed
    return operators


def _merchants(request: Any) -> list[int]:
    return [request.merchant.id] if request.merchant else list(request.view.merchants)


@login_required
@require_GET
def picking(request: Any) -> HttpResponse:
    """Show what may be released at each node, and how far the batches are."""
    merchants, operators = _merchants(request), _worked(request)
    nodes = {
        s.node_id: s
        for each in nodes_serving(merchants).values()
        for s in each
        if s.operator_id in request.view.operators
    }
    waiting = waiting_work(list(nodes), merchant_ids=merchants)
    shown = [
        {
            "node": node,
            "rows": [w for w in waiting if w.node_id == pk],
            "releasable": node.operator_id in operators,
        }
        for pk, node in sorted(nodes.items(), key=lambda item: item[1].name)
    ]
    going = open_batches(operators)
    context = {
        "nodes": [each for each in shown if each["rows"]],
        "batches": going,
        "done": done_batches(operators, most=10),
        "orders": sum(w.orders for w in waiting),
        "to_take": sum(b.state == "waiting" for b in going),
        "may_pick": bool(operators),
        "to_put_back": units_to_put_back(operators, merchant_ids=merchants),
    }
    return render(request, "picking/picking.html", context)


@login_required
@require_POST
def release(request: Any) -> HttpResponse:
    """Release the most urgent orders of one node and cut-off."""
    operators = _floor(request)
    form = ReleaseForm(request.POST)
    if not form.is_valid():
        raise Malformed
    node = form.cleaned_data["node"]
    servings = [s for each in nodes_serving(_merchants(request)).values() for s in each]
    operator = next((s.operator_id for s in servings if s.node_id == node and s.operator_id in operators), None)
    if operator is None:
        raise NotThere
    ids = to_release(
        node,
        merchant_ids=_merchants(request),
        ship_by=form.cleaned_data["ship_by"],
        most=form.cleaned_data["most"],
    )
    try:
        wave = release_wave(operator, node_id=node, fulfillment_order_ids=ids, actor=request.actor)
        messages.success(request, _("Wave %(wave)s is on the floor.") % {"wave": wave})
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect("picking")


@login_required
@require_GET
def batch(request: Any, batch_id: int) -> HttpResponse:
    """Show a batch at the desk: its walk on the plan and its tasks."""
    found = _batch(_floor(request), batch_id)
    step = step_of(found)
    context = {"batch": found, "rows": task_rows(found), **_plan(found, step)}
    return render(request, "picking/batch.html", context)


def _batch(operators: list[int], batch_id: int) -> PickBatch:
    found = batch_of(operators, batch_id=batch_id)
    if found is None:
        raise NotThere
    return found


def _task(operators: list[int], task_id: int) -> PickTask:
    found = task_of(operators, task_id=task_id)
    if found is None:
        raise NotThere
    return found


@login_required
@require_GET
def floor(request: Any) -> HttpResponse:
    """List the batches to take, one's own first."""
    going = open_batches(_floor(request))
    mine = [b for b in going if b.picker_id == request.user.pk]
    return render(request, "picking/floor.html", {"mine": mine, "batches": [b for b in going if b.state == "waiting"]})


@login_required
@require_POST
def take(request: Any, batch_id: int) -> HttpResponse:
    """Take a batch and go to its first bin."""
    found = _batch(_floor(request), batch_id)
    take_batch(found.operator_id, batch_id=batch_id, actor=request.actor)
    return redirect("picking-pick", batch_id)


@login_required
@require_GET
def pick(request: Any, batch_id: int) -> HttpResponse:
    """Show the task to do now."""
    found = _batch(_floor(request), batch_id)
    return render(request, "picking/pick.html", _step_context(found, step_of(found)))


def _step_context(found: PickBatch, step: Step | None, **more: object) -> dict[str, Any]:
    return {"batch": found, "step": step, **_plan(found, step), **more}


def _plan(found: PickBatch, step: Step | None) -> dict[str, Any]:
    """Give the drawing of the walk: the racks, what is walked, where one stands, what is to come."""
    bins = bins_on_plan(found)
    here = step.place if step else None
    at = next((n for n, point in enumerate(found.walk) if here and point[2] == here.id), 0)
    coming = [bins[p[2]] for p in found.walk[at + 1 :] if p[2] in bins] if step else []
    way = plans.Walk(
        path=[(x, y) for x, y, _place in found.walk],
        walked=at + 1 if step else len(found.walk),
        stops=[(b.x_mm, b.y_mm) for b in coming],
        here=(here.x_mm, here.y_mm) if here else None,
        start=_("Start"),
    )
    stops = len(coming)
    title = ngettext("Plan: %(n)s stop left after this one", "Plan: %(n)s stops left after this one", stops) % {
        "n": stops
    }
    return {
        "bins": [plans.Bin(b.code, b.x_mm, b.y_mm) for b in bins.values()],
        "way": way,
        "plan_title": title,
        "lit": _aisle(here),
    }


def _aisle(here: Bin | None) -> str:
    return next(iter(words.bin_parts(here.code)), "") if here else ""


@login_required
@require_POST
def scan(request: Any, task_id: int) -> HttpResponse:
    """Judge a scan: take the units, or say what was expected."""
    task = _task(_floor(request), task_id)
    code = sent(request.POST.get("code"))
    status = 200
    said: dict[str, Any] = {}
    try:
        taken = confirm_pick(task.operator_id, task_id=task_id, code=code, actor=request.actor)
        said = {"taken": taken}
    except WrongItem as refusal:
        places = refusal.places
        status, said = (
            422,
            {
                "scanned_name": places["found"],
                "expected": places["expected"],
                "todo": places["todo"],
                "code": code,
            },
        )
    except Refused as refusal:
        status, said = refusal.status, {"refusal": refusal}
    found = _batch([task.operator_id], task.batch_id)
    step = step_of(found, task_id=task_id if status == 422 else None)
    if not request.htmx:
        if status == 200:
            return redirect("picking-pick", found.pk)
        return render(request, "picking/pick.html", _step_context(found, step, **said), status=status)
    # htmx swaps answers up to 399 and 422
    return render(
        request,
        "picking/pick.html#answer",
        _step_context(found, step, **said, swapped=True),
        status=422 if status > 399 else 200,
    )


@login_required
@require_POST
def skip(request: Any, task_id: int) -> HttpResponse:
    """Leave a task for the end."""
    task = _task(_floor(request), task_id)
    skip_task(task.operator_id, task_id=task_id)
    return redirect("picking-pick", task.batch_id)


@login_required
@require_http_methods(["GET", "POST"])
def short(request: Any, task_id: int) -> HttpResponse:
    """Ask how many were found, and repair the order at once."""
    task = _task(_floor(request), task_id)
    form = ShortForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        short = Short(task_id, form.cleaned_data["found"], form.cleaned_data["reason"])
        mended = short_picks(task.operator_id, shorts=[short], actor=request.actor)
        if mended.new_tasks:
            messages.success(request, _("It is fetched from another bin: your batch is longer by one stop."))
        elif mended.missing:
            messages.warning(request, _("There is none elsewhere: the order waits for stock."))
        return redirect("picking-pick", task.batch_id)
    found = _batch([task.operator_id], task.batch_id)
    step = step_of(found, task_id=task_id)
    if step is None:
        return redirect("picking-pick", task.batch_id)
    bins = bins_on_plan(found)
    other = next(
        (
            (bins[place], free)
            for place, _qty, free in stock_of_sku(task)
            if place != task.place_id and free and place in bins
        ),
        None,
    )
    context = {"batch": found, "step": step, "other": other, "most": task.quantity - 1, "form": form}
    return render(request, "picking/short.html", context, status=422 if form.errors else 200)
