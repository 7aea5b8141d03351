"""The doors of rate cards: what carriage costs, the operator's own prices, and their days."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from colisage.carriers.actions.date_rate_card import date_rate_card
from colisage.carriers.actions.import_rate_cards import TariffRefused, import_rate_cards
from colisage.carriers.forms import DatesForm, ImportForm
from colisage.carriers.models import RateCard
from colisage.carriers.queries.card_file import card_csv
from colisage.carriers.queries.cards import Grid, card_of, cards_page, carriers_seen, grid_of
from colisage.carriers.queries.tariff_file import COLUMNS
from colisage.carriers.rules import standing
from colisage.kit.errors import NotAllowed, NotThere, Refused
from colisage.network.queries import nodes_run_by
from colisage.ui import words

PAGE = 50
SHOWN_ROWS = 100


def _managed(request: Any) -> list[tuple[int, str]]:
    """Give the operators the person manages: id and name."""
    return [
        (pk, request.view.operators[pk].name)
        for pk, roles in request.view.operator_roles.items()
        if "manager" in roles and pk in request.view.operators
    ]


def _page(request: Any, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, template, {"section": "settings", **context}, status=status)


def _find(request: Any, card_id: int) -> RateCard:
    """Give a public card, or one of an operator the person works for."""
    found = card_of(list(request.view.operator_roles), card_id=card_id)
    if found is None:
        raise NotThere
    return found


def _standing(card: RateCard) -> str:
    return standing(card.valid_from, valid_to=card.valid_to, on=timezone.localdate())


@login_required
@require_GET
def rate_cards(request: Any) -> HttpResponse:
    """List the public tariffs, and the cards of the operators the person works for."""
    after = request.GET.get("after", "")
    rows = cards_page(
        list(request.view.operator_roles),
        after=int(after) if after.isdecimal() and len(after) < 19 else 0,
        size=PAGE,
    )
    context = {
        "rows": [{"card": card, "standing": _standing(card)} for card in rows[:PAGE]],
        "next": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "may_import": bool(_managed(request)),
    }
    return _page(request, "carriers/rate_cards.html", context)


def _zones(grid: Grid) -> list[dict[str, Any]]:
    """Name the countries of each zone in the reader's language."""
    names = words.locale().territories
    return [
        {
            "zone": zone,
            "countries": ", ".join(
                sorted(names.get(code, code) if code != "*" else _("all other countries") for code in zone.countries)
            ),
            "prefixes": ", ".join(zone.prefixes),
            "days": zone.days,
        }
        for zone in grid.zones
    ]


@login_required
@require_http_methods(["GET", "POST"])
def rate_card(request: Any, card_id: int) -> HttpResponse:
    """Show a card: its zones, its prices; set the days on which an own one counts."""
    card = _find(request, card_id)
    managed = card.operator_id is not None and "manager" in request.view.operator_roles[card.operator_id]
    initial = {"valid_from": card.valid_from, "valid_to": card.valid_to}
    form = DatesForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST":
        if not managed or card.operator_id is None:
            raise NotAllowed
        if form.is_valid():
            try:
                date_rate_card(card.operator_id, card_id=card_id, actor=request.actor, **form.cleaned_data)
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("Saved. What was quoted before stays as it was quoted."))
                return redirect("rate-card", card_id)
    grid = grid_of(card_id)
    context = {
        "card": card,
        "standing": _standing(card),
        "country": words.locale().territories.get(card.from_country, card.from_country),
        "grid": grid,
        "zones": _zones(grid),
        "form": form,
        "managed": managed,
    }
    return _page(request, "carriers/rate_card.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def rate_card_file(request: Any, card_id: int) -> HttpResponse:
    """Give a card as a file, in the columns the import reads."""
    card = _find(request, card_id)
    response = HttpResponse(card_csv(card), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{card.service.code}-{card.valid_from}.csv"'
    return response


@login_required
@require_http_methods(["GET", "POST"])
def import_cards(request: Any) -> HttpResponse:
    """Take an operator's own prices from a file."""
    operators = _managed(request)
    if not operators:
        raise NotAllowed
    carriers = [(carrier.pk, carrier.name) for carrier in carriers_seen([pk for pk, _name in operators])]
    nodes = nodes_run_by([pk for pk, _name in operators])
    form = ImportForm(
        request.POST if request.method == "POST" else None,
        request.FILES or None,
        operators=operators,
        carriers=carriers,
        initial={
            "carrier": carriers[0][0] if carriers else None,
            "valid_from": timezone.localdate(),
            "from_country": nodes[0].country if nodes else "",
        },
    )
    context: dict[str, Any] = {"form": form, "columns": COLUMNS}
    if request.method == "POST" and form.is_valid():
        try:
            made = import_rate_cards(
                form.cleaned_data["operator"], file=form.cleaned_data["file"].file, actor=request.actor, **form.facts()
            )
        except TariffRefused as refusal:
            form.add_error(None, str(refusal))
            context |= {"wrong": refusal.rows[:SHOWN_ROWS], "more": max(len(refusal.rows) - SHOWN_ROWS, 0)}
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            text = ngettext("%(n)s rate card is saved.", "%(n)s rate cards are saved.", len(made.cards))
            messages.success(request, text % {"n": len(made.cards)})
            if made.ended:
                text = _("Ended the day before: the earlier card of %(services)s.")
                messages.success(request, text % {"services": ", ".join(made.ended)})
            return redirect("rate-card", made.cards[0]) if len(made.cards) == 1 else redirect("rate-cards")
    return _page(request, "carriers/import.html", context, status=422 if form.errors else 200)
