"""The doors for pointing at the columns of a file, and for the mappings that were saved."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from colisage.intake.actions.choose_columns import choose_columns
from colisage.intake.actions.remove_mapping import remove_mapping
from colisage.intake.actions.save_mapping import save_mapping
from colisage.intake.forms import FIELDS, ColumnsForm, MappingForm
from colisage.intake.models import ColumnMapping, ImportRun
from colisage.intake.queries import import_of
from colisage.intake.queries.mappings import (
    SHOWN_ROWS,
    Looked,
    file_of,
    mapped_format,
    mapping_mark,
    mapping_of,
    mappings_of,
    own_names,
    pointed,
    preview,
    reading_options,
    removed_mapping,
)
from colisage.intake.rules.columns import Pointed
from colisage.kit.errors import NotAllowed, NotThere, Refused
from colisage.kit.marks import SavedMeanwhile
from colisage.kit.tabular import Table, TableRefused
from colisage.ui.seen import meanwhile

REMOVED: Final = "removed"  # in place of the mark of what stands


@login_required
@require_http_methods(["GET", "POST"])
def columns(request: Any, run_id: int) -> HttpResponse:
    """Show the first rows of a file, have its columns pointed at, show what it comes to, and have it read."""
    run = import_of(list(request.view.merchants), run_id=run_id)
    if run is None:
        raise NotThere
    if not request.view.may_for(run.merchant_id, "support"):
        raise NotAllowed
    if run.state != "columns":
        return redirect("import", run.pk)
    try:
        table = file_of(run)
    except TableRefused as refused:
        return render(
            request, "intake/columns.html", {"section": "orders", "run": run, "unreadable": str(refused)}, status=422
        )
    start = _start(run)
    headers = [(column, header) for column, header in zip(table.columns, table.headers, strict=True) if column]
    form = ColumnsForm(request.POST or None, headers=headers, initial=_initial(table, start))
    if request.method == "POST" and "take" in request.POST and form.is_valid():
        try:
            _take(request, run, form, table)
        except Refused as refusal:
            form.add_error("name", str(refusal))
        else:
            return redirect("import", run.pk)
    return _shown(request, run, form, table, missing=_gone(start, table), start=start)


def _take(request: Any, run: ImportRun, form: ColumnsForm, table: Table) -> None:
    name = form.cleaned_data["name"].strip()
    if name:
        known = {one.name: one.id for one in pointed(run.merchant_id, channel_id=run.channel_id)}
        save_mapping(
            run.merchant_id,
            channel_id=run.channel_id,
            mapping_id=known.get(name) if "again" in request.POST else None,
            name=name,
            headers=[header for column, header in zip(table.columns, table.headers, strict=True) if column],
            places=form.places(),
            options=form.said(),
            actor=request.actor,
        )
    options = {**form.said(), "mapping": name}
    choose_columns(run.merchant_id, run_id=run.pk, places=form.places(), options=options, actor=request.actor)


def _start(run: ImportRun) -> Pointed | None:
    """Give the saved mapping to begin with: the one that was asked for, or that nearly fits."""
    name, nearly = run.options.get("mapping"), run.options.get("nearly")
    saved = pointed(run.merchant_id, channel_id=run.channel_id)
    return next((one for one in saved if one.id == nearly or (name and one.name == name)), None)


def _gone(start: Pointed | None, table: Table) -> list[str]:
    """Name the columns that a mapping needs and a file lacks, with what they held, in the reader's language."""
    return [f"{name} ({FIELDS[ours]})" for name, ours in start.missing(table.columns).items()] if start else []


def _initial(table: Table, start: Pointed | None) -> dict[str, Any]:
    places = mapped_format().guess(table)
    if start:
        places |= {ours: column for ours, column in start.places.items() if column in table.columns}
    options = dict(start.options) if start else {}
    return {f"col_{ours}": column for ours, column in places.items()} | options | {"name": start.name if start else ""}


def _shown(
    request: Any, run: ImportRun, form: ColumnsForm, table: Table, *, missing: Sequence[str], start: Pointed | None
) -> HttpResponse:
    looked, refusal = _looked(run, form, table)
    context = {
        "run": run,
        "section": "orders",
        "form": form,
        "headers": table.headers,
        "rows": [row.raw for row, _n in zip(table, range(SHOWN_ROWS), strict=False)],
        "looked": looked,
        "refusal": refusal,
        "missing": ", ".join(missing),
        "start": start,
    }
    partial = request.htmx and "take" not in request.POST
    template = "intake/columns.html#preview" if partial else "intake/columns.html"
    wrong = form.errors and "take" in request.POST
    return render(request, template, context, status=422 if wrong else 200)


