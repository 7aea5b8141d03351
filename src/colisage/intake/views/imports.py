"""The doors for files of orders."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods

from colisage.intake.actions.start_import import start_import
from colisage.intake.forms import ImportForm
from colisage.intake.models import ColumnMapping, ImportRun, RowState
from colisage.intake.ports import REASONS
from colisage.intake.queries import import_of, imports_of, refused_rows, report_of, told
from colisage.intake.queries.mappings import mappings_of
from colisage.intake.queries.rows import sent_back, waiting_rows
from colisage.kit.errors import Malformed, NotAllowed, NotThere
from colisage.network.queries import channels_of
from colisage.ui.imported import refused_file

PAGE = 25  # orders


@login_required
@require_http_methods(["GET", "POST"])
def imports(request: Any) -> HttpResponse:
    """List imports, and take a new file."""
    ids = [request.merchant.id] if request.merchant else list(request.view.merchants)
    channels = [
        (f"{m}:{c.code}", f"{request.view.merchants[m].name} · {c.name}") for m in ids for c in channels_of(m).values()
    ]
    saved = mappings_of(ids)
    by_name = [(str(m.pk), _("%(name)s (%(channel)s)") % {"name": m.name, "channel": m.channel.name}) for m in saved]
    form = ImportForm(request.POST or None, request.FILES or None, channels=channels, mappings=by_name)
    if request.method == "POST" and form.is_valid():
        merchant, _colon, channel = form.cleaned_data["channel"].partition(":")
        if not request.view.may_for(int(merchant), "support"):
            raise NotAllowed
        try:
            return redirect("import", _started(request, form, int(merchant), channel=channel, saved=saved))
        except Malformed as refusal:
            form.add_error("layout", str(refusal))
    status = 422 if form.errors else 200
    return render(
        request, "intake/imports.html", {"section": "orders", "form": form, "runs": imports_of(ids)}, status=status
    )


def _started(request: Any, form: ImportForm, merchant: int, *, channel: str, saved: Sequence[ColumnMapping]) -> int:
    told = form.cleaned_data
    file, layout = told["file"], told["layout"]
    name = next((m.name for m in saved if str(m.pk) == layout), "")
    return start_import(
        merchant,
        channel=channel,
        source=file,
        file_name=file.name,
        options={"dates": told["dates"] or None, "history": told["history"], "mapping": name},
        actor=request.actor,
        asks=True,
        point=layout == "point",
    )


def _run_of(request: Any, run_id: int) -> ImportRun:
    run = import_of(list(request.view.merchants), run_id=run_id)
    if run is None:
        raise NotThere
    return run


def _context(run: ImportRun) -> dict[str, Any]:
    by_count = sorted(run.refused, key=lambda code: -run.refused[code])
    return {
        "section": "orders",
        "run": run,
        "report": report_of(run),
        "ignored": told(run.ignored),
        "refused": [(code, *said) for code, said in zip(by_count, told(run.refused), strict=True)],
        "refused_count": sum(run.refused.values()),
        "ignored_count": sum(run.ignored.values()),
        "finished": run.state in {"done", "refused"},
        "progress_url": reverse("import-progress", args=[run.pk]),
    }


@login_required
@require_GET
def show_import(request: Any, run_id: int) -> HttpResponse:
    """Show an import: how far it is, and what became of its rows."""
    run = _run_of(request, run_id)
    if run.state == "columns":
        return redirect("import-columns", run.pk)
    context = _context(run) | (_sent_back(request, run) if run.state == "done" else {})
    return render(request, "intake/import.html", context)


def _sent_back(request: Any, run: ImportRun) -> dict[str, Any]:
    """Give a page of the orders that came back: to correct, being read again, corrected, or set aside."""
    state, reason = request.GET.get("state", ""), request.GET.get("reason", "")
    state = state if state in RowState.values else "open"
    reason = reason if reason in REASONS and state == "open" else ""
    after = request.GET.get("after", "")
    found = sent_back(
        run, state=state, reason=reason, size=PAGE,
        after=int(after) if after.isascii() and after.isdecimal() and len(after) < 10 else 0,
    )  # fmt: skip
    waiting = waiting_rows(run)
    return {
        "back": found[:PAGE],
        "next": found[PAGE - 1].order_row if len(found) > PAGE else None,
        "state": state,
        "reason": reason,
        "reason_said": REASONS.get(reason, ""),
        "waiting": waiting,
        "views": _views(run, state, waiting),
        "may": request.view.may_for(run.merchant_id, "support"),
        "actions": _actions(state),
    }


def _views(run: ImportRun, state: str, waiting: int) -> list[dict[str, Any]]:
    counts = [
        ("open", _("To correct"), sum(run.refused.values()) - waiting),
        ("waiting", _("Being read again"), waiting),
        ("corrected", pgettext("rows", "Corrected"), run.corrected),
        ("aside", _("Set aside"), run.ignored.get("set_aside", 0)),
    ]
    page = reverse("import", args=[run.pk])
    return [
        {"label": label, "url": f"{page}?state={code}", "here": code == state, "count": count}
        for code, label, count in counts
        if count or code in {"open", state}
    ]


def _actions(state: str) -> list[dict[str, str]]:
    if state == "open":
        return [
            {"name": "again", "label": _("Send again unchanged"), "icon": "sync"},
            {"name": "aside", "label": _("Put aside"), "icon": "check"},
        ]
    return [{"name": "back", "label": _("Take up again"), "icon": "undo"}] if state == "aside" else []


@login_required
@require_GET
def progress(request: Any, run_id: int) -> HttpResponse:
    """Show how far an import is; once it is done the whole page is asked for again."""
    run = _run_of(request, run_id)
    response = render(request, "intake/import.html#progress", _context(run))
    if run.state in {"done", "refused"}:
        response.headers["HX-Refresh"] = "true"
    return response


@login_required
@require_GET
def reading(request: Any, run_id: int) -> HttpResponse:
    """Show how many rows are still being read again; once none is the whole page is asked for again."""
    run = _run_of(request, run_id)
    waiting = waiting_rows(run)
    response = render(request, "intake/import.html#reading", {"run": run, "waiting": waiting})
    if not waiting:
        response.headers["HX-Refresh"] = "true"
    return response


@login_required
@require_GET
def refused(request: Any, run_id: int) -> HttpResponse:
    """Give the rows that came back as a file, with the reason beside each, in the reader's language."""
    run = _run_of(request, run_id)
    return refused_file(request, run, refused_rows(run))
