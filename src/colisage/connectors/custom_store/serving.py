"""Orders of a channel as a custom store exports them, for a shipping tool from outside."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from xml.etree.ElementTree import Element, SubElement, tostring

from django.db.models import Max

from colisage.connectors.custom_store.client import written
from colisage.connectors.xml_trees import clean
from colisage.kit.models import AuditEntry
from colisage.kit.money import decimal
from colisage.orders.queries import FulfillmentOrder, Hold, Order, OrderLine

PAGE: Final = 100
LONGEST: Final = timedelta(days=90)
_GONE: Final = frozenset({"handed_over", "delivered", "cancelled"})


@dataclass(frozen=True, slots=True)
class _Rows:
    """What is known of some orders, by order."""

    lines: dict[int, list[OrderLine]]
    stages: dict[int, set[str]]
    held: set[int]


def export(merchant_id: int, *, channel_id: int, start: datetime, end: datetime, page: int) -> bytes:
    """Write one page of the orders of a channel that changed between two times, the longest unchanged first.

    Historic orders are left out, and lines that another service sends. A constant number of statements.
    """
    deeds = AuditEntry.objects.filter(merchant_id=merchant_id, doc_kind="order", at__gte=start)
    mine = Order.objects.filter(merchant_id=merchant_id, channel_id=channel_id, quiet=False)
    changed = (
        deeds.filter(doc_id__in=mine.values("pk")).values("doc_id").annotate(last=Max("at")).filter(last__lt=end)
    ).order_by("last", "doc_id")
    first = (page - 1) * PAGE
    chosen = {row["doc_id"]: row["last"] for row in changed[first : first + PAGE]}
    orders = {order.pk: order for order in mine.filter(pk__in=chosen)}
    rows = _rows(merchant_id, orders)
    root = Element("Orders", pages=str(max(-(-changed.count() // PAGE), 1)))
    for pk, last in chosen.items():
        if pk in orders:
            _order(SubElement(root, "Order"), orders[pk], rows, last=last)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def order_noticed(merchant_id: int, *, channel_id: int, number: str, order_id: str) -> Order | None:
    """Find the order a notice speaks of: by the identity the export gave it, or by its number if only one has it."""
    mine = Order.objects.filter(merchant_id=merchant_id, channel_id=channel_id)
    if order_id.isdecimal() and len(order_id) <= 18:
        return mine.filter(pk=int(order_id)).first()
    found = list(mine.filter(number=number)[:2])
    return found[0] if len(found) == 1 else None


def _rows(merchant_id: int, ids: Collection[int]) -> _Rows:
    lines: dict[int, list[OrderLine]] = defaultdict(list)
    for line in OrderLine.objects.filter(merchant_id=merchant_id, order__in=ids).order_by("order", "position"):
        lines[line.order_id].append(line)
    stages: dict[int, set[str]] = defaultdict(set)
    parts = FulfillmentOrder.objects.filter(merchant_id=merchant_id, order__in=ids)
    for order_id, stage in parts.values_list("order_id", "stage"):
        stages[order_id].add(stage)
    holds = Hold.objects.filter(merchant_id=merchant_id, order__in=ids, released_at=None).exclude(kind="payment")
    return _Rows(lines, stages, set(holds.values_list("order_id", flat=True)))


def status(order: Order, *, stages: Collection[str], held: bool) -> str:
    """Say in the protocol's words how an order stands."""
    if order.state == "cancelled":
        return "cancelled"
    if order.state == "closed" or (stages and set(stages) <= _GONE):
        return "shipped"
    if held:
        return "on_hold"
    return "paid" if order.payment in {"paid", "authorized"} else "unpaid"


def _order(made: Element, order: Order, rows: _Rows, *, last: datetime) -> None:
    def money(cents: int) -> str:
        return str(decimal(cents, currency=order.currency))

    stands = status(order, stages=rows.stages.get(order.pk, ()), held=order.pk in rows.held)
    _put(
        made,
        [
            ("OrderID", str(order.pk), 50), ("OrderNumber", order.number, 50),
            ("OrderDate", written(order.placed_at), 50),
            ("OrderStatus", stands, 50), ("LastModified", written(last), 50),
            ("ShippingMethod", order.shipping_method, 100), ("OrderTotal", money(order.total_cents), 50),
            ("TaxAmount", money(order.tax_cents), 50), ("ShippingAmount", money(order.shipping_cents), 50),
            ("CustomerNotes", order.customer_note, 1000), ("Gift", "true" if order.gift_note else "false", 5),
            ("GiftMessage", order.gift_note, 1000),
        ],
    )  # fmt: skip
    customer = SubElement(made, "Customer")
    _put(customer, [("CustomerCode", order.email or order.customer_name or str(order.pk), 100)])
    payer, target = order.bill_to or order.ship_to or {}, order.ship_to or order.bill_to or {}
    bill_to = SubElement(customer, "BillTo")
    _put(bill_to, [*_named(payer, name=order.customer_name), ("Phone", order.phone, 50), ("Email", order.email, 300)])
    _put(bill_to, _placed(payer))
    ship_to = SubElement(customer, "ShipTo")
    _put(ship_to, [*_named(target, name=order.customer_name), *_placed(target), ("Phone", target.get("phone", ""), 50)])
    items = SubElement(made, "Items")
    lines = [one for one in rows.lines.get(order.pk, ()) if one.requires_shipping and not one.served_by]
    for line in lines:
        if line.quantity > line.cancelled:
            _line(SubElement(items, "Item"), line, price=money(line.unit_price_cents))
    for name, cents in _adjustments(order, lines):
        facts = [("SKU", "", 100), ("Name", name, 200), ("Adjustment", "true", 5), ("Quantity", "1", 9)]
        _put(SubElement(items, "Item"), [*facts, ("UnitPrice", money(cents), 50)])


def _adjustments(order: Order, lines: Sequence[OrderLine]) -> list[tuple[str, int]]:
    discount = order.discount_cents + sum(line.discount_cents for line in lines)
    found = [("discount", -discount), *((str(one["kind"]), int(one["cents"])) for one in order.charges)]
    return [(name, cents) for name, cents in found if cents]


def _line(made: Element, line: OrderLine, *, price: str) -> None:
    units = str(line.quantity - line.cancelled)
    facts = [("LineItemID", str(line.pk), 50), ("SKU", line.sku_code, 100), ("Name", line.name or line.sku_code, 200)]
    _put(made, [*facts, ("Quantity", units, 9), ("UnitPrice", price, 50)])
    if line.personalisation:
        option = SubElement(SubElement(made, "Options"), "Option")
        _put(option, [("Name", "personalisation", 100), ("Value", line.personalisation, 100)])


def _named(address: dict[str, Any], *, name: str) -> list[tuple[str, str, int]]:
    return [("Name", address.get("name") or name, 100), ("Company", address.get("company", ""), 100)]


def _placed(address: dict[str, Any]) -> list[tuple[str, str, int]]:
    fields = (
        ("Address1", "line1", 200), ("Address2", "line2", 200), ("City", "city", 100), ("State", "region", 100),
        ("PostalCode", "postcode", 50), ("Country", "country", 50),
    )  # fmt: skip
    return [(name, address.get(ours) or "", longest) for name, ours, longest in fields]


def _put(made: Element, facts: Sequence[tuple[str, str, int]]) -> None:
    for name, value, longest in facts:
        SubElement(made, name).text = clean(value)[:longest]
