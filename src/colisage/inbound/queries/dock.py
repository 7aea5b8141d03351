"""What the dock expects and what it took in: deliveries, their receipts, and what was set aside."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet, Sum

from colisage.catalog.queries.scans import Scanned
from colisage.inbound.models import (
    AnnouncedLine,
    Announcement,
    Delivery,
    DockPolicy,
    PurchaseLine,
    PurchaseOrder,
    Receipt,
    SetAside,
)
from colisage.inbound.rules.receiving import missing
from colisage.inventory.queries.bins import is_owed
from colisage.kit.narrowing import RowCount


@dataclass(frozen=True, slots=True)
class Line:
    """A SKU of a delivery: ordered, come in all, and taken in with this delivery. `expected` is what it could bring."""

    sku_id: int
    code: str
    name: str
    ordered: int
    received: int
    good: int
    damaged: int
    unexpected: bool

    @property
    def here(self) -> int:
        """Give the units this delivery brought."""
        return self.good + self.damaged

    @property
    def expected(self) -> int:
        """Give what was still to come when the delivery began."""
        return missing(self.ordered, received=self.received - self.here)

    @property
    def left(self) -> int:
        """Give what is still to come."""
        return missing(self.ordered, received=self.received)

    @property
    def over(self) -> int:
        """Give the units of this delivery that nobody ordered."""
        return max(0, self.here - self.expected)


@dataclass(frozen=True, slots=True)
class Expecting:
    """What goods are received against: a purchase order or an announced delivery, and the delivery being received."""

    merchant_id: int
    node_id: int
    number: str
    supplier: str
    supplier_id: int
    purchase_order_id: int | None
    announcement_id: int | None
    delivery: Delivery | None


def expected_by_order(merchant_ids: Collection[int], *, purchase_id: int) -> Expecting | None:
    """Find a purchase order to receive against."""
    rows = PurchaseOrder.objects.filter(merchant_id__in=merchant_ids, pk=purchase_id)
    order = rows.select_related("supplier", "node").first()  # the wall shows the nodes at which one may stand
    if order is None:
        return None
    being = Delivery.objects.filter(purchase_order=order, state="open").first()
    return Expecting(
        order.merchant_id, order.node_id, order.number, order.supplier.name, order.supplier_id, order.pk, None, being
    )


def expected_by_announcement(merchant_ids: Collection[int], *, announcement_id: int) -> Expecting | None:
    """Find an announced delivery to receive against."""
    rows = Announcement.objects.filter(merchant_id__in=merchant_ids, pk=announcement_id)
    found = rows.select_related("supplier", "node").first()
    if found is None:
        return None
    being = Delivery.objects.filter(announcement=found, state="open").first()
    return Expecting(
        found.merchant_id, found.node_id, found.reference, found.supplier.name, found.supplier_id, None, found.pk, being
    )


def expected_of(delivery: Delivery) -> Expecting | None:
    """Give what a delivery is received against; None for a blind one."""
    if delivery.purchase_order_id is not None:
        return expected_by_order([delivery.merchant_id], purchase_id=delivery.purchase_order_id)
    if delivery.announcement_id is not None:
        return expected_by_announcement([delivery.merchant_id], announcement_id=delivery.announcement_id)
    return None


def stand_of(expecting: Expecting) -> dict[int, tuple[int, int]]:
    """Give (expected, come) of each SKU of an order, or of an announced delivery."""
    return {row[0]: (row[3], row[4]) for row in _expected(expecting)}


def blind_delivery_of(merchant_ids: Collection[int], *, person_id: int) -> Delivery | None:
    """Give the delivery without an order that a person is receiving, the latest begun."""
    rows = Delivery.objects.filter(
        merchant_id__in=merchant_ids, started_by_id=person_id, purchase_order=None, announcement=None, state="open"
    )
    return rows.order_by("-pk").first()


def lines_at_dock(expecting: Expecting | None, *, delivery_id: int | None) -> list[Line]:
    """Give what is expected and what a delivery brought of it; what nobody expected comes last. Two statements."""
    brought = {row["sku_id"]: row for row in _brought(delivery_id)}
    lines = []
    for row in _expected(expecting):
        here = brought.pop(row[0], {})
        lines.append(Line(*row, here.get("g", 0), here.get("d", 0), unexpected=False))
    for extra in sorted(brought.values(), key=lambda r: str(r["sku__code"])):
        units = extra["g"] + extra["d"]
        lines.append(
            Line(
                extra["sku_id"], extra["sku__code"], extra["sku__name"], 0, units, extra["g"], extra["d"],
                unexpected=expecting is not None,
            )
        )  # fmt: skip
    return lines


def _expected(expecting: Expecting | None) -> list[tuple[int, str, str, int, int]]:
    if expecting is None:
        return []
    if expecting.purchase_order_id is not None:
        rows = PurchaseLine.objects.filter(purchase_order=expecting.purchase_order_id).order_by("sku__code")
        return list(rows.values_list("sku_id", "sku__code", "sku__name", "ordered", "received"))
    announced = AnnouncedLine.objects.filter(announcement=expecting.announcement_id or 0)
    sums = announced.values("sku_id", "sku__code", "sku__name").annotate(q=Sum("qty"), r=Sum("received"))
    return list(sums.order_by("sku__code").values_list("sku_id", "sku__code", "sku__name", "q", "r"))


def _brought(delivery_id: int | None) -> list[dict[str, Any]]:
    if delivery_id is None:
        return []
    rows = Receipt.objects.filter(delivery=delivery_id, undone_at=None)
    sums = rows.values("sku_id", "sku__code", "sku__name").annotate(g=Sum("good"), d=Sum("damaged"))
    return [dict(row) for row in sums]


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """A delivery as the list shows it."""

    delivery: Delivery
    good: int
    damaged: int
    over: int
    aside: int


def deliveries_page(
    merchant_ids: Collection[int], *, state: str = "", after: int | None = None, size: int = 50
) -> list[DeliveryRow]:
    """Give one page of deliveries, the latest first, and one more when there are more; three statements."""
    rows = Delivery.objects.filter(merchant_id__in=merchant_ids)
    if state:
        rows = rows.filter(state=state)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    return _summed(list(_whole(rows).order_by("-pk")[: size + 1]))


def delivery_row(merchant_ids: Collection[int], *, delivery_id: int) -> DeliveryRow | None:
    """Find a delivery of these merchants, as the list shows it; three statements."""
    rows = Delivery.objects.filter(merchant_id__in=merchant_ids, pk=delivery_id)
    return next(iter(_summed(list(_whole(rows)))), None)


def _whole(rows: QuerySet[Delivery]) -> QuerySet[Delivery]:
    return rows.select_related("supplier", "purchase_order", "announcement", "node", "merchant")


def _summed(found: Collection[Delivery]) -> list[DeliveryRow]:
    """Say of deliveries how many units they brought."""
    sums = {
        row["delivery_id"]: (row["g"], row["d"], row["o"])
        for row in Receipt.objects.filter(delivery__in=[d.pk for d in found], undone_at=None)
        .values("delivery_id")
        .annotate(g=Sum("good"), d=Sum("damaged"), o=Sum("over"))
    }
    asides = dict(
        SetAside.objects.filter(delivery__in=[d.pk for d in found]).values_list("delivery_id").annotate(n=Sum("units"))
    )
    return [DeliveryRow(d, *sums.get(d.pk, (0, 0, 0)), asides.get(d.pk, 0)) for d in found]


def delivery_of(merchant_ids: Collection[int], *, delivery_id: int) -> Delivery | None:
    """Find a delivery of these merchants."""
    return _whole(Delivery.objects.filter(merchant_id__in=merchant_ids, pk=delivery_id)).first()


def over_percent_of(merchant_id: int) -> int:
    """Give how many per cent more than ordered a merchant's goods are taken in without a question."""
    return (DockPolicy.objects.filter(pk=merchant_id).first() or DockPolicy()).over_percent