def _looked(run: ImportRun, form: ColumnsForm, table: Table) -> tuple[list[Looked], str]:
    """Read the first orders by what was pointed at so far; say what is still missing for that."""
    if form.is_bound:
        form.is_valid()
        told: Mapping[str, Any] = {**form.said(), "columns": form.places()}
    else:
        places = {name.removeprefix("col_"): at for name, at in form.initial.items() if name.startswith("col_")}
        told = {**{name: form.initial.get(name, "") for name in form.options}, "columns": places}
    if not {"order_ref", "sku", "quantity"} <= set(told["columns"]):
        return [], _("Choose at least the columns of the order number, the SKU and the units.")
    try:
        return preview(run, table=table, options=reading_options(run, **told)), ""
    except TableRefused as refused:
        return [], str(refused)


@login_required
@require_GET
def mapping_list(request: Any) -> HttpResponse:
    """List the saved mappings."""
    ids = [request.merchant.id] if request.merchant else list(request.view.merchants)
    return render(request, "intake/mappings.html", {"mappings": mappings_of(ids), "section": "orders"})


def _mapping(request: Any, mapping_id: int) -> ColumnMapping:
    """Give a mapping; of one that was removed, to who posts, what is known of it, without an id."""
    merchants = list(request.view.merchants)
    found = mapping_of(merchants, mapping_id=mapping_id)
    if found is None and request.method == "POST":
        found = removed_mapping(merchants, mapping_id=mapping_id)
    if found is None:
        raise NotThere
    if not request.view.may_for(found.merchant_id, "support"):
        raise NotAllowed
    return found


@login_required
@require_http_methods(["GET", "POST"])
def mapping(request: Any, mapping_id: int) -> HttpResponse:
    """Rename a mapping, or point at other columns. What was typed for one that was removed meanwhile is kept."""
    found = _mapping(request, mapping_id)
    headers = list(own_names(found).items())
    form = MappingForm(request.POST or None, shown=_said(found), mark=mapping_mark(found), headers=headers, named=True)
    if request.method == "POST" and form.is_valid():
        try:
            _save(request, found, form)
        except SavedMeanwhile:
            found = _mapping(request, mapping_id)  # in the turn of whoever was before
            rows = form.differs(_said(found))
            now = meanwhile(rows, doc_kind="mapping", doc_id=found.pk, verb="mapping_saved")
            form.tell(now, mark=mapping_mark(found))
        except NotThere:
            found, form.seen = _mapping(request, mapping_id), REMOVED
            form.add_error(
                None, _("This mapping was removed meanwhile. Save what you typed as a new one, or leave it.")
            )
        except Refused as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("The mapping is saved."))
            return redirect("mappings")
    context = {"mapping": found, "form": form, "section": "orders"}
    return render(request, "intake/mapping.html", context, status=422 if form.errors or form.now else 200)


def _save(request: Any, found: ColumnMapping, form: MappingForm) -> None:
    """Save what was typed; of a mapping that was removed only when the page has said so, as a new one."""
    if found.pk is None and form.seen != REMOVED:
        raise NotThere
    save_mapping(
        found.merchant_id,
        channel_id=found.channel_id,
        mapping_id=found.pk,
        name=form.cleaned_data["name"].strip(),
        headers=found.headers,
        places=form.places(),
        options=form.said(),
        actor=request.actor,
        seen=form.seen,
    )


def _said(mapping: ColumnMapping) -> dict[str, Any]:
    """Give what a mapping says by the fields."""
    return {**{f"col_{ours}": at for ours, at in mapping.places.items()}, **mapping.options, "name": mapping.name}


@login_required
@require_POST
def remove(request: Any, mapping_id: int) -> HttpResponse:
    """Remove a mapping."""
    found = _mapping(request, mapping_id)
    if found.pk is not None:  # else somebody was faster
        remove_mapping(found.merchant_id, mapping_id=found.pk, actor=request.actor)
    messages.success(request, _("The mapping is removed."))
    return redirect("mappings")
