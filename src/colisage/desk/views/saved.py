"""Saved views of the list of orders: saved, renamed, shared, removed."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from colisage.desk.actions.change_view import change_view
from colisage.desk.actions.remove_view import remove_view
from colisage.desk.actions.save_view import save_view
from colisage.desk.forms import ViewForm
from colisage.desk.queries.listing import address_of, filters_from, said_of
from colisage.desk.queries.saved import SavedView, saved_view
from colisage.kit.errors import NotAllowed, NotThere, Refused
from colisage.orders.queries import Filters


def _typed(request: Any, merchant_id: int) -> ViewForm:
    """Read the form; sharing is for who decides about the merchant's orders."""
    form = ViewForm(request.POST)
    if form.is_valid() and form.cleaned_data["shared"] and not request.view.may_for(merchant_id, "support"):
        raise NotAllowed
    return form


def _again(request: Any, filters: Filters, why: str) -> HttpResponse:
    """Say why not, with the name still in its field."""
    messages.error(request, why)
    said = urlencode({**said_of(filters), "named": request.POST.get("name", "").replace("\x00", "")[:40]})
    return redirect(f"{address_of(Filters())}?{said}")


def _seen(request: Any, view_id: int) -> SavedView | None:
    found = saved_view(list(request.view.merchants), view_id=view_id) if view_id < 2**63 else None
    return found if found and (found.shared or found.owner_id == request.actor.id) else None


@login_required
@require_POST
def save(request: Any) -> HttpResponse:
    """Save what the list is narrowed to under a name."""
    filters = filters_from(request.POST)
    if request.merchant is None:
        return _again(request, filters, _("Choose a merchant first."))
    form = _typed(request, request.merchant.id)
    if not form.is_valid():
        return _again(request, filters, _("A name has from 1 to 40 letters."))
    try:
        save_view(request.merchant.id, owner_id=request.actor.id, query=said_of(filters), **form.cleaned_data)
    except Refused as refusal:
        return _again(request, filters, str(refusal))
    messages.success(request, _("The view “%(name)s” is saved.") % form.cleaned_data)
    return redirect(address_of(filters))


@login_required
@require_POST
def change(request: Any, view_id: int) -> HttpResponse:
    """Rename one's own view, share it, or keep it for oneself again."""
    found = _seen(request, view_id)
    if found is None:
        raise NotThere
    filters = filters_from(found.query)
    form = _typed(request, found.merchant_id)
    if not form.is_valid():
        return _again(request, filters, _("A name has from 1 to 40 letters."))
    try:
        change_view(found.merchant_id, view_id=view_id, owner_id=request.actor.id, **form.cleaned_data)
    except NotThere:
        raise
    except Refused as refusal:
        return _again(request, filters, str(refusal))
    messages.success(request, _("The view “%(name)s” is saved.") % form.cleaned_data)
    return redirect(address_of(filters))


@login_required
@require_POST
def remove(request: Any, view_id: int) -> HttpResponse:
    """Remove one's own view, or one that is shared at a merchant one manages."""
    found = _seen(request, view_id)
    if found is None:  # removed a moment ago, by the same form or a colleague
        return redirect("orders")
    manages = request.view.may_for(found.merchant_id, "manager")
    if not remove_view(found.merchant_id, view_id=view_id, owner_id=request.actor.id, manages=manages):
        raise NotAllowed
    messages.success(request, _("The view “%(name)s” is removed.") % {"name": found.name})
    return redirect("orders")
