"""What a change of an order comes to: what is asked against what stands, and the refusals it may meet."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from colisage.kit.errors import Malformed, NotThere, Refused
from colisage.orders.models import Order, OrderLine

MOST_UNITS: Final = 1_000_000
FARTHEST: Final = timedelta(days=3 * 366)  # so far after its order a delivery may be wanted
FIELDS: Final[Mapping[str, str]] = {  # what may be asked for, and the kind of change it is
    "ship_to": "address",
    "bill_to": "address",
    "email": "contact",
    "phone": "contact",
    "customer_name": "contact",
    "shipping_method": "delivery",
    "promised_on": "delivery",
    "wanted_on": "delivery",
    "customer_note": "notes",
    "gift_note": "notes",
}
DAYS: Final = frozenset({"promised_on", "wanted_on"})  # they may be taken away again
UNTIL_THE_LABEL: Final = frozenset(FIELDS) - {"email", "phone", "bill_to"}
_KINDS: Final = ("lines", "cancel", "address", "delivery", "contact", "notes")


class TooLateToChange(Refused):
    """Work on it has gone too far; what can be done instead is said."""

    code = "too_late_to_change"
    text = _("This can no longer be changed.")


class OrderIsNotOpen(Refused):
    """A closed or cancelled order does not change."""

    code = "order_not_open"
    text = _("Order %(number)s is not open any more: what has left comes back by a return.")


class ChangedMeanwhile(Refused):
    """Somebody else changed the order since the page was shown."""

    code = "changed_meanwhile"
    text = _("Order %(number)s was changed meanwhile. Look at it again before you change it.")


class WrongUnits(Malformed):
    """A number of units that no line can have."""

    code = "wrong_units"
    text = _("The units of a line are a whole number from 0 to 1,000,000.")


class WrongWantedDay(Malformed):
    """A day on which nothing can be delivered."""

    code = "bad_wanted_date"
    text = _("The wanted day of delivery is before the day of the order, or more than three years after it.")


class WrongPromisedDay(Malformed):
    """A day that nobody can promise: a misread or mistyped one, which the customer would be told."""

    code = "bad_promised_date"
    text = _("The promised day is before the day of the order, or more than three years after it.")


class UnknownSku(Refused):
    """A line can only be added for a SKU of the catalogue."""

    code = "unknown_sku"
    text = _("“%(code)s” is not in the catalogue.")


_LATE: Final = {
    "floor": _(
        "“%(name)s” is being prepared: put the order on hold and let the floor stop it, or wait for the return."
    ),
    "label": _(
        "A label was bought for “%(name)s”. Put the order on hold: the label is stopped. Then change it, and release "
        "the hold."
    ),
    "together": _(
        "“%(name)s” is being prepared in one parcel with another order, to one address: hold it before it leaves, or "
        "ask for a return."
    ),
    "gone": _("“%(name)s” has left. Ask for a return."),
}


def too_late(verdict: str, *, name: str) -> TooLateToChange:
    """Say why it is too late, and what to do instead."""
    return TooLateToChange(_LATE[verdict], name=name)


def each_of(line: OrderLine) -> dict[int, int]:
    """Give the units of each SKU in one of a line."""
    if line.recipe:
        return {int(sku): int(units) for sku, units in line.recipe}
    return {line.sku_id: 1} if line.sku_id else {}


def is_sent(line: OrderLine) -> bool:
    """Say whether units of stock are promised for a line."""
    return line.requires_shipping and line.sku_id is not None


def fields_of(
    order: Order, asked: Mapping[str, Any], cleared: Collection[str] = ()
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give what would be different about the order itself, before and after; of `cleared` days nothing is left."""
    wanted = {name: dict(value) if isinstance(value, Mapping) else value for name, value in asked.items()}
    after = {name: value for name, value in wanted.items() if value is not None and value != getattr(order, name)}
    after |= {name: None for name in DAYS & set(cleared) if getattr(order, name) is not None}
    return {name: getattr(order, name) for name in after}, after


def check_days(order: Order, after: Mapping[str, Any]) -> None:
    """Refuse days of delivery that no order can keep: raises `WrongWantedDay` and `WrongPromisedDay`."""
    placed = order.placed_at.date()
    for name, refusal in (("wanted_on", WrongWantedDay), ("promised_on", WrongPromisedDay)):
        day = after.get(name)
        if day and not placed <= day <= placed + FARTHEST:
            raise refusal


def units_of(lines: Sequence[OrderLine], wanted: Mapping[int, int]) -> dict[int, int]:
    """Give by how many units each line rises or (negative) falls; lines that stay are left out."""
    live = {line.pk: line.quantity - line.cancelled for line in lines}
    if set(wanted) - live.keys():
        raise NotThere
    if any(not 0 <= n <= MOST_UNITS for n in wanted.values()):
        raise WrongUnits
    return {pk: n - live[pk] for pk, n in sorted(wanted.items()) if n != live[pk]}


def grows(lines: Mapping[int, OrderLine], units: Mapping[int, int], *, added: Sequence[Any]) -> bool:
    """Say whether an order comes to more units; those that another service sends instead of us are none more."""
    rises = Counter[str]()
    for pk, n in units.items():
        rises[lines[pk].external_ref or f"line {pk}"] += n
    for n, line in enumerate(added):
        rises[line.external_ref or f"new {n}"] += line.quantity
    return any(n > 0 for n in rises.values())


def kind_of(fields: Collection[str], *, units: Mapping[int, int], added: bool) -> str:
    """Say what a change is mostly about."""
    kinds = {FIELDS[name] for name in fields}
    if units or added:
        kinds.add("lines" if added or any(n > 0 for n in units.values()) else "cancel")
    return min(kinds, key=_KINDS.index)


def raised(line: OrderLine, units: int) -> int:
    """Let a line grow: units cancelled earlier come back first, as they were paid. Give what its quantity rose by."""
    back = min(units, line.cancelled)
    line.cancelled -= back
    rise = units - back
    line.quantity += rise
    return rise


def line_facts(line: OrderLine) -> dict[str, Any]:
    """Give a line as a change tells it."""
    return {"line": line.pk, "sku": line.sku_code, "name": line.name, "units": line.quantity - line.cancelled}
