"""What is ordered from suppliers, and how much of it came."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import BigIntegerField, F, Q, QuerySet, Sum
from django.utils import timezone

from colisage.inbound.models import PurchaseLine, PurchaseOrder, PurchaseState
from colisage.inbound.rules.purchasing import EXPECTING
from colisage.kit.narrowing import RowCount, narrowed


@dataclass(frozen=True, slots=True)
class Expected:
    """A purchase order, as lists show it; its total in minor units of its currency."""

    id: int
    merchant_id: int
    number: str
    supplier: str
    supplier_id: int
    node: str
    node_id: int
    state: str
    expected_on: date | None
    currency: str
    consigned: bool
    note: str
    sent_at: datetime | None
    ordered: int
    received: int
    total_cents: int
    supplier_code: str
    node_code: str
    ended_at: datetime | None

    @property
    def is_expecting(self) -> bool:
        """Say whether goods are still to come."""
        return self.state in EXPECTING

    @property
    def state_says(self) -> str:
        """Name the state."""
        return str(PurchaseState(self.state).label)


def _expected(orders: Collection[PurchaseOrder]) -> list[Expected]:
    cost = F("ordered") * F("unit_cost_cents")
    sums = {
        row["purchase_order_id"]: (row["o"], row["r"], row["c"])
        for row in PurchaseLine.objects.filter(purchase_order__in=[p.pk for p in orders])
        .values("purchase_order_id")
        .annotate(o=Sum("ordered"), r=Sum("received"), c=Sum(cost, output_field=BigIntegerField()))
    }
    return [
        Expected(
            p.pk, p.merchant_id, p.number, p.supplier.name, p.supplier_id, p.node.name, p.node_id, p.state,
            p.expected_on, p.currency, p.consigned, p.note, p.sent_at, *sums.get(p.pk, (0, 0, 0)),
            p.supplier.code, p.node.code, p.ended_at,
        )
        for p in orders
    ]  # fmt: skip


def _orders(merchant_ids: Collection[int]) -> QuerySet[PurchaseOrder]:
    return PurchaseOrder.objects.filter(merchant_id__in=merchant_ids).select_related("supplier", "node")


def purchases(merchant_ids: Collection[int], *, most: int) -> list[Expected]:
    """Give the purchase orders of which goods are still to come, those expected first come first."""
    rows = _orders(merchant_ids).filter(state__in=EXPECTING)
    return _expected(list(rows.order_by(F("expected_on").asc(nulls_last=True), "pk")[:most]))


VIEWS = {
    "expected": Q(state__in=EXPECTING),
    "draft": Q(state="draft"),
    "ended": Q(state__in=["closed", "short", "cancelled"]),
}


def purchases_page(
    merchant_ids: Collection[int],
    *,
    view: str = "",
    supplier_id: int | None = None,
    number: str = "",
    after: int | None = None,
    size: int = 50,
) -> list[Expected]:
    """Give one page of purchase orders, the latest first, and one more when there are more.

    Two statements, and one for a number.
    """
    rows = _orders(merchant_ids)
    if view == "late":
        rows = rows.filter(state__in=EXPECTING, expected_on__lt=timezone.localdate())
    elif view in VIEWS:
        rows = rows.filter(VIEWS[view])
    if supplier_id is not None:
        rows = rows.filter(supplier_id=supplier_id)
    if number:
        numbered = Q(number__begins=number)
        every = PurchaseOrder.objects.filter(merchant_id__in=merchant_ids).values_list("pk")
        rows = narrowed(rows, found=every.filter(numbered), otherwise=numbered)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    return _expected(list(rows.order_by("-pk")[: size + 1]))


def purchase_counts(merchant_ids: Collection[int]) -> dict[str, int]:
    """Count the purchase orders of each view, no further than anybody needs to know."""
    rows = PurchaseOrder.objects.filter(merchant_id__in=merchant_ids)
    late = rows.filter(VIEWS["expected"], expected_on__lt=timezone.localdate())
    return {"late": RowCount.of(late), **{view: RowCount.of(rows.filter(q)) for view, q in VIEWS.items()}}


def purchase_of(merchant_ids: Collection[int], *, purchase_id: int, locked: bool = False) -> Expected | None:
    """Find a purchase order of these merchants; `locked` until the transaction ends, to change it as it was read."""
    rows = _orders(merchant_ids).filter(pk=purchase_id)
    return next(iter(_expected(list(rows.select_for_update(no_key=True, of=("self",)) if locked else rows))), None)


def purchase_lines(purchase_id: int) -> list[tuple[int, str, str, int, int]]:
    """Give the lines of a purchase order: SKU id, code, name, ordered, received."""
    rows = PurchaseLine.objects.filter(purchase_order_id=purchase_id).order_by("sku__code")
    return list(rows.values_list("sku_id", "sku__code", "sku__name", "ordered", "received"))


@dataclass(frozen=True, slots=True)
class OrderedLine:
    """A line of a purchase order; costs in minor units of the order's currency."""

    sku_id: int
    code: str
    name: str
    supplier_code: str
    ordered: int
    received: int
    unit_cost_cents: int
    expected_on: date | None

    @property
    def total_cents(self) -> int:
        """Give what the line costs."""
        return self.ordered * self.unit_cost_cents

    @property
    def missing(self) -> int:
        """Give the units that did not come yet."""
        return max(self.ordered - self.received, 0)

    @property
    def over(self) -> int:
        """Give the units that came beyond what was ordered."""
        return max(self.received - self.ordered, 0)


def ordered_lines(merchant_ids: Collection[int], *, purchase_id: int) -> list[OrderedLine]:
    """Give the lines of a purchase order, by SKU."""
    rows = PurchaseLine.objects.filter(merchant_id__in=merchant_ids, purchase_order_id=purchase_id).order_by(
        "sku__code"
    )
    return [
        OrderedLine(*row)
        for row in rows.values_list(
            "sku_id", "sku__code", "sku__name", "supplier_code", "ordered", "received", "unit_cost_cents", "expected_on"
        )
    ]
