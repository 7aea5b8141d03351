"""Changing an order after it was accepted."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from colisage.desk.forms import ChangeForm
from colisage.desk.queries.changes import changeable, line_to_add
from colisage.kit.errors import NotAllowed, NotThere, Refused
from colisage.notices.actions.ask_address import ask_address
from colisage.orders.actions.change_order import Changed, Wish, change_order
from colisage.orders.actions.merge_orders import merge_orders, unmerge_orders
from colisage.orders.actions.split_part import split_part
from colisage.orders.queries import Order, order_of, parts_of
from colisage.ui import words


def order_to_decide(request: Any, order_id: int) -> Order:
    """Give an order the person may decide about."""
    found = order_of(list(request.view.merchants), order_id=order_id)
    if found is None:
        raise NotThere
    if not request.view.may_for(found.merchant_id, "support"):
        raise NotAllowed
    return found


@login_required
@require_http_methods(["GET", "POST"])
def change(request: Any, order_id: int) -> HttpResponse:
    """Show how an order may be changed, and change it."""
    order = order_to_decide(request, order_id)
    what = changeable(order)
    form = ChangeForm(request.POST if request.method == "POST" else None, what=what)
    if request.method == "POST" and form.is_valid() and (done := _changed(request, order, form)):
        messages.success(request, _said(done, currency=order.currency))
        return redirect("order", order.pk)
    context = {"order": order, "form": form, "what": what, "section": "orders"}
    return render(request, "desk/change_order.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def split(request: Any, order_id: int, part_id: int) -> HttpResponse:
    """Send now what is here of a part that waits, the rest later."""
    order = order_to_decide(request, order_id)
    if part_id not in {part.id for part in parts_of([order.pk])[order.pk]}:
        raise NotThere
    try:
        split_part(order.merchant_id, part_id=part_id, actor=request.actor)
        messages.success(request, _("What is here is ready to pick; the rest follows when it comes."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("order", order.pk)


@login_required
@require_POST
def together(request: Any, order_id: int) -> HttpResponse:
    """Send the orders that were shown in one parcel with this one."""
    order = order_to_decide(request, order_id)
    shown = {
        int(text) for text in request.POST.getlist("order") if text.isascii() and text.isdecimal() and len(text) < 19
    }
    [answer] = merge_orders(order.merchant_id, groups=[{order.pk, *shown}], actor=request.actor)
    if isinstance(answer, Refused):
        messages.error(request, str(answer))
    else:
        messages.success(request, _("They go in one parcel."), extra_tags=reverse("order-apart", args=[order.pk]))
    return redirect("order", order.pk)


@login_required
@require_POST
def apart(request: Any, order_id: int) -> HttpResponse:
    """Let an order go in a parcel of its own again."""
    order = order_to_decide(request, order_id)
    [answer] = unmerge_orders(order.merchant_id, order_ids=[order.pk], actor=request.actor)
    if isinstance(answer, Refused):
        messages.error(request, str(answer))
    else:
        messages.success(request, _("It goes in a parcel of its own."))
    return redirect("order", order.pk)


@login_required
@require_POST
def ask(request: Any, order_id: int) -> HttpResponse:
    """Ask the customer whether the suggested address is right."""
    order = order_to_decide(request, order_id)
    try:
        ask_address(order, actor=request.actor)
        messages.success(request, _("The customer is asked by e-mail."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("order", order.pk)


def _changed(request: Any, order: Order, form: ChangeForm) -> Changed | None:
    """Change the order as the form asks; None, with the reason on the form, when it is refused."""
    told, wish = form.cleaned_data, form.asked()
    if told["add_sku"]:
        line = line_to_add(order, code=told["add_sku"], units=told["add_units"], price_cents=told["add_price"])
        if line is None:
            form.add_error("add_sku", _("This SKU is not in the catalogue."))
            return None
        wish["added"] = (line,)
    try:
        return change_order(
            order.merchant_id,
            order_id=order.pk,
            wish=Wish(**wish),
            reason=told["reason"],
            seen=told["seen"],
            actor=request.actor,
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None


def _said(done: Changed, *, currency: str) -> str:
    if done.change_id is None:
        return _("Nothing was different.")
    if done.cancelled:
        return _("Nothing is left of the order: it is cancelled.")
    if done.price_cents < 0:
        amount = words.money(-done.price_cents, currency=currency)
        return _("The order is changed. Pay %(amount)s back in your shop.") % {"amount": amount}
    if done.price_cents > 0:
        amount = words.money(done.price_cents, currency=currency)
        return _("The order is changed. It comes to %(amount)s more: ask for it in your shop.") % {"amount": amount}
    return _("The order is changed.")
