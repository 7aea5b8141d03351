"""The doors of disruptions: the list, the form that shows what would be touched, the page of one."""

from collections.abc import Sequence
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from colisage.carriers.queries import carrier_names
from colisage.disruptions.forms import DisruptionForm, WordsForm
from colisage.disruptions.problem import disrupted, nodes_to_declare, suppliers_to_declare
from colisage.disruptions.queries.foreseen import foresee
from colisage.disruptions.queries.shown import events_of, rows_of
from colisage.inbound.queries.postponed import postponed_page
from colisage.kit.errors import NotAllowed, NotThere, Refused
from colisage.network.actions.change_disruption import change_disruption
from colisage.network.actions.declare_disruption import declare_disruption
from colisage.network.actions.end_disruptions import end_disruptions
from colisage.network.queries.disruptions import Disruption, DisruptionKind, disruption_of, disruptions_page
from colisage.orders.queries.holds import disrupted_page, redated_page

PAGE: Final = 50


def _page(request: Any, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, template, {"section": "orders", "tab": "disruptions", **context}, status=status)


def _after(request: Any) -> int | None:
    text = str(request.GET.get("after", ""))
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def _merchants(request: Any) -> list[int]:
    return [request.merchant.id] if request.merchant else list(request.view.merchants)


def _owners(request: Any) -> list[tuple[str, str]]:
    """Give for whom the person may declare: the merchant looked at and others, then operators."""
    first = request.merchant.id if request.merchant else None
    merchants = sorted((m for m in request.view.merchants if request.view.may_for(m)), key=lambda m: m != first)
    operators = [pk for pk, roles in request.view.operator_roles.items() if "manager" in roles]
    return [
        *((f"merchant:{m}", _("%(name)s: its orders") % {"name": request.view.merchants[m].name}) for m in merchants),
        *(
            (f"operator:{o}", _("%(name)s: all that its nodes send") % {"name": request.view.operators[o].name})
            for o in operators
        ),
    ]


def _find(request: Any, disruption_id: int) -> Disruption:
    found = disruption_of(
        list(request.view.merchants), operator_ids=list(request.view.operators), disruption_id=disruption_id
    )
    if found is None:
        raise NotThere
    return found


def _may_change(request: Any, found: Disruption) -> bool:
    if found.merchant_id is not None:
        return bool(request.view.may_for(found.merchant_id))
    return "manager" in request.view.operator_roles.get(found.operator_id, frozenset())


def _managed(request: Any, disruption_id: int) -> Disruption:
    found = _find(request, disruption_id)
    if not _may_change(request, found):
        raise NotAllowed
    return found


@login_required
@require_GET
def disruptions(request: Any) -> HttpResponse:
    """List the disruptions, those that are not over first."""
    past = request.GET.get("past") == "1"
    found = disruptions_page(
        _merchants(request), operator_ids=list(request.view.operators), past=past, after=_after(request), size=PAGE
    )
    shown = found[:PAGE]
    number = sum(one.state == "active" for one in shown)
    context = {
        "finding": ngettext("%(n)s disruption is under way", "%(n)s disruptions are under way", number) % {"n": number}
        if number
        else _("Nothing is disrupted")
        if not past
        else _("Disruptions that are over"),
        "rows": rows_of(shown, merchant_ids=_merchants(request)),
        "views": [
            {"label": pgettext("disruptions", "Open"), "url": "?", "here": not past},
            {"label": pgettext("disruptions", "Over"), "url": "?past=1", "here": past},
        ],
        "past": past,
        "next": shown[-1].pk if len(found) > PAGE else None,
        "may_declare": bool(_owners(request)),
    }
    return _page(request, "disruptions/disruptions.html", context)


