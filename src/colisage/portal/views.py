"""The customer's doors. A signed link opens one order and nothing else; whatever is wrong with it looks the same."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from colisage.intake.actions.settle_address import settle_address
from colisage.intake.queries.addresses import address_check
from colisage.kit.actors import Actor
from colisage.kit.errors import Refused
from colisage.kit.walls import behind_the_wall
from colisage.notices.queries import read_link
from colisage.orders.actions.cancel_orders import cancel_orders
from colisage.orders.queries import Order
from colisage.people.middleware import walled_by_itself
from colisage.people.queries import UnknownMerchant, merchant_called
from colisage.portal import queries
from colisage.portal.actions.report_problem import report_problem
from colisage.portal.forms import AddressForm, AskForm, FindForm, ProblemForm
from colisage.returns.actions.request_return import Wanted, request_return
from colisage.returns.queries import return_label_pdf, return_of, returnable_of
from colisage.ui.views import not_found, too_many

OF_A_LINK = (60, 60)  # pages of one link, in so many seconds
OF_AN_ADDRESS = (20, 600)  # tries of one address to find an order
OF_A_NUMBER = (10, 3600)  # postcodes tried for one order number, from wherever

Door = Callable[..., HttpResponse]  # of the request, the order and its token


def for_order(view: Door) -> Callable[..., HttpResponse]:
    """Open a page to whoever holds an order's link: behind the wall of its merchant, in the customer's language."""

    @wraps(view)
    @walled_by_itself
    def door(request: Any, token: str, **kwargs: Any) -> HttpResponse:
        who = read_link(token[:300])
        if who is None:
            return _no_link()
        if _too_often(f"link:{who}", OF_A_LINK):
            return too_many(request)
        merchant_id, order_id = who
        with behind_the_wall(merchants=[merchant_id], operators=queries.operators_of(merchant_id)):
            found = queries.order_for(merchant_id, order_id=order_id)
            if found is None:
                return _no_link()
            with _at_home(request, language=found.language, zone=found.merchant.timezone):
                return _private(view(request, found, token, **kwargs))

    return door


def _no_link() -> HttpResponse:
    """Say to a customer that a link opens nothing: always the same bytes, whatever is wrong with it."""
    return HttpResponse(render_to_string("portal/no_link.html"), status=404)


@for_order
@require_GET
def order(request: Any, found: Order, token: str) -> HttpResponse:
    """Show where the order is and what may be done."""
    said = {
        "return": _("Your return is noted."),
        "problem": _("The shop is told. It answers you by e-mail."),
        "cancelled": _("Your order is cancelled."),
        "address": _("Thank you: the address is settled."),
        "completed": _("Thank you: your address is noted."),
        "settled": _("There is nothing to choose any more: the address was settled or changed meanwhile."),
    }.get(request.GET.get("said", ""), "")
    return render(request, "portal/order.html", {**queries.page_of(found), "token": token, "said": said})


@for_order
@require_http_methods(["GET", "POST"])
def ask_return(request: Any, found: Order, token: str) -> HttpResponse:
    """Ask to send something back."""
    can = returnable_of(found.merchant_id, order_id=found.pk)
    lines = can.lines if can is not None else ()
    form = AskForm(
        request.POST if request.method == "POST" else None,
        lines=[(r.line.pk, r.line.name or r.line.sku_code, r.left) for r in lines],
    )
    if request.method == "POST" and form.is_valid():
        try:
            request_return(
                found.merchant_id,
                order_id=found.pk,
                lines=[Wanted(*row) for row in form.chosen()],
                note=form.cleaned_data["note"],
                actor=_customer(request),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _back(token, "return")
    context = {"order": found, "merchant": found.merchant, "token": token, "form": form}
    return render(request, "portal/return.html", context, status=422 if form.errors else 200)


@for_order
@require_GET
def label(request: Any, found: Order, token: str, return_id: int) -> HttpResponse:
    """Give the label of one of the order's own returns."""
    sent = return_of([found.merchant_id], return_id=return_id)
    if sent is None or sent.order_id != found.pk or sent.label is None or not sent.prepaid:
        return not_found(request)
    pdf = return_label_pdf(sent, language=translation.get_language() or found.language)
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{sent.number}.pdf"'
    return answer


@for_order
@require_http_methods(["GET", "POST"])
def problem(request: Any, found: Order, token: str) -> HttpResponse:
    """Tell the shop that something is wrong."""
    form = ProblemForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        report_problem(
            found.merchant_id,
            order_id=found.pk,
            what=form.cleaned_data["what"],
            words=form.cleaned_data["words"],
            actor=_customer(request),
        )
        return _back(token, "problem")
    context = {"order": found, "merchant": found.merchant, "token": token, "form": form}
    return render(request, "portal/problem.html", context, status=422 if form.errors else 200)


