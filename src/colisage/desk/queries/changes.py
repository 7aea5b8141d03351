"""What may be changed of an order now, and what was changed: for the order's page and its form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from colisage.catalog.queries import recipes_of, skus_by_code
from colisage.kit.paid import tax_on
from colisage.network.queries.disruptions import about_said
from colisage.orders.actions.place_orders import NewLine
from colisage.orders.queries import CANCELLABLE, Order, OrderLine, Part, lines_of, parts_of
from colisage.orders.queries.changes import CHANGE_REASONS, OrderChange, change_reason, changes_of, may_change, paid_of
from colisage.ui import words

__all__ = ["CHANGE_REASONS"]
ADDRESS_PARTS: Final = ("name", "company", "line1", "line2", "postcode", "city", "region", "country", "phone")
_NAMES: Final = {
    "ship_to": gettext_lazy("Address"),
    "bill_to": gettext_lazy("Billing address"),
    "email": gettext_lazy("E-mail"),
    "phone": gettext_lazy("Phone"),
    "customer_name": gettext_lazy("Customer"),
    "shipping_method": gettext_lazy("Delivery chosen"),
    "promised_on": gettext_lazy("Promised on"),
    "wanted_on": gettext_lazy("Wanted day of delivery"),
    "customer_note": gettext_lazy("Customer’s note"),
    "gift_note": gettext_lazy("Gift note"),
    "parts": gettext_lazy("Parcels"),
    "orders": gettext_lazy("In one parcel"),
}


@dataclass(frozen=True, slots=True)
class ChangeableLine:
    """A line as it may change: `stuck` units are on the floor or have left."""

    id: int
    name: str
    code: str
    units: int
    stuck: int
    unit_price_cents: int


@dataclass(frozen=True, slots=True)
class Changeable:
    """How an order stands, and what may be changed of it now. `late` says why its address stays."""

    seen: int
    currency: str
    address: Mapping[str, Any]
    fields: Mapping[str, Any]
    lines: Sequence[ChangeableLine]
    late: str
    may_grow: bool


def changeable(order: Order) -> Changeable:
    """Give what may be changed of an order."""
    lines, parts = lines_of([order.pk])[order.pk], parts_of([order.pk])[order.pk]
    changes = changes_of(order.merchant_id, order_id=order.pk)
    late, may_grow = may_change([part.stage for part in parts], name=order.number)
    return Changeable(
        seen=changes[-1].number if changes else 0,
        currency=order.currency,
        address=order.ship_to or {},
        fields={
            name: getattr(order, name)
            for name in ("email", "shipping_method", "promised_on", "wanted_on", "gift_note", "customer_note")
        },
        lines=[
            ChangeableLine(
                line.pk,
                line.name or line.sku_code,
                line.sku_code,
                line.quantity - line.cancelled,
                _stuck(line, parts),
                line.unit_price_cents,
            )
            for line in lines
        ],
        late=late,
        may_grow=may_grow,
    )


def _stuck(line: OrderLine, parts: Sequence[Part]) -> int:
    """Count the units of a line that somebody works on, in sets where it is a bundle."""
    each = {int(sku): int(n) for sku, n in line.recipe or ()} or {line.sku_id or 0: 1}
    at_work = [row for p in parts if p.stage not in CANCELLABLE | {"cancelled"} for row in p.lines if row[1] == line.pk]
    return max((-(-sum(row[3] for row in at_work if row[2] == sku) // n) for sku, n in each.items()), default=0)


def line_to_add(
    order: Order,
    *,
    code: str,
    units: int,
    price_cents: int | None,
    discount_cents: int = 0,
    tax_cents: int | None = None,
) -> NewLine | None:
    """Make a new line of a SKU by its code, at the catalogue's price unless one is said; None when it is not known.

    Unless its tax is said, it is taxed as the goods of the order were.
    """
    sku = skus_by_code(order.merchant_id, codes=[code]).get(code.upper())
    if sku is None:
        return None
    recipe = recipes_of(order.merchant_id, sku_ids=[sku.id]).get(sku.id) if sku.kind == "bundle" else None
    price = sku.price_cents if price_cents is None else price_cents
    if tax_cents is None:
        paid = paid_of(order, lines_of([order.pk])[order.pk])
        tax_cents = tax_on(max(units * price - discount_cents, 0), paid=paid)
    return NewLine(
        sku.id,
        sku.code,
        sku.name,
        units,
        price,
        discount_cents=discount_cents,
        tax_cents=tax_cents,
        requires_shipping=not sku.digital,
        recipe=recipe,
    )


def _reason(change: OrderChange) -> str:
    return about_said(change.reason) if change.disruption_id else change_reason(change.reason)


def told_changes(order: Order) -> dict[int, dict[str, Any]]:
    """Give the changes of an order as its page tells them, by id."""
    return {
        change.pk: {"change": change, "what": what_differs(change.before, change.after),
                    "cents": _signed(change), "stock": _stock(change),
                    "reason": _reason(change), "source": _source(change)}
        for change in changes_of(order.merchant_id, order_id=order.pk)
    }  # fmt: skip


def _source(change: OrderChange) -> str:
    return "" if change.source == "person" else str(change.get_source_display())


def _signed(change: OrderChange) -> str:
    if not change.price_cents:
        return ""
    amount = words.money(abs(change.price_cents), currency=change.currency)
    return f"+{amount}" if change.price_cents > 0 else f"−{amount}"


def _stock(change: OrderChange) -> str:
    given, held, owed = change.given_back, change.held, change.owed
    told = [
        ngettext("%(n)s unit free again", "%(n)s units free again", given) % {"n": given} if given else "",
        ngettext("%(n)s unit held", "%(n)s units held", held) % {"n": held} if held else "",
        ngettext("%(n)s unit owed", "%(n)s units owed", owed) % {"n": owed} if owed else "",
    ]
    return ", ".join(filter(None, told))


def what_differs(was: Mapping[str, Any], now: Mapping[str, Any]) -> list[dict[str, str]]:
    """Give what differs between two states of an order, as changes keep them: name, before and after, for people."""
    names = [name for name in _NAMES if name in now]
    told = [
        {
            "name": str(_NAMES[name]),
            "before": _said(was.get(name), name),
            "after": _said(now[name], name),
        }
        for name in names
    ]
    before = {line["line"]: line["units"] for line in was.get("lines", ())}
    return told + [
        {
            "name": line["name"] or line["sku"],
            "before": str(before.get(line["line"], 0)),
            "after": str(line["units"]),
        }
        for line in now.get("lines", ())
    ]


def _said(value: Any, name: str) -> str:
    if isinstance(value, Mapping):
        told = [value.get(part) for part in ("name", "company", "line1", "line2")]
        town = " ".join(filter(None, (value.get("postcode"), value.get("city"))))
        return ", ".join(filter(None, (*told, town, value.get("region"), value.get("country"), value.get("phone"))))
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    if value and name in {"promised_on", "wanted_on"}:
        return words.day(date.fromisoformat(value), style="weekday")
    return str(value) if value else _("nothing")


def summary(told: Mapping[str, Any]) -> str:
    """Say a change in a line: what was before and what is now, with its price."""
    parts = [_("%(what)s: %(before)s → %(after)s") % {"what": one["name"], **one} for one in told["what"]]
    return " · ".join(filter(None, (*parts, told["cents"], told["stock"])))
