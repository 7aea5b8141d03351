"""Counting on the floor, by scan: which bin, what lies in it, and the end."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from colisage.catalog.queries import judged, skus_across
from colisage.inventory.actions.count_bins import count_bins
from colisage.inventory.actions.finish_count import finish_count
from colisage.inventory.actions.leave_count import leave_count
from colisage.inventory.actions.note_stray import note_stray
from colisage.inventory.actions.note_units import LotWanted, UnknownLot, note_units
from colisage.inventory.actions.start_count import COUNTERS, OtherPerson, start_count
from colisage.inventory.forms.counts import NoteForm, StrayForm
from colisage.inventory.models import Condition, CountRound, CountTask
from colisage.inventory.queries import counts
from colisage.inventory.queries.counting import kept_by_lot
from colisage.inventory.queries.lots import serials_called
from colisage.kit.errors import Malformed, NotAllowed, NotThere, Refused
from colisage.kit.gs1 import sent
from colisage.network.queries import bins_of, nodes_run_by
from colisage.people.queries import people_of
from colisage.ui import words


def operators(request: Any) -> list[int]:
    """Give the operators at which the person may count."""
    found = [o for o, roles in request.view.operator_roles.items() if roles & COUNTERS]
    if not found:
        raise NotAllowed
    return found


def _task(request: Any, task_id: int) -> CountTask:
    found = counts.task_at(operators(request), task_id=task_id)
    if found is None:
        raise NotThere
    return found


def _code(request: Any) -> str:
    return sent(request.POST.get("code"))


@login_required
@require_http_methods(["GET", "POST"])
def count_floor(request: Any) -> HttpResponse:
    """List the bins to count along the walk; a scanned plate opens its count, whether it was planned or not."""
    ids = operators(request)
    context: dict[str, Any] = {}
    if request.method == "POST":
        code = _code(request)
        found = counts.task_of_bin(ids, code=code)
        if found is not None:
            return redirect("count-bin", found.pk)
        places = [b for n in nodes_run_by(ids) for b in bins_of(n.id) if code and b.code.upper() == code.upper()]
        context = {"asked": places[0]} if places else {"wrong": code or "—"}
    after = str(request.GET.get("after", ""))
    last = int(after) if after.isascii() and after.isdecimal() and len(after) < 19 else 0
    page = counts.to_count(ids, person_id=request.actor.id, after=last)
    context |= {"mine": page.mine, "rows": page.rows, "waiting": page.waiting, "next": page.next}
    return render(request, "inventory/count_floor.html", context, status=422 if "wrong" in context else 200)


@login_required
@require_POST
def count_begin(request: Any) -> HttpResponse:
    """Count a bin that nobody planned to count."""
    place = request.POST.get("place", "")
    for node in nodes_run_by(operators(request)):
        if place in {str(b.id) for b in bins_of(node.id)}:
            count = count_bins(node.operator_id, node_id=node.id, bins=[(int(place), "hand")], actor=request.actor)
            return redirect("count-bin", counts.tasks_of(count)[0].pk)
    raise NotThere


@login_required
@require_http_methods(["GET", "POST"])
def count_bin(request: Any, task_id: int) -> HttpResponse:
    """Count a bin: its plate is scanned first, then what lies in it."""
    task = _task(request, task_id)
    if request.method == "GET":
        return _show(request, task)
    code = _code(request)
    begun = counts.my_round(task.pk, person_id=request.actor.id)
    if begun is None:
        return _begin(request, task, code=code)
    return _scan(request, task, begun, code=code)


def _begin(request: Any, task: CountTask, *, code: str) -> HttpResponse:
    if code.upper() != task.place.code.upper():
        text = _("This is not the plate of %(bin)s.") % {"bin": words.plate(task.place.code)}
        return _show(request, task, verdict="bad", text=text, scanned=code, wrong=code)
    try:
        start_count(task.operator_id, task_id=task.pk, actor=request.actor, alone="alone" in request.POST)
    except OtherPerson as refusal:
        alone = len(people_of(task.operator_id, roles=COUNTERS)) < 2
        return _show(request, task, verdict="bad", text=refusal, alone=alone)
    except Refused as refusal:
        return _show(request, task, verdict="bad", text=refusal)
    return _show(request, _task(request, task.pk), verdict="ok", text=_("The bin is yours to count."), short=True)


def _scan(request: Any, task: CountTask, begun: CountRound, *, code: str) -> HttpResponse:
    """Judge a scan: units of one SKU are noted, anything else is said."""
    merchants = list(request.view.merchants)
    if code.upper() == task.place.code.upper():
        text = _("This is the plate of the bin. Scan what lies in it.")
        return _show(request, task, verdict="bad", text=text, short=True, status=200)
    scan = judged(merchants, code=code)
    found = scan.hits or tuple(serials_called(merchants, code=code))
    if scan.is_noise and not found:
        return _show(request, task, verdict="bad", text=scan.why, scanned=code[:60], wrong=code[:60])
    if not found and any(code.upper() == b.code.upper() for b in bins_of(task.node_id)):
        text = _("This is another bin: %(other)s. You count %(bin)s.") % {
            "other": words.plate(code.upper()),
            "bin": words.plate(task.place.code),
        }
        return _show(request, task, verdict="bad", text=text, wrong=code)
    if not found:
        return _show(
            request, task, verdict="bad", text=_("Nobody knows this code."), scanned=code, stray=code, wrong=code
        )
    if len(found) > 1:
        skus = skus_across(merchants, ids={hit.sku_id for hit in found})
        choices = [
            (skus[hit.sku_id], hit.units, request.view.merchants[skus[hit.sku_id].merchant_id].name)
            for hit in found
            if hit.sku_id in skus
        ]
        return _show(request, task, choices=choices)
    lot = found[0].serial if kept_by_lot(found[0].sku_id)[1] else found[0].lot
    said = {"sku": found[0].sku_id, "units": found[0].units, "add": True, "lot": lot}
    return _note(request, task, begun, {**said, "condition": request.GET.get("condition", "")})


@login_required
@require_POST
def count_note(request: Any, task_id: int) -> HttpResponse:
    """Note a number of units, a lot, or goods of an unknown code."""
    task = _task(request, task_id)
    begun = counts.my_round(task.pk, person_id=request.actor.id)
    if begun is None:
        return _show(request, task, verdict="bad", text=_("You are not counting this bin now."))
    if "sku" in request.POST:
        form = NoteForm(request.POST)
        if form.is_valid():
            return _note(request, task, begun, form.cleaned_data)
    else:
        stray = StrayForm(request.POST)
        if stray.is_valid():
            said = stray.cleaned_data
            note_stray(
                task.operator_id, round_id=begun.pk, code=said["code"], units=said["units"], add=said["add"],
                actor=request.actor,
            )  # fmt: skip
            return _show(request, task, verdict="ok", text=_("Noted for the manager."), short=True)
    text = _("Say how many there are: a whole number, at most a million.")
    return _show(request, task, verdict="bad", text=text)


def _note(request: Any, task: CountTask, begun: CountRound, said: dict[str, Any]) -> HttpResponse:
    merchants = list(request.view.merchants)
    sku = skus_across(merchants, ids=[said["sku"]]).get(said["sku"])
    if sku is None:
        raise NotThere
    condition = said["condition"] if said["condition"] in Condition.values else "sellable"
    try:
        noted = note_units(
            task.operator_id, round_id=begun.pk, merchant_ids=merchants, sku_id=sku.id, units=said["units"],
            add=bool(said["add"]), lot=said["lot"], new_lot=bool(said.get("new_lot")), condition=condition,
            actor=request.actor,
        )  # fmt: skip
    except (LotWanted, UnknownLot) as refusal:
        new = isinstance(refusal, UnknownLot)
        asked = {"sku": sku, "units": said["units"], "lot": said["lot"], "add": said["add"], "new": new}
        return _show(request, task, verdict="bad", text=refusal, asked=asked, short=not new)
    except Refused as refusal:
        return _show(request, task, verdict="bad", text=refusal)
    text = _("%(noted)s × %(name)s") % {"noted": noted, "name": sku.name}
    return _show(request, task, verdict="ok", text=text, short=True, last=sku.id)


@login_required
@require_POST
def count_finish(request: Any, task_id: int) -> HttpResponse:
    """End the round: what it comes to is said, never what the books had."""
    task = _task(request, task_id)
    number = request.POST.get("round", "")
    if not number.isdecimal() or len(number) > 18:
        raise Malformed
    try:
        state = finish_count(task.operator_id, round_id=int(number), actor=request.actor, empty="empty" in request.POST)
    except Refused as refusal:
        if refusal.status == 404:
            raise
        return _show(request, task, verdict="bad", text=refusal, nothing=refusal.code == "nothing_noted")
    said = {
        "recount": _("Counted. Somebody else counts %(bin)s again."),
        "counted": _("Counted. A manager looks at %(bin)s."),
    }.get(state, _("Counted: %(bin)s is done."))
    messages.success(request, said % {"bin": words.plate(task.place.code)})
    return redirect("count-floor")


@login_required
@require_POST
def count_leave(request: Any, task_id: int) -> HttpResponse:
    """Stop counting without a result: only one's own, or anybody's for a manager."""
    task = _task(request, task_id)
    manages = "manager" in request.view.operator_roles.get(task.operator_id, ())
    if not manages and task.state == "counting" and not counts.my_round(task.pk, person_id=request.actor.id):
        raise NotAllowed
    leave_count(task.operator_id, task_id=task.pk, actor=request.actor)
    messages.success(request, _("%(bin)s is free again; its count waits.") % {"bin": words.plate(task.place.code)})
    return redirect("count-floor" if "floor" in request.POST else "counts")


def _show(request: Any, task: CountTask, *, status: int | None = None, **said: Any) -> HttpResponse:
    if said.get("verdict") == "ok" and not request.htmx:  # a page loaded again must not note again
        messages.success(request, str(said["text"]))
        return redirect("count-bin", task.pk)
    merchants = list(request.view.merchants)
    begun = counts.my_round(task.pk, person_id=request.actor.id)
    rounds = counts.rounds_of(task.pk)
    condition = request.GET.get("condition", "")
    context = {
        "task": task,
        "begun": begun,
        "noted": counts.lines_of_round(begun.pk, merchant_ids=merchants) if begun else [],
        "strays": counts.stray_codes(begun.pk) if begun else [],
        "by": [one.person_name for one in rounds if one.finished_at],
        "going": next((one for one in rounds if one.finished_at is None), None),
        "conditions": [
            (value, word) for value, word in Condition.choices if value != "held"
        ],  # a lot's word, not a look
        "condition": condition if condition in Condition.values else "sellable",
        "swapped": bool(request.htmx),
        **said,
    }
    refused = said.get("verdict") == "bad"
    template = "inventory/count_bin.html#answer" if request.htmx else "inventory/count_bin.html"
    return render(request, template, context, status=status or (422 if refused else 200))
