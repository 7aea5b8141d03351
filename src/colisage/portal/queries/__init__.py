"""What customers see of their orders."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from colisage.intake.queries.addresses import address_check
from colisage.kit.statements import statement
from colisage.orders.queries import CANCELLABLE, Order, holds_of, lines_of, order_of, orders_matching, parts_of
from colisage.orders.queries.backorders import owing_of
from colisage.portal.rules import answer, reached, same_number, same_postcode
from colisage.returns.queries import last_day_to_ask, returnable_of, returns_of
from colisage.tracking.queries import progress_of
from colisage.ui import words

VERBS = {
    "problem_damaged": gettext_lazy("The customer reports: something is damaged."),
    "problem_missing": gettext_lazy("The customer reports: something is missing."),
    "problem_wrong_item": gettext_lazy("The customer reports: a wrong item."),
    "problem_not_received": gettext_lazy("The customer reports: nothing has come."),
    "problem_address": gettext_lazy("The customer reports: the address is not right."),
    "problem_other": gettext_lazy("The customer reports a problem."),
}
WHAT: Final[Mapping[str, str | Promise]] = {
    "damaged": gettext_lazy("Something is damaged"),
    "missing": gettext_lazy("Something is missing"),
    "wrong_item": gettext_lazy("It is the wrong item"),
    "not_received": gettext_lazy("Nothing has come"),
    "address": gettext_lazy("The address is not right"),
    "other": gettext_lazy("Something else"),
}
ANSWERS: Final[Mapping[str, str | Promise]] = {
    "cancelled": gettext_lazy("Your order is cancelled"),
    "failed": gettext_lazy("Your parcel could not be delivered"),
    "going_back": gettext_lazy("Your parcel is on its way back to us"),
    "collect": gettext_lazy("Your parcel waits for you"),
    "today": gettext_lazy("Your parcel arrives today"),
    "late": gettext_lazy("Your parcel is late. Nothing is lost"),
    "closed": gettext_lazy("Your order is complete"),
    "delivered": gettext_lazy("Your order is delivered"),
    "partly_delivered": gettext_lazy("A part of your order is delivered"),
    "on_its_way": gettext_lazy("Your order is on its way"),
    "partly_left": gettext_lazy("A part of your order has left"),
    "held": gettext_lazy("Your order waits: the shop checks something"),
    "preparing": gettext_lazy("Your order is being prepared"),
    "waiting": gettext_lazy("An item of your order is on its way to us"),
    "received": gettext_lazy("We have your order"),
}


def operators_of(merchant_id: int) -> list[int]:
    """Give the operators behind whose wall a merchant's parcels are."""
    with connection.cursor() as db:
        db.execute(statement("portal", "operators_of"), [merchant_id])
        return [row[0] for row in db.fetchall()]


def order_for(merchant_id: int, *, order_id: int) -> Order | None:
    """Find the order a link leads to."""
    return order_of([merchant_id], order_id=order_id)


def status_of(order: Order) -> dict[str, Any]:
    """Give the answer to *where is it*, and the steps; nothing that names a person or a thing."""
    parts = parts_of([order.pk])[order.pk]
    parcels = progress_of(order.merchant_id, order_id=order.pk)
    held = any(hold.released_at is None for hold in holds_of([order.pk])[order.pk])
    code = answer(
        state=order.state,
        stages=[part.stage for part in parts],
        parcels=[parcel["status"] for parcel in parcels],
        held=held,
        history=order.quiet,
    )
    expected = max((p["expected_on"] for p in parcels if p["expected_on"]), default=None)
    return {
        "order": order,
        "merchant": order.merchant,
        "code": code,
        "title": _title(code, expected),
        "steps": _steps(code),
        "parcels": parcels,
        "cancellable": order.state == "open" and all(p.stage in CANCELLABLE | {"cancelled"} for p in parts),
    }


def page_of(order: Order) -> dict[str, Any]:
    """Give everything the customer's page shows."""
    status = status_of(order)
    parcels = status["parcels"]
    shown = next((p for p in parcels if p["status"] != "delivered"), parcels[0] if parcels else None)
    can = returnable_of(order.merchant_id, order_id=order.pk)
    check = address_check(order.merchant_id, order_id=order.pk)
    return {
        **status,
        "steps": shown["steps"] if shown else status["steps"],
        "parcel": shown,
        "lines": [line for line in lines_of([order.pk])[order.pk] if line.quantity > line.cancelled],
        "owing": owing_of([order.pk]).get(order.pk, []),
        "town": " ".join(filter(None, ((order.ship_to or {}).get("postcode"), (order.ship_to or {}).get("city")))),
        "can_return": can is not None and can.left > 0,
        "until": last_day_to_ask(can) if can is not None else None,
        "returns": returns_of(order.merchant_id, order_id=order.pk),
        "asked_address": check is not None,
    }


def found_by(merchant_id: int, *, number: str, postcode: str) -> Order | None:
    """Find an order by its number and the postcode it goes to; both have to be right."""
    if not number.strip().lstrip("#"):
        return None
    candidates = orders_matching([merchant_id], text=number.strip().lstrip("#"), most=200)
    return next(
        (
            order
            for order in candidates
            if same_number(number, order.number)
            and same_postcode(postcode, str((order.ship_to or {}).get("postcode") or ""))
        ),
        None,
    )


def _title(code: str, expected: date | None) -> str:
    """Say the answer, with the day where one is known."""
    if expected is not None and code in {"on_its_way", "partly_left"}:
        return _("Your parcel arrives by %(day)s") % {"day": words.day(expected, style="weekday")}
    if expected is not None and code == "late":
        return _("Your parcel is late. It should arrive by %(day)s") % {"day": words.day(expected, style="weekday")}
    return str(ANSWERS[code])


def _steps(code: str) -> Sequence[Mapping[str, Any]]:
    """Give the four steps of an order of which no parcel is known yet."""
    if code == "cancelled":
        return []
    far = reached(code)
    titles = (_("Received"), _("Prepared"), pgettext("order", "Left"), _("Delivered"))
    return [
        {"title": title, "at": "done" if n < far or far == len(titles) else "now" if n == far else "todo", "note": ""}
        for n, title in enumerate(titles)
    ]
