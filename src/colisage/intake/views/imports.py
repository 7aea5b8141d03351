"""The doors for files of orders."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from colisage.intake.actions.start_import import start_import
from colisage.intake.forms import ImportForm
from colisage.intake.models import ColumnMapping, ImportRun
from colisage.intake.queries import imports_of
from colisage.intake.queries.mappings import mappings_of
from colisage.intake.views.rows import PAGES
from colisage.kit.errors import Malformed, NotAllowed
from colisage.network.queries import channels_of


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


def _context(run: ImportRun) -> dict[str, Any]:
    return {
        "section": "orders",
        "run": run,
        "refused_count": run.refused_count,
        "finished": run.state in {"done", "refused"},
        "progress_url": reverse("import-progress", args=[run.pk]),
    }


@login_required
@require_GET
def show_import(request: Any, run_id: int) -> HttpResponse:
    """Show an import: how far it is, and what became of its rows."""
    run = PAGES.run_of(request, run_id)
    if run.state == "columns":
        return redirect("import-columns", run.pk)
    listed = PAGES.listed(request, run) if run.state == "done" else {}
    return render(request, "intake/import.html", {**_context(run), **listed})


@login_required
@require_GET
def progress(request: Any, run_id: int) -> HttpResponse:
    """Show how far an import is; once it is done the whole page is asked for again."""
    run = PAGES.run_of(request, run_id)
    response = render(request, "intake/import.html#progress", _context(run))
    if run.state in {"done", "refused"}:
        response.headers["HX-Refresh"] = "true"
    return response
