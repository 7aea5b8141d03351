"""What is expected, what came, and what still stands on the dock."""

from collections.abc import Collection

from django.db.models import F

from colisage.inbound.models import Receipt
from colisage.inbound.queries.incoming import incoming_of
from colisage.inbound.queries.purchases import Expected, purchase_lines, purchase_of, purchases

__all__ = ["Expected", "incoming_of", "on_the_dock", "purchase_lines", "purchase_of", "purchases", "receipt_of"]


def on_the_dock(merchant_ids: Collection[int], *, most: int = 100) -> list[Receipt]:
    """Give the receipts of which units still stand on the dock, the oldest first."""
    rows = Receipt.objects.filter(merchant_id__in=merchant_ids, put_away__lt=F("good"))
    return list(rows.select_related("sku", "node", "lot").order_by("pk")[:most])


def receipt_of(merchant_ids: Collection[int], *, receipt_id: int) -> Receipt | None:
    """Find a receipt of these merchants."""
    return (
        Receipt.objects.filter(merchant_id__in=merchant_ids, pk=receipt_id).select_related("sku", "node", "lot").first()
    )