def _things(request: Any, kind: str, owners: Sequence[tuple[str, str]]) -> tuple[str, list[tuple[str, str]]]:
    """Give what may be declared of a kind, with the word for it."""
    if kind == "carrier":
        return _("Carrier"), list(carrier_names().items())
    if kind == "lane":
        return _("Carrier"), [("", _("none goes there")), *carrier_names().items()]
    found: dict[str, str] = {}
    for owner, _name in owners:
        party, _colon, pk = owner.partition(":")
        merchant, operator = (int(pk), None) if party == "merchant" else (None, int(pk))
        if kind == "supplier":
            there = suppliers_to_declare(merchant)
        else:
            there = nodes_to_declare(merchant_id=merchant, operator_id=operator)
        found |= {code: name for code, (_id, name) in there.items()}
    return _("Node") if kind == "node" else _("Supplier"), sorted(found.items(), key=lambda pair: pair[1])


@login_required
@require_http_methods(["GET", "POST"])
def new_disruption(request: Any) -> HttpResponse:
    """Show what a disruption would touch, then declare it."""
    owners = _owners(request)
    if not owners:
        raise NotAllowed
    kind = str(request.GET.get("kind", ""))
    kind = kind if kind in DisruptionKind.values else "node"
    label, things = _things(request, kind, owners)
    form = DisruptionForm(
        request.POST if request.method == "POST" else None,
        kind=kind, owners=owners, label=label, things=things, initial={"starts_on": timezone.localdate()},
    )  # fmt: skip
    foreseen = None
    if request.method == "POST" and form.is_valid():
        merchant, operator = form.party()
        try:
            wanted = disrupted(merchant_id=merchant, operator_id=operator, kind=kind, **form.facts())
            if request.POST.get("press") == "declare":
                made = declare_disruption(wanted, merchant_id=merchant, operator_id=operator, actor=request.actor)
                messages.success(request, _("Declared. It acts from its first day on."))
                return redirect("disruption", made)
            foreseen = foresee(wanted, merchant_id=merchant, operator_id=operator)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    kinds = [
        {"label": capfirst(word), "url": f"?kind={value}", "here": value == kind}
        for value, word in DisruptionKind.choices
    ]
    at_the_label = kind == "carrier" or (kind == "lane" and bool(form["what"].value()))
    context = {"form": form, "kinds": kinds, "kind": kind, "foreseen": foreseen, "at_the_label": at_the_label}
    return _page(request, "disruptions/new.html", context, 422 if form.errors else 200)


def _shown(request: Any, found: Disruption, form: WordsForm, status: int = 200) -> HttpResponse:
    merchants = list(request.view.merchants)
    page = redated_page if found.effect == "redate" else disrupted_page
    touched = page(merchants, disruption_id=found.pk, after=_after(request) or 0, size=PAGE)
    context = {
        "row": rows_of([found], merchant_ids=merchants)[0],
        "disruption": found,
        "touched": touched[:PAGE],
        "next": touched[PAGE - 1].order_id if len(touched) > PAGE else None,
        "moved": postponed_page(merchants, disruption_id=found.pk, most=PAGE),
        "events": events_of(found),
        "form": form,
        "may_change": found.state != "ended" and _may_change(request, found),
    }
    return _page(request, "disruptions/disruption.html", context, status)


@login_required
@require_GET
def disruption(request: Any, disruption_id: int) -> HttpResponse:
    """Show a disruption, and what it touches now."""
    found = _find(request, disruption_id)
    causes = {f"cause_{language}": text for language, text in found.cause.items()}
    return _shown(request, found, WordsForm(initial={"ends_on": found.ends_on, **causes}))


@login_required
@require_POST
def change(request: Any, disruption_id: int) -> HttpResponse:
    """Give it another last day or other words."""
    found = _managed(request, disruption_id)
    form = WordsForm(request.POST)
    if form.is_valid():
        try:
            change_disruption(
                disruption_id, ends_on=form.cleaned_data["ends_on"], cause=form.cause(), actor=request.actor
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Kept."))
            return redirect("disruption", disruption_id)
    return _shown(request, found, form, 422)


@login_required
@require_POST
def end(request: Any, disruption_id: int) -> HttpResponse:
    """End it: what it held is freed."""
    _managed(request, disruption_id)
    if end_disruptions([disruption_id], actor=request.actor):
        messages.success(request, _("It is over. The orders that only it held go on within moments."))
    else:
        messages.info(request, _("It was over already."))
    return redirect("disruption", disruption_id)
