"""What suppliers announced: deliveries, their lines, and what lies in a carton or on a pallet."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet, Sum

from colisage.inbound.models import (
    AnnouncedLine,
    Announcement,
    AnnouncementImport,
    AnnouncementState,
)
from colisage.inbound.rules.purchasing import UNFINISHED
from colisage.kit.narrowing import RowCount
from colisage.kit.sent_files import files_of


@dataclass(frozen=True, slots=True)
class Delivery:
    """An announced delivery, as lists show it."""

    id: int
    merchant_id: int
    reference: str
    supplier: str
    supplier_id: int
    node: str
    node_id: int
    state: str
    expected_on: date | None
    carrier: str
    tracking_number: str
    came_by: str
    by_name: str
    created_at: datetime
    arrived_at: datetime | None
    ended_at: datetime | None
    announced: int
    received: int
    supplier_code: str
    node_code: str

    @property
    def is_unfinished(self) -> bool:
        """Say whether goods are still to come or to be counted."""
        return self.state in UNFINISHED

    @property
    def state_says(self) -> str:
        """Name the state."""
        return str(AnnouncementState(self.state).label)


def _deliveries(rows: QuerySet[Announcement]) -> list[Delivery]:
    found = list(rows.select_related("supplier", "node"))
    sums = {
        row["announcement_id"]: (row["q"], row["r"])
        for row in AnnouncedLine.objects.filter(announcement__in=[a.pk for a in found])
        .values("announcement_id")
        .annotate(q=Sum("qty"), r=Sum("received"))
    }
    return [
        Delivery(
            a.pk, a.merchant_id, a.reference, a.supplier.name, a.supplier_id, a.node.name, a.node_id, a.state,
            a.expected_on, a.carrier, a.tracking_number, a.came_by, a.by_name, a.created_at, a.arrived_at, a.ended_at,
            *sums.get(a.pk, (0, 0)), a.supplier.code, a.node.code,
        )
        for a in found
    ]  # fmt: skip


def deliveries_page(
    merchant_ids: Collection[int], *, view: str = "", after: int | None = None, size: int = 50
) -> list[Delivery]:
    """Give one page of announced deliveries, the latest first, and one more when there are more; two statements."""
    rows = Announcement.objects.filter(merchant_id__in=merchant_ids)
    if view == "expected":
        rows = rows.filter(state__in=UNFINISHED)
    elif view in {"received", "cancelled"}:
        rows = rows.filter(state=view)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    return _deliveries(rows.order_by("-pk")[: size + 1])


def deliveries_expected(merchant_ids: Collection[int], *, most: int) -> list[Delivery]:
    """Give the announced deliveries that are not settled, those expected first come first."""
    rows = Announcement.objects.filter(merchant_id__in=merchant_ids, state__in=UNFINISHED)
    return _deliveries(rows.order_by("expected_on", "pk")[:most])


def delivery_of(merchant_ids: Collection[int], *, announcement_id: int) -> Delivery | None:
    """Find an announced delivery of these merchants."""
    return next(iter(_deliveries(Announcement.objects.filter(merchant_id__in=merchant_ids, pk=announcement_id))), None)


def deliveries_of_order(merchant_ids: Collection[int], *, purchase_id: int) -> list[Delivery]:
    """Give what was announced of a purchase order."""
    lines = AnnouncedLine.objects.filter(merchant_id__in=merchant_ids, purchase_order_id=purchase_id)
    return _deliveries(Announcement.objects.filter(pk__in=lines.values("announcement_id")).order_by("-pk"))


@dataclass(frozen=True, slots=True)
class AnnouncedUnits:
    """A line of an announced delivery: units of a SKU in one carton or on one pallet."""

    id: int
    announcement_id: int
    merchant_id: int
    sku_id: int
    code: str
    name: str
    tracks_lots: bool
    purchase_order_id: int | None
    order_number: str
    qty: int
    received: int
    lot: str
    serial: str
    expires_on: date | None
    sscc: str
    pallet_sscc: str

    @property
    def missing(self) -> int:
        """Give the units that did not come yet."""
        return max(self.qty - self.received, 0)

    @property
    def over(self) -> int:
        """Give the units that came beyond what was announced."""
        return max(self.received - self.qty, 0)


def _lines(rows: QuerySet[AnnouncedLine]) -> list[AnnouncedUnits]:
    found = rows.order_by("pallet_sscc", "sscc", "sku__code", "pk").values_list(
        "pk", "announcement_id", "merchant_id", "sku_id", "sku__code", "sku__name", "sku__tracks_lots",
        "purchase_order_id", "purchase_order__number", "qty", "received", "lot", "serial", "expires_on", "sscc",
        "pallet_sscc",
    )  # fmt: skip
    return [AnnouncedUnits(*row[:8], row[8] or "", *row[9:]) for row in found]


def announced_lines(merchant_ids: Collection[int], *, announcement_id: int) -> list[AnnouncedUnits]:
    """Give the lines of an announced delivery, pallet by pallet."""
    return _lines(AnnouncedLine.objects.filter(merchant_id__in=merchant_ids, announcement_id=announcement_id))


def announced_lots(announcement_id: int, *, sku_id: int, most: int = 6) -> list[tuple[str, date | None]]:
    """Give the lots of a SKU that a delivery was announced with, and their dates: what the labels should say."""
    rows = AnnouncedLine.objects.filter(announcement=announcement_id, sku=sku_id).exclude(lot="")
    return list(rows.order_by("lot", "expires_on").values_list("lot", "expires_on").distinct()[:most])


def lines_of_sscc(merchant_ids: Collection[int], *, sscc: str) -> list[AnnouncedUnits]:
    """Give what is announced in a carton or on a pallet, by its SSCC (18 digits); settled deliveries left out."""
    rows = AnnouncedLine.objects.filter(merchant_id__in=merchant_ids, announcement__state__in=UNFINISHED)
    return _lines(rows.filter(Q(sscc=sscc) | Q(pallet_sscc=sscc)))


def announcement_counts(merchant_ids: Collection[int]) -> dict[str, int]:
    """Count the announced deliveries of each view, no further than anybody needs to know."""
    rows = Announcement.objects.filter(merchant_id__in=merchant_ids)
    ended = {state: RowCount.of(rows.filter(state=state)) for state in ("received", "cancelled")}
    return {"expected": RowCount.of(rows.filter(state__in=UNFINISHED)), **ended}


def imports_of(merchant_id: int) -> list[AnnouncementImport]:
    """Give the last files of announced deliveries."""
    return files_of(AnnouncementImport, merchant_id)
