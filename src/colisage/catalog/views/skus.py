"""The doors of the catalogue: its list, one SKU, files in and out."""

from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from colisage.catalog.actions.change_sku import change_sku
from colisage.catalog.actions.import_catalogue import import_catalogue
from colisage.catalog.actions.make_sku import make_sku
from colisage.catalog.actions.take_rows import SKUS
from colisage.catalog.forms import CatalogueFileForm, SkuForm, initial_of, said
from colisage.catalog.queries import pages
from colisage.catalog.queries.columns import unused
from colisage.catalog.queries.export import export_rows
from colisage.catalog.queries.files import MOST_ROWS
from colisage.catalog.rules import EXPORTED
from colisage.kit.errors import NotAllowed, NotThere, Refused
from colisage.kit.tabular import TableRefused
from colisage.ui.imported import Words, imported_page
from colisage.ui.sent_back import RowPages

PAGE = 50
PAGES: Final = RowPages(
    kind=SKUS,
    name="catalogue-imported",
    made="catalogue-sku",
    made_verb=gettext_lazy("Show the SKU"),
    context={"section": "settings"},
)


def _page(request: Any, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, template, {"section": "settings", **context}, status=status)


def _chosen(request: Any) -> Any:
    """Give the merchant that is looked at, whose catalogue the person manages."""
    if request.merchant is None:
        raise NotAllowed(_("Choose one merchant in the bar above."))
    if not request.view.may_for(request.merchant.id):
        raise NotAllowed
    return request.merchant


def _after(text: str) -> tuple[str, int]:
    code, _mark, pk = text.replace("\x00", "").rpartition(":")
    return (code[:100], int(pk)) if pk.isdecimal() and len(pk) < 19 else ("", 0)


@login_required
@require_GET
def catalogue(request: Any) -> HttpResponse:
    """List SKUs by code."""
    ids = [request.merchant.id] if request.merchant else list(request.view.merchants)
    text = request.GET.get("text", "").replace("\x00", "").strip()[:100]
    view = request.GET.get("view", "")
    rows = pages.catalogue_page(ids, text=text, view=view, after=_after(request.GET.get("after", "")), size=PAGE)
    counts = pages.counts_of(ids)
    last = rows[PAGE - 1].sku if len(rows) > PAGE else None
    here = reverse("catalogue")
    labels = (("", _("In use")), ("unmeasured", _("Not measured")), ("inactive", _("Not in use")))
    context = {
        "rows": rows[:PAGE],
        "text": text,
        "view": view,
        "count": counts[""],
        "unmeasured": counts["unmeasured"],
        "next": f"{last.code_key}:{last.pk}" if last else None,
        "views": [
            {
                "label": label,
                "url": f"{here}?view={name}" if name else here,
                "here": name == view,
                "count": counts[name],
            }
            for name, label in labels
        ],
        "may_export": request.merchant is not None,
        "may_edit": bool(request.merchant and request.view.may_for(request.merchant.id)),
    }
    return _page(request, "catalog/catalogue.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new_sku(request: Any) -> HttpResponse:
    """Make a SKU by hand."""
    merchant = _chosen(request)
    form = SkuForm(request.POST if request.method == "POST" else None, currency=merchant.currency)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            made = make_sku(
                merchant.id,
                code=told["code"],
                kind=told["kind"],
                facts=form.facts(),
                barcodes=told["barcodes"],
                recipe=told["recipe"],
                actor=request.actor,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The SKU is in the catalogue."))
            return redirect("catalogue-sku", made)
    return _page(request, "catalog/sku.html", {"form": form, "may_edit": True}, 422 if form.errors else 200)


def _change(request: Any, form: SkuForm, *, merchant_id: int, sku_id: int) -> bool:
    """Set what a form says; what is refused is said at the form."""
    try:
        change_sku(
            merchant_id,
            sku_id=sku_id,
            facts=form.facts(),
            barcodes=form.cleaned_data["barcodes"],
            recipe=form.cleaned_data["recipe"],
            actor=request.actor,
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


@login_required
@require_http_methods(["GET", "POST"])
def edit_sku(request: Any, sku_id: int) -> HttpResponse:
    """Show a SKU with every field; change it."""
    sku = pages.whole_sku(list(request.view.merchants), sku_id=sku_id)
    if sku is None:
        raise NotThere
    currency = request.view.merchants[sku.merchant_id].currency
    may_edit = request.view.may_for(sku.merchant_id)
    barcodes = pages.barcodes_of_sku(sku)
    form = SkuForm(
        request.POST if request.method == "POST" else None,
        initial=initial_of(sku, barcodes=barcodes, recipe=pages.recipe_of_sku(sku), currency=currency),
        currency=currency,
        kind=sku.kind,
        known_codes={code for code, _units in barcodes},
    )
    if request.method == "POST":
        if not may_edit:
            raise NotAllowed
        if form.is_valid() and _change(request, form, merchant_id=sku.merchant_id, sku_id=sku_id):
            messages.success(request, _("Saved. Orders taken before keep what they were taken with."))
            return redirect("catalogue-sku", sku_id)
    if not may_edit:
        form.only_show()
    changes = [(change, said(change.verb, change.data, currency=currency)) for change in pages.changes_of(sku)]
    context = {"sku": sku, "form": form, "may_edit": may_edit, "changes": changes}
    return _page(request, "catalog/sku.html", context, 422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def import_file(request: Any) -> HttpResponse:
    """Take a file of SKUs."""
    merchant = _chosen(request)
    posted = request.method == "POST"
    form = CatalogueFileForm(request.POST if posted else None, request.FILES if posted else None)
    if posted and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            run = import_catalogue(
                merchant.id,
                source=file.file,
                file_name=str(file.name),
                currency=merchant.currency,
                actor=request.actor,
                most_rows=MOST_ROWS,
            )
            return redirect("catalogue-imported", run.pk)
        except TableRefused as refusal:
            form.add_error(None, str(refusal))
    context = {"form": form, "runs": pages.imports_of(merchant.id), "columns": EXPORTED}
    return _page(request, "catalog/import.html", context, 422 if form.errors else 200)


@login_required
@require_GET
def import_result(request: Any, run_id: int) -> HttpResponse:
    """Say what became of the rows of a file."""
    run = PAGES.run_of(request, run_id)
    words = Words(
        title=ngettext("%(n)s SKU saved", "%(n)s SKUs saved", run.saved) % {"n": run.saved},
        saved=_("Saved"),
        again=_("Send a catalogue"),
        again_url=reverse("catalogue-import"),
        home=_("Catalogue"),
        home_url=reverse("catalogue"),
        unused=unused(run.columns),
        remedy=_("Correct the name if it says something about your SKUs, and send the file again."),
    )
    return imported_page(request, run, words=words, listed=PAGES.listed(request, run), **PAGES.context)


@login_required
@require_GET
def export(request: Any) -> HttpResponse:
    """Give the whole catalogue of a merchant as a file that can be changed and sent again."""
    if request.merchant is None:
        raise NotAllowed(_("Choose one merchant in the bar above."))
    lines = export_rows(request.merchant.id, currency=request.merchant.currency)
    response = HttpResponse("".join(lines), content_type="text/csv; charset=utf-8")
    name = f"catalogue-{request.merchant.slug}-{timezone.localdate()}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
