"""What is ordered from suppliers, announced by them and received, as the API tells it."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from colisage.inbound.models import Supplier, SupplierSku
from colisage.inbound.queries.announcements import AnnouncedUnits, Delivery, announced_lines
from colisage.inbound.queries.dock import DeliveryRow, asides_of, expected_of, lines_at_dock, receipts_of
from colisage.inbound.queries.dock_told import (
    AsideOut,
    DockLineOut,
    ReceiptOut,
    asides_told,
    lines_told,
    receipts_told,
)
from colisage.inbound.queries.purchases import Expected, OrderedLine, ordered_lines


class PurchaseOut(Struct, frozen=True, kw_only=True):
    """A purchase order. `state`: draft, open, partly (received), closed, short or cancelled; amounts in minor units."""

    id: int
    number: str
    supplier: str
    supplier_name: str
    node: str
    state: str
    expected_on: date | None
    currency: str
    total_cents: int
    consigned: bool
    note: str
    sent_at: datetime | None
    ended_at: datetime | None
    ordered: int
    received: int


class PurchaseLineOut(Struct, frozen=True, kw_only=True):
    """Units of one SKU ordered; `expected_on` is null where the day of the order counts."""

    sku: str
    name: str
    supplier_code: str
    ordered: int
    received: int
    missing: int
    unit_cost_cents: int
    expected_on: date | None


class WholePurchaseOut(PurchaseOut, frozen=True, kw_only=True):
    """A purchase order with its lines, by SKU."""

    lines: list[PurchaseLineOut]


class PurchasePageOut(Struct, frozen=True, kw_only=True):
    """A page of purchase orders, the latest first; `next` is the `page` that follows, null on the last."""

    items: list[PurchaseOut]
    next: int | None


class AnnouncementOut(Struct, frozen=True, kw_only=True):
    """An announced delivery. `state`: announced, arriving, received or cancelled; units announced and come."""

    id: int
    reference: str
    supplier: str
    supplier_name: str
    node: str
    state: str
    expected_on: date | None
    carrier: str
    tracking_number: str
    came_by: str
    announced_at: datetime
    arrived_at: datetime | None
    ended_at: datetime | None
    announced: int
    received: int


class AnnouncedLineOut(Struct, frozen=True, kw_only=True):
    """Units of a SKU in one carton or on one pallet; `order` is the purchase order they were ordered with."""

    sku: str
    name: str
    order: str
    announced: int
    received: int
    missing: int
    lot: str
    serial: str
    expires_on: date | None
    sscc: str
    pallet_sscc: str


class PalletOut(Struct, frozen=True, kw_only=True):
    """A pallet, or a carton that lies on none, by its SSCC, with the cartons on it."""

    sscc: str
    cartons: list[str]
    announced: int
    received: int


class WholeAnnouncementOut(AnnouncementOut, frozen=True, kw_only=True):
    """An announced delivery with its lines and its pallets."""

    lines: list[AnnouncedLineOut]
    pallets: list[PalletOut]


class AnnouncementPageOut(Struct, frozen=True, kw_only=True):
    """A page of announced deliveries, the latest first; `next` is the `page` that follows, null on the last."""

    items: list[AnnouncementOut]
    next: int | None


class DeliveryOut(Struct, frozen=True, kw_only=True):
    """What a lorry brought at one time. `state`: open (being received) or finished; units good, damaged, set aside.

    Of all of them, `over` are those that nobody had ordered more of.
    """

    id: int
    supplier: str
    purchase_order: str
    announcement: str
    node: str
    state: str
    carrier: str
    note_number: str
    closed_short: bool
    started_at: datetime
    finished_at: datetime | None
    good: int
    damaged: int
    over: int
    aside: int


class WholeDeliveryOut(DeliveryOut, frozen=True, kw_only=True):
    """A delivery: what it was expected to bring and brought, what was set aside, its receipts, the latest first."""

    lines: list[DockLineOut]
    set_aside: list[AsideOut]
    receipts: list[ReceiptOut]


class DeliveryPageOut(Struct, frozen=True, kw_only=True):
    """A page of deliveries, the latest first; `next` is the `page` that follows, null on the last."""

    items: list[DeliveryOut]
    next: int | None


class SupplierOut(Struct, frozen=True, kw_only=True):
    """Whom a merchant buys from, and on which terms. Amounts in minor units of `currency`."""

    id: int
    code: str
    name: str
    email: str
    phone: str
    address: dict[str, str]
    language: str
    currency: str
    lead_days: int
    due_days: int
    due_from: str
    minimum_cents: int
    incoterm: str
    claim_days: int
    pays_lost: bool
    active: bool


class SoldOut(Struct, frozen=True, kw_only=True):
    """How a supplier sells a SKU; `lead_days` is null where the supplier's own hold."""

    sku: str
    name: str
    supplier_code: str
    unit_cost_cents: int
    pack_units: int
    minimum_units: int
    lead_days: int | None


class SoldPageOut(Struct, frozen=True, kw_only=True):
    """A page of what a supplier sells, by SKU; `next` is the `page` that follows, null on the last."""

    items: list[SoldOut]
    next: str | None


class SupplierPageOut(Struct, frozen=True, kw_only=True):
    """A page of suppliers by code; `next` is the `page` that follows, null on the last."""

    items: list[SupplierOut]
    next: int | None


