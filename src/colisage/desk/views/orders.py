"""The list of orders: narrowed, turned page by page, and what is done with many of them at once."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from colisage.desk.actions.cancel_each import cancel_each
from colisage.desk.actions.free_each import free_each
from colisage.desk.actions.hold_each import hold_each
from colisage.desk.actions.join_each import join_each
from colisage.desk.actions.tag_each import tag_each
from colisage.desk.forms import HoldForm, TagForm
from colisage.desk.queries import listing, saved
from colisage.desk.queries.bulk import BULK, MOST, answers, buttons
from colisage.kit.actors import Actor
from colisage.kit.errors import Malformed, NotAllowed, NotThere, Refused
from colisage.network.queries.channels import channels_page
from colisage.orders.queries import Filters, Order, count_orders, order_ids, orders_named, orders_page

PAGE: Final = 50
_WITHOUT_WORDS: Final[Mapping[str, Callable[..., dict[int, Refused | bool]]]] = {
    "release": free_each, "cancel": cancel_each, "together": join_each,
}  # fmt: skip
NAMED: Final = 20  # numbers that the question shows; the others are counted


def _merchant_ids(request: Any) -> list[int]:
    return [request.merchant.id] if request.merchant else list(request.view.merchants)


def _decided(request: Any) -> list[int]:
    """Give the merchants of the list about whose orders the person decides."""
    return [pk for pk in _merchant_ids(request) if request.view.may_for(pk, "support")]


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 19 else None


@login_required
@require_GET
def orders(request: Any) -> HttpResponse:
    """List orders, the newest first."""
    ids = _merchant_ids(request)
    filters = listing.filters_from(request.GET)
    before, after = _number(request.GET.get("after")), _number(request.GET.get("before"))
    # The pagination part says `after` for the next page; here that is what is older.
    rows = orders_page(ids, filters=filters, before=before, after=after, size=PAGE)
    decided, channels = _decided(request), channels_page(ids)
    gone = filters.channel_id is not None and filters.channel_id not in {one.pk for one in channels}
    context = {
        "filters": filters,
        "said": listing.said_of(filters),
        **_views(request, filters),
        "channels": channels,
        "channel_gone": gone,
        "bulk": buttons() if decided else [],
        "matching": _matching(decided, filters, rows) if decided else None,
        "most": MOST,
        **listing.listed(rows, filters=filters, before=before, after=after, size=PAGE),
        **({"empty": listing.without_channel()} if gone else {}),
    }
    return render(request, "desk/orders.html", context)


def _views(request: Any, filters: Filters) -> dict[str, Any]:
    """Give the views above the list, and what may be done with the one that is open."""
    person = request.actor.id
    found = saved.saved_views(_merchant_ids(request), owner_id=person)
    open_one = saved.here(found, filters=filters)
    own = open_one is not None and open_one.owner_id == person
    at = open_one.merchant_id if open_one else request.merchant.id if request.merchant else None
    everybody_s = any(one["here"] for one in listing.views(filters))
    return {
        "views": saved.tabs(found, filters=filters, owner_id=person),
        "open_view": open_one,
        "may_change": own,
        "may_remove": open_one is not None and (own or request.view.may_for(open_one.merchant_id, "manager")),
        "may_save": request.merchant is not None and not own and not everybody_s,
        "may_share": at is not None and request.view.may_for(at, "support"),
        "named": request.GET.get("named", "")[:40],
    }


def _matching(decided: list[int], filters: Filters, rows: list[Order]) -> Any:
    """Count what the list holds beyond this page, to as many as can be done at once."""
    return count_orders(decided, filters=filters, most=MOST) if rows else None


@login_required
@require_POST
def bulk(request: Any) -> HttpResponse:
    """Ask what has to be known, then do one thing with the orders that are ticked, or with all that match."""
    deed, filters = request.POST.get("action", ""), listing.filters_from(request.POST)
    if deed not in BULK:
        raise Malformed
    decided = _decided(request)
    if not decided:
        raise NotAllowed
    if request.POST.get("all"):
        ids = order_ids(decided, filters=filters, most=MOST)
    else:
        ids = [pk for text in request.POST.getlist("order")[:MOST] if (pk := _number(text)) is not None]
    if not ids:
        messages.error(request, _("Tick the orders first."))
        return redirect(listing.address_of(filters))
    form = _form(deed, request.POST if "sure" in request.POST else None)
    if not form.is_valid():
        return _ask(request, deed, form=form, named=orders_named(decided, ids=ids), filters=filters)
    for tone, text in _done(request, deed, form, ids=ids):
        getattr(messages, tone)(request, text)
    return redirect(listing.address_of(filters))


def _form(deed: str, told: Any) -> Form:
    if deed == "hold":
        return HoldForm(told, today=timezone.localdate())
    return TagForm(told) if deed in {"tag", "untag"} else Form(told)


def _ask(
    request: Any, deed: str, *, form: Form, named: list[tuple[int, int, str]], filters: Filters
) -> HttpResponse:  # fmt: skip
    context = {
        "deed": deed, "bulk": BULK[deed], "form": form, "ids": [pk for pk, _merchant, _text in named],
        "title": BULK[deed].title % {"n": len(named)}, "said": listing.said_of(filters),
        "numbers": [number for _pk, _merchant, number in named[:NAMED]], "more": max(len(named) - NAMED, 0),
        "back": listing.address_of(filters), "full": len(named) >= MOST, "most": MOST, "section": "orders",
    }  # fmt: skip
    return render(request, "desk/bulk.html", context, status=422 if form.errors else 200)


def _done(request: Any, deed: str, form: Form, *, ids: list[int]) -> list[tuple[str, str]]:
    """Do it merchant by merchant, each order judged by itself; give what is said of it."""
    named = orders_named(list(request.view.merchants), ids=ids)
    became: dict[int, Refused | bool] = dict.fromkeys(ids, NotThere())  # somebody else's looks like none
    for merchant in sorted({merchant for _pk, merchant, _number in named}):
        own = sorted(pk for pk, whose, _number in named if whose == merchant)
        if not request.view.may_for(merchant, "support"):
            became |= dict.fromkeys(own, NotAllowed())
            continue
        try:
            became |= _treat(merchant, deed, form, ids=own, actor=request.actor)
        except Refused as refusal:  # work on one began at this very moment: none of them is done
            became |= dict.fromkeys(own, refusal)
    return answers(BULK[deed], became, numbers={pk: number for pk, _merchant, number in named})


def _treat(merchant: int, deed: str, form: Form, *, ids: list[int], actor: Actor) -> dict[int, Refused | bool]:
    if isinstance(form, HoldForm):
        return hold_each(merchant, ids, actor=actor, **form.hold())
    if deed in _WITHOUT_WORDS:
        return _WITHOUT_WORDS[deed](merchant, ids, actor=actor)
    return tag_each(merchant, ids, **{"add" if deed == "tag" else "drop": form.cleaned_data["tags"]}, actor=actor)
