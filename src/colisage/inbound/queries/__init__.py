"""What is expected, what came, and what still stands on the dock."""

from collections.abc import Collection

from colisage.inbound.models import Receipt
from colisage.inbound.queries.dock import how_many_on_the_dock, on_the_dock
from colisage.inbound.queries.incoming import incoming_of
from colisage.inbound.queries.purchases import Expected, purchase_lines, purchase_of, purchases

__all__ = [
    "Expected",
    "how_many_on_the_dock",
    "incoming_of",
    "on_the_dock",
    "purchase_lines",
    "purchase_of",
    "purchases",
    "receipt_of",
]


def receipt_of(merchant_ids: Collection[int], *, receipt_id: int) -> Receipt | None:
    """Find a receipt of these merchants."""
    return (
        Receipt.objects.filter(merchant_id__in=merchant_ids, pk=receipt_id).select_related("sku", "node", "lot").first()
    )
