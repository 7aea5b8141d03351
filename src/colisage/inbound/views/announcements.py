"""The desk: what suppliers announce, by hand and by the file."""

from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from colisage.inbound.actions.announce_deliveries import DeliveryDraft, Kept, announce_deliveries
from colisage.inbound.actions.import_announcements import import_announcements
from colisage.inbound.actions.move_announcement import move_announcement
from colisage.inbound.actions.take_rows import ANNOUNCEMENTS
from colisage.inbound.forms.announcements import DeliveriesFileForm, DeliveryForm, DeliveryLineForm
from colisage.inbound.queries.announced_files import COLUMNS, REASONS, unused
from colisage.inbound.queries.announcements import (
    Delivery,
    announced_lines,
    announcement_counts,
    deliveries_page,
    delivery_of,
    imports_of,
)
from colisage.inbound.queries.postponed import moved_days, moved_words
from colisage.inbound.queries.purchases import ordered_lines, purchase_of
from colisage.inbound.queries.suppliers import suppliers_of
from colisage.inbound.rules.announced import Item
from colisage.inbound.views.chosen import chosen, key_in, merchants
from colisage.kit.errors import NotAllowed, NotThere, Refused
from colisage.kit.queries import deeds_on
from colisage.kit.sent_files import mark_header
from colisage.kit.tabular import TableRefused
from colisage.ui.imported import Words, imported_page
from colisage.ui.sent_back import RowPages

PAGE = 50


class DeliveryRows(RowPages):
    """The rows of a file of announced deliveries: the one kind in which a row that is said twice is more of it."""

    def remark(self) -> str:
        """Say how rows are listed."""
        return _(
            "Correct each row here or in the downloaded file: its units are added to the delivery once. Leave the "
            "column “%(column)s” of that file as it is."
        ) % {"column": mark_header()}


PAGES: Final = DeliveryRows(
    kind=ANNOUNCEMENTS,
    name="announcements-imported",
    role="receiver",
    made="announcement",
    made_verb=gettext_lazy("Show the delivery"),
    context={"tab": "announcements"},
)


def _page(request: Any, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, template, {"tab": "announcements", **context}, status=status)


@login_required
@require_GET
def announcements(request: Any) -> HttpResponse:
    """List announced deliveries, the latest first."""
    ids = merchants(request)
    view = request.GET.get("view", "")
    rows = deliveries_page(ids, view=view, after=key_in(request.GET.get("after", "")), size=PAGE)
    counts = announcement_counts(ids)
    here = reverse("announcements")
    labels = (
        ("", pgettext("deliveries", "All")),
        ("expected", pgettext("deliveries", "Expected")),
        ("received", pgettext("deliveries", "Received")),
        ("cancelled", pgettext("deliveries", "Cancelled")),
    )
    context = {
        "rows": rows[:PAGE],
        "next": rows[PAGE - 1].id if len(rows) > PAGE else None,
        "expected": counts["expected"],
        "views": [
            {
                "label": label, "url": f"{here}?view={name}" if name else here, "here": name == view,
                "count": counts.get(name),
            }
            for name, label in labels
        ],
    }  # fmt: skip
    return _page(request, "inbound/announcements.html", context)


def _delivery(request: Any, announcement_id: int) -> Delivery:
    found = delivery_of(list(request.view.merchants), announcement_id=announcement_id)
    if found is None:
        raise NotThere
    return found


@login_required
@require_GET
def announcement(request: Any, announcement_id: int) -> HttpResponse:
    """Show an announced delivery: what was announced, what came."""
    found = _delivery(request, announcement_id)
    lines = announced_lines([found.merchant_id], announcement_id=found.id)
    context = {
        "delivery": found,
        "lines": lines,
        "pallets": len({line.pallet_sscc or line.sscc for line in lines} - {""}),
        "missing": sum(line.missing for line in lines),
        "over": sum(line.over for line in lines),
        "has_come": any(line.received for line in lines),
        "moved": moved_days(found.merchant_id, kind="announcement", days={found.id: found.expected_on}).get(found.id),
        "deeds": [(d, _said(d.verb, d.data)) for d in deeds_on("announcement", doc_id=found.id, most=20)],
        "may_edit": request.view.may_for(found.merchant_id, "receiver"),
    }
    return _page(request, "inbound/announcement.html", context)