@for_order
@require_http_methods(["GET", "POST"])
def cancel(request: Any, found: Order, token: str) -> HttpResponse:
    """Cancel the order while nobody works on it: what it means, then the deed."""
    context = {**queries.status_of(found), "token": token, "refusal": ""}
    if request.method == "POST":
        try:
            cancel_orders(found.merchant_id, order_ids=[found.pk], actor=_customer(request))
        except Refused:
            said = _("Work on it began this very moment. Write to the shop if it must be stopped.")
            context |= {"refusal": said, "cancellable": False}
        else:
            return _back(token, "cancelled")
    return render(request, "portal/cancel.html", context, status=409 if context["refusal"] else 200)


@for_order
@require_http_methods(["GET", "POST"])
def address(request: Any, found: Order, token: str) -> HttpResponse:
    """Ask which address is meant: the one that is written, or the one suggested; or ask to complete it."""
    check = address_check(found.merchant_id, order_id=found.pk)
    if check is None:
        return _back(token, "settled")
    form = None if check.after else AddressForm(request.POST or None, written=found.ship_to or {})
    refusal = ""
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            settle_address(
                found.merchant_id, order_id=found.pk, take="take" in request.POST, actor=_customer(request),
                source="customer", seen=request.POST.get("check", ""), meant=form.meant() if form else None,
            )  # fmt: skip
        except Refused as fault:
            refusal = str(fault)
        else:
            return _back(token, "completed" if form else "address")
    context = {"order": found, "merchant": found.merchant, "check": check, "form": form, "refusal": refusal}
    status = 409 if refusal else 422 if form and form.errors else 200
    return render(request, "portal/address.html", context, status=status)


@walled_by_itself
@require_http_methods(["GET", "POST"])
def find(request: Any, slug: str) -> HttpResponse:
    """Find the status of an order by its number and postcode; the page shows nothing else of it."""
    try:
        merchant = merchant_called(slug)
    except UnknownMerchant:
        return _no_link()
    form = FindForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"merchant": merchant, "form": form}
    with _at_home(request, language=merchant.language, zone=merchant.timezone):
        if request.method == "POST" and form.is_valid():
            told = form.cleaned_data
            number = told["number"].strip().lstrip("#").upper()
            if _too_often(f"from:{_address(request)}", OF_AN_ADDRESS) or _too_often(
                f"number:{merchant.id}:{number}", OF_A_NUMBER
            ):
                return too_many(request)
            with behind_the_wall(merchants=[merchant.id], operators=queries.operators_of(merchant.id)):
                found = queries.found_by(merchant.id, number=told["number"], postcode=told["postcode"])
                if found is not None:
                    return _private(render(request, "portal/status.html", queries.status_of(found)))
            form.add_error(None, _("No order has this number and this postcode. Compare both with your confirmation."))
        return _private(render(request, "portal/find.html", context, status=422 if form.errors else 200))


@contextmanager
def _at_home(request: HttpRequest, *, language: str, zone: str) -> Iterator[None]:
    """Speak the customer's language (the one they switched to, else the order's) at the clock of the shop."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    known = [code for code, _name in settings.LANGUAGES]
    spoken = next((code for code in (chosen, language) if code in known), known[0])
    with translation.override(spoken), timezone.override(ZoneInfo(zone)):
        yield


def _private(answer: HttpResponse) -> HttpResponse:
    """Keep a page out of caches and search engines, and its address out of other sites' logs."""
    answer["Cache-Control"] = "private, no-store"
    answer["Referrer-Policy"] = "same-origin"  # none at all, and a browser would post with the origin `null`
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def _back(token: str, said: str) -> HttpResponse:
    return redirect(f"{reverse('portal-order', args=[token])}?said={said}")


def _customer(request: Any) -> Actor:
    return Actor(kind="customer", name=_("The customer"), address=_address(request))


def _address(request: Any) -> str:
    """Give where a request comes from; behind our own proxies, what the first of them saw."""
    seen = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    proxies = settings.AXES_IPWARE_PROXY_COUNT
    return str(seen[-proxies] if proxies and len(seen) >= proxies else request.META.get("REMOTE_ADDR", ""))


def _too_often(what: str, limit: tuple[int, int]) -> bool:
    """Count a use, and say whether there were more than the limit within its seconds."""
    most, seconds = limit
    key = f"portal:{sha256(what.encode()).hexdigest()}"
    if cache.add(key, 1, timeout=seconds):
        return False
    try:
        return bool(cache.incr(key) > most)
    except ValueError:  # it expired in between
        return False