def receipts_of(delivery_id: int) -> list[Receipt]:
    """Give the receipts of a delivery, the latest first, those undone among them."""
    return list(Receipt.objects.filter(delivery=delivery_id).select_related("sku", "lot").order_by("-pk"))


def asides_of(delivery_id: int) -> list[SetAside]:
    """Give what was set aside of a delivery."""
    return list(SetAside.objects.filter(delivery=delivery_id).select_related("sku", "lot", "node").order_by("pk"))


def asides_page(
    merchant_ids: Collection[int], *, state: str = "", after: int | None = None, size: int = 50
) -> list[SetAside]:
    """Give one page of what was set aside, the latest first, and one more when there are more."""
    rows = SetAside.objects.filter(merchant_id__in=merchant_ids)
    if state:
        rows = rows.filter(state=state)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    return list(rows.select_related("sku", "node", "merchant", "lot").order_by("-pk")[: size + 1])


def aside_of(merchant_ids: Collection[int], *, aside_id: int) -> SetAside | None:
    """Find what was set aside under a number."""
    rows = SetAside.objects.filter(merchant_id__in=merchant_ids, pk=aside_id)
    return rows.select_related(
        "sku", "node", "merchant", "lot", "delivery", "delivery__purchase_order", "delivery__supplier"
    ).first()