def purchases_told(orders: Sequence[Expected]) -> list[PurchaseOut]:
    """Tell purchase orders; no statement."""
    return [
        PurchaseOut(
            id=o.id, number=o.number, supplier=o.supplier_code, supplier_name=o.supplier, node=o.node_code,
            state=o.state, expected_on=o.expected_on, currency=o.currency, total_cents=o.total_cents,
            consigned=o.consigned, note=o.note, sent_at=o.sent_at, ended_at=o.ended_at, ordered=o.ordered,
            received=o.received,
        )
        for o in orders
    ]  # fmt: skip


def purchase_told(order: Expected) -> WholePurchaseOut:
    """Tell a purchase order with its lines; one statement."""
    [head] = purchases_told([order])
    lines = ordered_lines([order.merchant_id], purchase_id=order.id)
    return WholePurchaseOut(**asdict(head), lines=[_ordered(line) for line in lines])


def _ordered(line: OrderedLine) -> PurchaseLineOut:
    return PurchaseLineOut(
        sku=line.code, name=line.name, supplier_code=line.supplier_code, ordered=line.ordered, received=line.received,
        missing=line.missing, unit_cost_cents=line.unit_cost_cents, expected_on=line.expected_on,
    )  # fmt: skip


def announcements_told(deliveries: Sequence[Delivery]) -> list[AnnouncementOut]:
    """Tell announced deliveries; no statement."""
    return [
        AnnouncementOut(
            id=d.id, reference=d.reference, supplier=d.supplier_code, supplier_name=d.supplier, node=d.node_code,
            state=d.state, expected_on=d.expected_on, carrier=d.carrier, tracking_number=d.tracking_number,
            came_by=d.came_by, announced_at=d.created_at, arrived_at=d.arrived_at, ended_at=d.ended_at,
            announced=d.announced, received=d.received,
        )
        for d in deliveries
    ]  # fmt: skip


def announcement_told(delivery: Delivery) -> WholeAnnouncementOut:
    """Tell an announced delivery with its lines and pallets; one statement."""
    [head] = announcements_told([delivery])
    lines = announced_lines([delivery.merchant_id], announcement_id=delivery.id)
    return WholeAnnouncementOut(**asdict(head), lines=[_announced(line) for line in lines], pallets=_pallets(lines))


def _announced(line: AnnouncedUnits) -> AnnouncedLineOut:
    return AnnouncedLineOut(
        sku=line.code, name=line.name, order=line.order_number, announced=line.qty, received=line.received,
        missing=line.missing, lot=line.lot, serial=line.serial, expires_on=line.expires_on, sscc=line.sscc,
        pallet_sscc=line.pallet_sscc,
    )  # fmt: skip


def _pallets(lines: Sequence[AnnouncedUnits]) -> list[PalletOut]:
    """Put together what lies on each pallet; a carton on none stands for itself."""
    found: dict[str, list[AnnouncedUnits]] = defaultdict(list)
    for line in lines:
        if outer := line.pallet_sscc or line.sscc:
            found[outer].append(line)
    return [
        PalletOut(
            sscc=outer,
            cartons=sorted({line.sscc for line in inside} - {outer, ""}),
            announced=sum(line.qty for line in inside),
            received=sum(line.received for line in inside),
        )
        for outer, inside in sorted(found.items())
    ]


def deliveries_told(rows: Sequence[DeliveryRow]) -> list[DeliveryOut]:
    """Tell deliveries; no statement."""
    return [DeliveryOut(**_delivery(row)) for row in rows]


def delivery_told(row: DeliveryRow) -> WholeDeliveryOut:
    """Tell a delivery with its lines, what was set aside, and its receipts; six statements at most."""
    pk = row.delivery.pk
    return WholeDeliveryOut(
        **_delivery(row),
        lines=lines_told(lines_at_dock(expected_of(row.delivery), delivery_id=pk)),
        set_aside=asides_told(asides_of(pk)),
        receipts=receipts_told(receipts_of(pk)),
    )


def _delivery(row: DeliveryRow) -> dict[str, Any]:
    d = row.delivery
    same = ("state", "carrier", "note_number", "closed_short", "started_at", "finished_at")
    return {
        "id": d.pk,
        "supplier": d.supplier.code if d.supplier else "",
        "purchase_order": d.purchase_order.number if d.purchase_order else "",
        "announcement": d.announcement.reference if d.announcement else "",
        "node": d.node.code,
        **{name: getattr(d, name) for name in same},
        **{name: getattr(row, name) for name in ("good", "damaged", "over", "aside")},
    }


def suppliers_told(suppliers: Collection[Supplier]) -> list[SupplierOut]:
    """Tell suppliers; no statement."""
    names = SupplierOut.__struct_fields__
    return [SupplierOut(id=one.pk, **{name: getattr(one, name) for name in names if name != "id"}) for one in suppliers]


def sold_told(rows: Sequence[SupplierSku]) -> list[SoldOut]:
    """Tell how a supplier sells SKUs, which come with their SKUs; no statement."""
    same = ("supplier_code", "unit_cost_cents", "pack_units", "minimum_units", "lead_days")
    return [SoldOut(sku=r.sku.code, name=r.sku.name, **{name: getattr(r, name) for name in same}) for r in rows]
