"""Shipments, page by page."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from colisage.orders.queries.together import heads_by_order
from colisage.shipping.models import Label, Shipment, ShipmentState

__all__ = ["STATES", "Shipment"]
STATES = ShipmentState.values


def shipments_by_order(merchant_id: int, *, order_ids: Collection[int]) -> dict[int, list[Shipment]]:
    """Give the shipments of orders that are not void, the oldest first; one shared by several stands with each."""
    heads = heads_by_order(order_ids)
    rows = _whole(merchant_id).filter(fulfillment_order__in={pk for each in heads.values() for pk in each})
    found = list(rows.exclude(state__in=["void", "voiding"]).order_by("pk"))
    return {order: [s for s in found if s.fulfillment_order_id in each] for order, each in heads.items()}


def shipment_of(merchant_id: int, *, shipment_id: int) -> Shipment | None:
    """Find a shipment of a merchant, in any state."""
    return _whole(merchant_id).filter(pk=shipment_id).first()


def shipments_page(
    merchant_id: int,
    *,
    state: str = "",
    carrier: str = "",
    tracking_number: str = "",
    requested_since: datetime | None = None,
    before: int | None = None,
    size: int = 50,
) -> list[Shipment]:
    """Give one page of shipments, the newest first, and one more when there are more."""
    rows = _whole(merchant_id)
    if state:
        rows = rows.filter(state=state)
    if carrier:
        rows = rows.filter(carrier__code=carrier)
    if tracking_number:
        plain = "".join(tracking_number.split()).upper()
        labels = Label.objects.filter(merchant_id=merchant_id, tracking_number=plain)
        rows = rows.filter(pk__in=labels.values("shipment_id"))
    if requested_since is not None:
        rows = rows.filter(requested_at__gte=requested_since)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return list(rows.order_by("-pk")[: size + 1])


def _whole(merchant_id: int) -> QuerySet[Shipment]:
    return Shipment.objects.filter(merchant_id=merchant_id).select_related("carrier", "service", "manifest")
