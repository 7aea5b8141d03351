"""Safety stock in files: sent, what became of the rows, and given."""

from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from colisage.inventory.actions.import_safety import import_safety
from colisage.inventory.actions.take_rows import SAFETY
from colisage.inventory.queries import safety_files as files
from colisage.kit.errors import NotAllowed
from colisage.kit.tabular import TableRefused
from colisage.ui.imported import Words, imported_page
from colisage.ui.sent_back import RowPages

MOST_BYTES = 10_000_000
PAGES: Final = RowPages(kind=SAFETY, name="safety-imported", context={"tab": "availability"})


def _merchant(request: Any) -> Any:
    if request.merchant is None:
        raise NotAllowed(_("Choose one merchant in the bar above."))
    return request.merchant


@login_required
@require_http_methods(["GET", "POST"])
def safety(request: Any) -> HttpResponse:
    """Take the safety stock from a file."""
    merchant = _merchant(request)
    if not request.view.may_for(merchant.id, "manager"):
        raise NotAllowed
    problem = ""
    if request.method == "POST":
        file = request.FILES.get("file")
        if file is None or file.size > MOST_BYTES:
            problem = _("Choose a file of 10 MB at most.")
        else:
            try:
                run = import_safety(merchant.id, source=file.file, file_name=str(file.name), actor=request.actor)
                return redirect("safety-imported", run.pk)
            except TableRefused as refusal:
                problem = str(refusal)
    context = {"tab": "availability", "problem": problem, "runs": files.safety_files(merchant.id)}
    return render(request, "inventory/safety.html", context, status=422 if problem else 200)


@login_required
@require_GET
def safety_imported(request: Any, run_id: int) -> HttpResponse:
    """Say what became of the rows of a file."""
    run = PAGES.run_of(request, run_id)
    said = ngettext("%(n)s row read", "%(n)s rows read", run.saved) % {"n": run.saved}
    words = Words(
        title=ngettext("%(said)s, %(n)s level changed", "%(said)s, %(n)s levels changed", run.changed)
        % {"said": said, "n": run.changed},
        saved=_("Rows read"),
        again=_("Safety stock as a file"),
        again_url=reverse("safety"),
        home=_("Availability"),
        home_url=reverse("availability"),
        unused=files.unused(run.columns),
        remedy=_("The columns are sku, node and safety."),
    )
    return imported_page(request, run, words=words, listed=PAGES.listed(request, run), **PAGES.context)


@login_required
@require_GET
def safety_csv(request: Any) -> HttpResponse:
    """Give the safety stock as a file."""
    response = HttpResponse(files.safety_file(_merchant(request).id), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="safety-{timezone.localdate()}.csv"'
    return response