@dataclass(frozen=True, slots=True)
class DockPage:
    """Some of what stands on the dock; `next` says after what the next page begins, None on the last one."""

    receipts: list[Receipt]
    next: str | None


def _standing(merchant_ids: Collection[int]) -> QuerySet[Receipt]:
    """Give the receipts of which units still stand on the dock, on no plate."""
    return Receipt.objects.filter(
        Q(put_away__lt=F("good") - F("rejected")),  # as the index says it
        merchant_id__in=merchant_ids,
        put_away__lt=F("good") - F("rejected") - F("plated"),
        undone_at=None,
    )


def on_the_dock(merchant_ids: Collection[int], *, most: int = 100) -> list[Receipt]:
    """Give what stands on the dock, on no plate: first what people wait for, each the oldest first."""
    return dock_page(merchant_ids, size=most).receipts


def dock_page(merchant_ids: Collection[int], *, after: str = "", size: int = 100, only: Q | None = None) -> DockPage:
    """Give one page of what stands on the dock, on no plate: first what people wait for, each the oldest first.

    `after` is the `next` of another page; anything else begins at the start. Two statements: sorted together, all that
    stands there would have to be read.
    """
    rows = _standing(merchant_ids).filter(only or Q()).select_related("sku", "node", "lot").order_by("pk")
    owed = is_owed(sku="sku", node="node")
    waited, others = rows.filter(owed), rows.filter(~owed)
    first, last = after[:1] == "w", after.removeprefix("w")
    if last.isascii() and last.isdecimal() and len(last) < 19:
        later = Q(pk__gt=int(last))
        waited, others = (waited.filter(later), others) if first else (waited.none(), others.filter(later))
    wanted: list[Receipt] = list(waited[: size + 1])
    found = [*wanted, *others[: size + 1 - len(wanted)]]
    if len(found) <= size:
        return DockPage(found, None)
    end = found[size - 1].pk
    return DockPage(found[:size], f"w{end}" if len(wanted) >= size else str(end))


def scanned_on_the_dock(
    merchant_ids: Collection[int], *, code: str, hits: Iterable[Scanned], after: str = "", size: int = 100
) -> DockPage:
    """Give a page of what a scan means among all that stands on the dock.

    It is the lot or the serial number that the label names, else the SKU, else the lot of that very code. At most four
    statements, however much stands there.
    """
    named, alike = Q(pk__in=()), Q(pk__in=())
    for hit in hits:
        alike |= Q(sku=hit.sku_id)
        named |= Q(sku=hit.sku_id, lot__code__in=[number for number in (hit.lot, hit.serial) if number])
    for only in (named, alike):
        if _standing(merchant_ids).filter(only).exists():
            return dock_page(merchant_ids, after=after, size=size, only=only)
    return dock_page(merchant_ids, after=after, size=size, only=Q(lot__code=code))


def how_many_on_the_dock(merchant_ids: Collection[int]) -> int:
    """Count the receipts of which units still stand on the dock, on no plate, no further than anybody needs to know."""
    return RowCount.of(_standing(merchant_ids))


def alike_on_the_dock(receipt: Receipt) -> list[Receipt]:
    """Give the receipts on the dock that go with a unit of a serial number: the others of its SKU and delivery."""
    if receipt.lot is None or not receipt.lot.is_serial:
        return []
    rows = _standing([receipt.merchant_id]).filter(
        node_id=receipt.node_id, sku_id=receipt.sku_id, delivery=receipt.delivery_id, lot__is_serial=True
    )
    return list(rows.order_by("pk")[:500])
