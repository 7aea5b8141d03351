"""Orders as the API tells them. Without the scope `customers:read` nothing of it says who the customer is."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from msgspec import Struct

from colisage.catalog.queries import skus_across
from colisage.desk.queries.order import verbs
from colisage.kit.models import AuditEntry
from colisage.kit.queries import deeds_on
from colisage.network.queries import nodes_by_id
from colisage.orders.queries import Hold, Order, OrderLine, Part, hold_reason, holds_of, lines_of, parts_of
from colisage.orders.queries.backorders import Owing, expected_words, owing_of
from colisage.orders.queries.inserts import inserts_of, left_out_words
from colisage.orders.queries.instructions import Contest, contest_words, contests_of
from colisage.orders.queries.together import orders_in
from colisage.returns.queries.told import ReturnOut, returns_told
from colisage.tracking.queries.told import ShipmentOut, shipments_told


class AddressOut(Struct, frozen=True, kw_only=True):
    """A postal address. `country` is an ISO 3166 code of two letters."""

    name: str = ""
    company: str = ""
    line1: str = ""
    line2: str = ""
    postcode: str = ""
    city: str = ""
    region: str = ""
    country: str = ""
    phone: str = ""


class CustomerOut(Struct, frozen=True, kw_only=True):
    """Who ordered, and their own words."""

    name: str
    email: str
    phone: str
    ship_to: AddressOut | None
    bill_to: AddressOut | None
    note: str
    gift_note: str
    purchase_reference: str  # of a firm, for what it ordered


class LineOut(Struct, frozen=True, kw_only=True):
    """So many of one SKU. Amounts in minor units of the order's currency; `reference` is the channel's."""

    id: int
    sku: str
    name: str
    quantity: int
    cancelled: int
    unit_price_cents: int
    discount_cents: int
    tax_cents: int
    requires_shipping: bool
    reference: str
    owed: bool  # units are missing
    expected_on: date | None  # when the last of them are expected to be here
    expected_why: str | None
    personalisation: str | None  # null without the scope customers:read


class HoldOut(Struct, frozen=True, kw_only=True):
    """Why an order waits, or waited. `reason` is a code or words by hand, `detail` a sentence."""

    id: int
    kind: str
    reason: str
    detail: str
    until: date | None
    set_at: datetime
    released_at: datetime | None


class PartLineOut(Struct, frozen=True, kw_only=True):
    """Units of one SKU that serve an order line; of an insert, which nobody ordered, `line_id` is null."""

    line_id: int | None
    sku: str
    quantity: int


class FulfillmentOrderOut(Struct, frozen=True, kw_only=True):
    """The part of an order that one node serves. Parts of any orders with one number `together` go in one parcel."""

    id: int
    node: str
    stage: str
    held: bool
    together: int | None
    ship_by: datetime | None
    lines: list[PartLineOut]


class OrderOut(Struct, frozen=True, kw_only=True):
    """An order. Amounts in minor units of `currency`; `customer` is null without the scope customers:read.

    `together` are the ids of the other orders with which it, or a part of it, goes in one parcel.
    """

    id: int
    reference: str
    number: str
    channel: str
    state: str
    payment: str
    historic: bool
    placed_at: datetime
    accepted_at: datetime
    currency: str
    shipping_cents: int
    discount_cents: int
    tax_cents: int
    total_cents: int
    prices_include_tax: bool
    shipping_method: str
    promised_on: date | None
    wanted_on: date | None  # the day on which delivery is asked for
    tags: list[str]
    together: list[int]
    customer: CustomerOut | None
    lines: list[LineOut]
    holds: list[HoldOut]
    fulfillment_orders: list[FulfillmentOrderOut]


class EventOut(Struct, frozen=True, kw_only=True):
    """One thing that was done: a stable code, and a sentence in the language asked for."""

    at: datetime
    code: str
    by: str
    detail: str


class InsertOut(Struct, frozen=True, kw_only=True):
    """One unit that a rule puts into the parcel for nothing. `state` is asked, added or left_out, and `why` a code."""

    sku: str
    state: str
    why: str
    detail: str
    rule: str


class WholeOrderOut(OrderOut, frozen=True, kw_only=True):
    """An order with everything that came of it."""

    inserts: list[InsertOut]

    shipments: list[ShipmentOut]
    returns: list[ReturnOut]
    timeline: list[EventOut]


class OrderPageOut(Struct, frozen=True, kw_only=True):
    """A page of orders, the newest first; `next` is the `page` that follows, null on the last."""

    items: list[OrderOut]
    next: int | None


def orders_told(orders: Sequence[Order], *, customers: bool) -> list[OrderOut]:
    """Tell orders, in seven statements however many, eight where some share a parcel."""
    return [OrderOut(**facts) for facts in _told(orders, customers=customers)]


def order_told(order: Order, *, customers: bool) -> WholeOrderOut:
    """Tell one order with its shipments, returns and timeline."""
    [facts] = _told([order], customers=customers)
    deeds = deeds_on("order", doc_id=order.pk)
    instructed = any(deed.verb == "order_instructed" for deed in deeds)
    contests = contests_of([order.pk]).get(order.pk, {}) if instructed else {}
    return WholeOrderOut(
        **facts,
        inserts=[
            InsertOut(sku=one.sku, state=one.state, why=one.why, detail=one.reason, rule=one.by)
            for one in inserts_of([order.pk])[order.pk]
        ],
        shipments=shipments_told(order.merchant_id, order_ids=[order.pk])[order.pk],
        returns=returns_told(order.merchant_id, order_ids=[order.pk], customers=customers)[order.pk],
        timeline=[_event(deed, contests) for deed in deeds],
    )


def _told(orders: Sequence[Order], *, customers: bool) -> list[dict[str, Any]]:
    ids = [order.pk for order in orders]
    lines, holds, parts = lines_of(ids), holds_of(ids), parts_of(ids)
    owing = {one.line_id: one for each in owing_of(ids).values() for one in each}
    served = [part for of_order in parts.values() for part in of_order]
    nodes = {pk: node.code for pk, node in nodes_by_id({part.node_id for part in served}).items()}
    skus = skus_across({o.merchant_id for o in orders}, ids={row[2] for part in served for row in part.lines})
    codes = {pk: sku.code for pk, sku in skus.items()}
    aboard = orders_in({part.together for part in served if part.together is not None})
    return [
        {
            "id": o.pk,
            "reference": o.external_ref,
            "number": o.number,
            "channel": o.channel.code,
            "state": o.state,
            "payment": o.payment,
            "historic": o.quiet,
            "placed_at": o.placed_at,
            "accepted_at": o.accepted_at,
            "currency": o.currency,
            "shipping_cents": o.shipping_cents,
            "discount_cents": o.discount_cents,
            "tax_cents": o.tax_cents,
            "total_cents": o.total_cents,
            "prices_include_tax": o.prices_include_tax,
            "shipping_method": o.shipping_method,
            "promised_on": o.promised_on,
            "wanted_on": o.wanted_on,
            "tags": list(o.tags),
            "together": sorted(set().union(*(aboard.get(part.together or 0, ()) for part in parts[o.pk])) - {o.pk}),
            "customer": _customer(o) if customers else None,
            "lines": [_line(line, owing.get(line.pk), customers=customers) for line in lines[o.pk]],
            "holds": [_hold(hold) for hold in holds[o.pk]],
            "fulfillment_orders": [_part(part, nodes, codes) for part in parts[o.pk]],
        }
        for o in orders
    ]


def _customer(order: Order) -> CustomerOut:
    return CustomerOut(
        name=order.customer_name,
        email=order.email,
        phone=order.phone,
        ship_to=_address(order.ship_to),
        bill_to=_address(order.bill_to),
        note=order.customer_note,
        gift_note=order.gift_note,
        purchase_reference=order.purchase_reference,
    )


def _address(kept: dict[str, Any] | None) -> AddressOut | None:
    if kept is None:
        return None
    return AddressOut(**{name: str(kept.get(name) or "") for name in AddressOut.__struct_fields__})


def _line(line: OrderLine, owing: Owing | None, *, customers: bool) -> LineOut:
    return LineOut(
        id=line.pk,
        sku=line.sku_code,
        name=line.name,
        quantity=line.quantity,
        cancelled=line.cancelled,
        unit_price_cents=line.unit_price_cents,
        discount_cents=line.discount_cents,
        tax_cents=line.tax_cents,
        requires_shipping=line.requires_shipping,
        reference=line.external_ref,
        owed=owing is not None,
        expected_on=owing.on if owing else None,
        expected_why=owing.why if owing else None,
        personalisation=line.personalisation if customers else None,
    )


def _hold(hold: Hold) -> HoldOut:
    return HoldOut(
        id=hold.pk,
        kind=hold.kind,
        reason=hold.reason,
        detail=hold_reason(hold.reason),
        until=hold.until,
        set_at=hold.set_at,
        released_at=hold.released_at,
    )


def _part(part: Part, nodes: dict[int, str], codes: dict[int, str]) -> FulfillmentOrderOut:
    return FulfillmentOrderOut(
        id=part.id,
        node=nodes.get(part.node_id, ""),
        stage=part.stage,
        held=part.held,
        together=part.together,
        ship_by=part.ship_by,
        lines=[PartLineOut(line_id=row[1], sku=codes.get(row[2], ""), quantity=row[3]) for row in part.lines],
    )


def _event(deed: AuditEntry, contests: Mapping[str, Contest]) -> EventOut:
    data = {**deed.data, "actor": deed.actor_name or _("the system")}
    if "reason" in data:
        data["reason"] = hold_reason(str(data["reason"]))
    data |= expected_words(deed.verb, data) | left_out_words(data)
    sentence = str(verbs().get(deed.verb, deed.verb))
    try:
        detail = sentence % data
    except (KeyError, TypeError, ValueError):  # told by another version with other data
        detail = sentence
    if said := contest_words(contests, kind=str(data.get("kind", "")), value=str(data.get("value", ""))):
        detail = f"{detail} ({said})"
    return EventOut(at=deed.at, code=deed.verb, by=deed.actor_kind, detail=detail)
