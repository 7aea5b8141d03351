"""The doors for rows of a file that came back: corrected here, sent again, set aside."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from colisage.intake.actions.send_rows import RowsChanged, Sent, Typed, send_rows
from colisage.intake.actions.send_rows_later import send_rows_later
from colisage.intake.actions.set_rows_aside import set_rows_aside
from colisage.intake.forms.rows import RowsForm, opened_form
from colisage.intake.models import ImportRun
from colisage.intake.ports import REASONS
from colisage.intake.queries import import_of
from colisage.intake.queries.rows import Opened, opened, order_row_of
from colisage.kit.errors import NotAllowed, NotThere, Refused

MOST = 100  # orders of a list that are ticked at once


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _run_to_write(request: Any, run_id: int) -> ImportRun:
    run = import_of(list(request.view.merchants), run_id=run_id)
    if run is None:
        raise NotThere
    if not request.view.may_for(run.merchant_id, "support"):
        raise NotAllowed
    return run


@login_required
@require_POST
def settle(request: Any, run_id: int) -> HttpResponse:
    """Send ticked orders again as they are, or all of them; set ticked ones aside, or take them up again."""
    run = _run_to_write(request, run_id)
    action, reason = request.POST.get("action", ""), request.POST.get("reason", "")
    reason = reason if reason in REASONS else ""
    chosen = [n for one in request.POST.getlist("row")[:MOST] if (n := _number(one))]
    back = f"{reverse('import', args=[run.pk])}?{request.META.get('QUERY_STRING', '')}".rstrip("?")
    try:
        if action == "all":
            _say_waiting(request, send_rows_later(run.merchant_id, run_id=run.pk, reason=reason, actor=request.actor))
        elif not chosen:
            messages.warning(request, _("Tick the orders first."))
        elif action == "again":
            answers = send_rows(run.merchant_id, chosen, run_id=run.pk, actor=request.actor)
            _say_sent(request, list(answers.values()))
        else:
            taken_up = action == "back"
            done = set_rows_aside(run.merchant_id, chosen, run_id=run.pk, back=taken_up, actor=request.actor)
            _say_aside(request, len(done), back=taken_up)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(back)


def _say_waiting(request: Any, count: int) -> None:
    if not count:
        messages.warning(request, _("None of these rows waits any more."))


def _say_sent(request: Any, answers: list[Sent | Refused]) -> None:
    """Say how many orders were taken, and how many came back again."""
    sent = [one for one in answers if isinstance(one, Sent)]
    taken = sum(one.outcome != "refused" for one in sent)
    if taken:
        text = ngettext("%(n)s order is taken in.", "%(n)s orders are taken in.", taken) % {"n": taken}
        messages.success(request, text)
    if again := len(sent) - taken:
        text = ngettext("%(n)s order came back again.", "%(n)s orders came back again.", again) % {"n": again}
        messages.warning(request, text)
    for said in sorted({str(one) for one in answers if isinstance(one, Refused)}):
        messages.warning(request, said)


def _say_aside(request: Any, count: int, *, back: bool) -> None:
    if not count:
        messages.warning(request, _("None of these rows waits any more."))
    elif back:
        messages.success(request, _("Taken up again."))
    else:
        messages.success(request, _("Set aside: they are not sent."))


@login_required
@require_http_methods(["GET", "POST"])
def order(request: Any, run_id: int, order_row: int) -> HttpResponse:
    """Open an order that came back: its rows with what is wrong, to be corrected and sent again."""
    run = import_of(list(request.view.merchants), run_id=run_id)
    page = _number(request.POST.get("page", "") or request.GET.get("page", "")) or 1
    found = opened(run, order_row=order_row, page=page) if run else None
    if run is None or found is None:
        raise NotThere
    if request.method == "POST":
        return _corrected(request, _run_to_write(request, run_id), found)
    return _shown(request, run, found, opened_form(found, headers=run.columns))


def _corrected(request: Any, run: ImportRun, found: Opened) -> HttpResponse:
    form = RowsForm(request.POST, order=found, headers=run.columns)
    if not form.is_valid():
        return _shown(request, run, found, form, status=422)
    typed = Typed(form.typed(), form.left_out(), form.cleaned_data["seen"])
    try:
        answers = send_rows(
            run.merchant_id, [found.order_row], run_id=run.pk, actor=request.actor, typed={found.order_row: typed}
        )
    except Refused as refusal:
        return _shown(request, run, found, form, refusal=str(refusal), status=refusal.status)
    answer = answers[found.order_row]
    if isinstance(answer, Refused):
        return _refused(request, run, found, answer, form)
    if answer.outcome == "refused":
        return _again(request, run, found, answer)
    _say_taken(request, answer)
    return redirect("import", run.pk)


def _refused(request: Any, run: ImportRun, found: Opened, refusal: Refused, form: RowsForm) -> HttpResponse:
    """Say that somebody was faster; what was typed stays where rows are still to be corrected."""
    now = opened(run, order_row=found.order_row, page=found.page) or found
    if isinstance(refusal, RowsChanged):
        data = request.POST.copy()
        data["seen"] = str(now.seen)
        form = RowsForm(data, order=now, headers=run.columns)
        form.say_now()
    return _shown(request, run, now, form, refusal=str(refusal), status=refusal.status)


def _again(request: Any, run: ImportRun, found: Opened, answer: Sent) -> HttpResponse:
    """Show the new reasons, with what was typed."""
    begins = order_row_of(run, number=min(answer.reasons))
    now = opened(run, order_row=begins, page=found.page if begins == found.order_row else 1) or found
    said = _("It came back again. What you typed is kept.")
    return _shown(request, run, now, opened_form(now, headers=run.columns), refusal=said, status=422)


def _say_taken(request: Any, answer: Sent) -> None:
    named = {"number": answer.number}
    if answer.outcome == "accepted":
        messages.success(request, _("Order %(number)s is taken in.") % named)
    elif answer.outcome == "duplicate":
        messages.success(request, _("Order %(number)s was here already: nothing was taken twice.") % named)
    else:
        why = REASONS.get(next(iter(answer.reasons.values()), ""), "")
        messages.warning(request, _("Nothing of this order is to be sent. %(why)s") % {"why": why})


def _title(found: Opened) -> str:
    name = (_("Order %(number)s") if found.name else _("Row %(number)s")) % {"number": found.name or found.order_row}
    if found.state != "open":
        return _("%(name)s: %(state)s") % {"name": name, "state": found.state_said}
    if found.count == 1:
        return _("%(name)s, to correct") % {"name": name}
    wrong = ngettext(
        "%(name)s: %(n)s of %(all)s rows to correct", "%(name)s: %(n)s of %(all)s rows to correct", found.wrong
    )
    return wrong % {"name": name, "n": found.wrong, "all": found.count}


def _shown(
    request: Any, run: ImportRun, found: Opened, form: RowsForm, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    here = reverse("import-rows", args=[run.pk, found.order_row])
    context = {
        "section": "orders",
        "run": run,
        "order": found,
        "title": _title(found),
        "form": form,
        "refusal": refusal,
        "here": here,
        "may": request.view.may_for(run.merchant_id, "support"),
        "next": found.page + 1 if found.page < found.pages else None,
        "previous": found.page - 1 if found.page > 1 else None,
    }
    return render(request, "intake/rows.html", context, status=status)
