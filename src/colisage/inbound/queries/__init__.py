"""What is expected, what came, and what still stands on the dock."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Sum

from colisage.inbound.models import PurchaseLine, PurchaseOrder, Receipt


@dataclass(frozen=True, slots=True)
class Expected:
    """A purchase order, as lists show it."""

    id: int
    merchant_id: int
    number: str
    supplier: str
    node: str
    node_id: int
    state: str
    expected_on: date | None
    ordered: int
    received: int


def purchases(merchant_ids: Collection[int], *, state: str = "", most: int = 100) -> list[Expected]:
    """Give purchase orders, those expected first come first."""
    rows = PurchaseOrder.objects.filter(merchant_id__in=merchant_ids)
    if state:
        rows = rows.filter(state=state)
    chosen = list(
        rows.select_related("supplier", "node").order_by("-state", F("expected_on").asc(nulls_last=True), "-pk")[:most]
    )
    sums = {
        row["purchase_order_id"]: (row["o"], row["r"])
        for row in PurchaseLine.objects.filter(purchase_order__in=chosen)
        .values("purchase_order_id")
        .annotate(o=Sum("ordered"), r=Sum("received"))
    }
    return [
        Expected(
            p.pk,
            p.merchant_id,
            p.number,
            p.supplier.name,
            p.node.name,
            p.node_id,
            p.state,
            p.expected_on,
            *sums.get(p.pk, (0, 0)),
        )
        for p in chosen
    ]


def purchase_of(merchant_ids: Collection[int], *, purchase_id: int) -> Expected | None:
    """Find a purchase order of these merchants."""
    order = PurchaseOrder.objects.filter(merchant_id__in=merchant_ids, pk=purchase_id).first()
    return (
        next((p for p in purchases([order.merchant_id], most=10_000) if p.id == purchase_id), None) if order else None
    )


def purchase_lines(purchase_id: int) -> list[tuple[int, str, str, int, int]]:
    """Give the lines of a purchase order: SKU id, code, name, ordered, received."""
    rows = PurchaseLine.objects.filter(purchase_order_id=purchase_id).order_by("sku__code")
    return list(rows.values_list("sku_id", "sku__code", "sku__name", "ordered", "received"))


def on_the_dock(merchant_ids: Collection[int], *, most: int = 100) -> list[Receipt]:
    """Give the receipts of which units still stand on the dock, the oldest first."""
    rows = Receipt.objects.filter(merchant_id__in=merchant_ids, put_away__lt=F("good"))
    return list(rows.select_related("sku", "node", "lot").order_by("pk")[:most])


def receipt_of(merchant_ids: Collection[int], *, receipt_id: int) -> Receipt | None:
    """Find a receipt of these merchants."""
    return (
        Receipt.objects.filter(merchant_id__in=merchant_ids, pk=receipt_id).select_related("sku", "node", "lot").first()
    )
