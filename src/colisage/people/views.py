"""Logging in, whose data one looks at, and who else may."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from colisage.kit.errors import NotAllowed, NotThere
from colisage.people.actions.add_person import add_person
from colisage.people.actions.dismiss_person import NotYourself, dismiss_person
from colisage.people.actions.make_api_key import make_api_key
from colisage.people.actions.revoke_api_key import revoke_api_key
from colisage.people.forms import KeyForm, PersonForm
from colisage.people.queries import keys_of, staff_of
from colisage.people.rules import SCOPES


@login_required
@require_POST
def switch_merchant(request: Any) -> HttpResponse:
    """Look at one merchant's data, or at those of all that may be seen."""
    chosen = request.POST.get("merchant", "")
    if chosen in {str(pk) for pk in request.view.merchants}:
        request.session["merchant"] = int(chosen)
    else:
        request.session.pop("merchant", None)
    following = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(following, allowed_hosts={request.get_host()})
    return redirect(following if safe else "today")


@login_required
@require_GET
def settings_page(request: Any) -> HttpResponse:
    """Show what can be set, and where."""
    cards = [
        (_("People and roles"), _("Who may log in, and what they do"), "staff"),
        (_("API keys"), _("For programs that send orders"), "keys"),
        (_("API reference"), _("Every door of the API, and what it refuses"), "api-reference"),
        (_("Webhooks"), _("Programs that are called when something happens"), "webhooks"),
        (_("Nodes"), _("Warehouses, their bins and hours"), "nodes"),
        (_("Sales channels"), _("Where orders come from"), "channels"),
        (_("Shops"), _("Shopify, WooCommerce and others, and how each goes"), "shops"),
        (_("Catalogue"), _("SKUs with sizes, weights and barcodes"), "catalogue"),
        (_("Identification"), _("Company prefix, SSCC, plates and scanners"), "numbering"),
        (_("Packagings"), _("Your boxes and mailers"), "boxes"),
        (_("Rate cards"), _("What carriage costs"), "rate-cards"),
        (_("Rules"), _("What is done to orders by itself"), "rules"),
        (_("Duplicates and risk"), _("Which orders wait when they come in"), "watch"),
        (_("Rules of returns"), _("How long, at whose cost"), "return-policy"),
        (_("Messages"), _("What customers were told"), "messages"),
        (_("The installation"), _("Whether every step keeps up"), "system"),
    ]
    shown = [(title, text, url) for title, text, name in cards if (url := _address(name))]
    return render(request, "people/settings.html", {"cards": shown})


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:  # a step that is not installed
        return ""


def _managed(request: Any) -> int:
    """Give the merchant the person manages and looks at; refuse anybody else."""
    merchant = request.merchant
    if merchant is None or "manager" not in request.view.merchant_roles.get(merchant.id, frozenset()):
        raise NotAllowed(_("Choose one merchant that you manage, in the bar above."))
    return int(merchant.id)


def _operators(request: Any) -> list[int]:
    """Give the operators whose warehouses the person manages."""
    return [pk for pk, roles in request.view.operator_roles.items() if "manager" in roles]


@login_required
@require_http_methods(["GET", "POST"])
def staff(request: Any) -> HttpResponse:
    """List a merchant's people, and let one more in."""
    merchant = _managed(request)
    form = PersonForm(request.POST or None)
    made = None
    if request.method == "POST" and form.is_valid():
        made = add_person(merchant, actor=request.actor, operator_ids=_operators(request), **form.cleaned_data)
        form = PersonForm()
    context = {"form": form, "people": staff_of(merchant), "made": made}
    return render(request, "people/staff.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def dismiss(request: Any, user_id: int) -> HttpResponse:
    """End a person's access."""
    try:
        if not dismiss_person(
            _managed(request), user_id=user_id, operator_ids=_operators(request), actor=request.actor
        ):
            raise NotThere
        messages.success(request, _("The access is ended. What the person did stays in every history."))
    except NotYourself as refusal:
        messages.error(request, str(refusal))
    return redirect("staff")


@login_required
@require_http_methods(["GET", "POST"])
def keys(request: Any) -> HttpResponse:
    """List a merchant's API keys, and make one more."""
    merchant = _managed(request)
    form = KeyForm(request.POST or None)
    token = ""
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        ends = timezone.now() + timedelta(days=said["days"]) if said["days"] else None
        token = make_api_key(merchant, name=said["name"], scopes=said["scopes"], expires_at=ends, actor=request.actor)
        form = KeyForm()
    rows: list[dict[str, Any]] = [
        {"row": row, "key": row.key, "scopes": [words for scope, words in SCOPES.items() if scope in row.key.scopes]}
        for row in keys_of(merchant)
    ]
    context = {
        "form": form,
        "keys": rows,
        "alive": sum(not row["row"].expired and row["key"].revoked_at is None for row in rows),
        "token": token,
        "reference": _address("api-reference"),
        "per_second": settings.COLISAGE_API_PER_SECOND,
        "burst": settings.COLISAGE_API_BURST,
    }
    return render(request, "people/keys.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def revoke(request: Any, key_id: int) -> HttpResponse:
    """End an API key."""
    if not revoke_api_key(_managed(request), key_id=key_id, actor=request.actor):
        raise NotThere
    messages.success(request, _("The key is revoked. Programs that use it are refused within 15 seconds."))
    return redirect("keys")