def _said(verb: str, data: dict[str, Any]) -> str:
    if moved := moved_words(verb, data):
        return moved
    if verb == "announcement_moved":
        to = str(data["state"][1])
        return {"arriving": _("At the dock"), "received": _("Settled"), "cancelled": _("Cancelled")}.get(to, "")
    return _("Changed") if verb == "announcement_changed" else _("Announced")


@login_required
@require_POST
def step(request: Any, announcement_id: int) -> HttpResponse:
    """Say that a delivery is here, is settled, or will not come."""
    found = _delivery(request, announcement_id)
    if not request.view.may_for(found.merchant_id, "receiver"):
        raise NotAllowed
    try:
        move_announcement(
            found.merchant_id, announcement_id=found.id, to=request.POST.get("to", ""), actor=request.actor
        )
    except NotThere:
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("announcement", found.id)


@login_required
@require_http_methods(["GET", "POST"])
def new_announcement(request: Any, purchase_id: int) -> HttpResponse:
    """Announce a delivery of a purchase order by hand."""
    order = purchase_of(list(request.view.merchants), purchase_id=purchase_id)
    if order is None or not order.is_expecting:
        raise NotThere
    if not request.view.may_for(order.merchant_id, "receiver"):
        raise NotAllowed
    posted = request.POST if request.method == "POST" else None
    form = DeliveryForm(posted, initial={"expected_on": order.expected_on})
    lines = [
        (line, DeliveryLineForm(posted, prefix=str(line.sku_id), initial={"qty": line.missing or None}))
        for line in ordered_lines([order.merchant_id], purchase_id=order.id)
    ]
    if posted is not None and all([form.is_valid(), *(one.is_valid() for _line, one in lines)]):
        items = [Item(line.sku_id, order_id=order.id, **one.facts()) for line, one in lines if one.cleaned_data["qty"]]
        draft = DeliveryDraft(order.supplier_id, order.node_id, items=items, **form.cleaned_data)
        became = announce_deliveries(order.merchant_id, [draft], came_by="hand", actor=request.actor)[0]
        if became.outcome != "refused" and became.id:
            return redirect("announcement", became.id)
        form.add_error(None, _why(became))
    status = 422 if form.errors or any(one.errors for _line, one in lines) else 200
    return _page(request, "inbound/new_announcement.html", {"purchase": order, "form": form, "lines": lines}, status)


def _why(became: Kept) -> str:
    return str(REASONS[next(iter(became.lines.values()), became.reason)])


@login_required
@require_http_methods(["GET", "POST"])
def import_file(request: Any) -> HttpResponse:
    """Take a file of announced deliveries."""
    merchant = chosen(request)
    posted = request.method == "POST"
    form = DeliveriesFileForm(request.POST if posted else None, request.FILES if posted else None)
    if posted and form.is_valid():
        told = form.cleaned_data
        try:
            run = import_announcements(
                merchant.id,
                source=told["file"].file,
                file_name=str(told["file"].name),
                supplier=told["supplier"],
                reference=told["reference"],
                expected_on=told["expected_on"],
                day_first=request.LANGUAGE_CODE == "fr",
                actor=request.actor,
            )
            return redirect("announcements-imported", run.pk)
        except TableRefused as refusal:
            form.add_error(None, str(refusal))
    context = {
        "form": form, "runs": imports_of(merchant.id), "columns": COLUMNS, "suppliers": suppliers_of(merchant.id)
    }  # fmt: skip
    return _page(request, "inbound/import_announcements.html", context, 422 if form.errors else 200)


@login_required
@require_GET
def import_result(request: Any, run_id: int) -> HttpResponse:
    """Say what became of the rows of a file."""
    run = PAGES.run_of(request, run_id)
    words = Words(
        title=ngettext("%(n)s row announced", "%(n)s rows announced", run.saved) % {"n": run.saved},
        saved=pgettext("rows", "Announced"),
        again=_("Send announced deliveries"),
        again_url=reverse("announcements-import"),
        home=_("Announced deliveries"),
        home_url=reverse("announcements"),
        unused=unused(run.columns),
        remedy=_("Correct the name if it says something about the delivery, and send the file again."),
    )
    return imported_page(request, run, words=words, listed=PAGES.listed(request, run), **PAGES.context)
