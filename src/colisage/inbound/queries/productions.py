"""What was made in the house."""

from collections.abc import Collection

from django.db.models import QuerySet

from colisage.inbound.models import Production


def productions_page(merchant_ids: Collection[int], *, after: int | None = None, size: int = 50) -> list[Production]:
    """Give one page of batches, the latest first, and one more when there are more; one statement."""
    rows: QuerySet[Production] = Production.objects.filter(merchant_id__in=merchant_ids)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    return list(rows.select_related("sku", "node", "lot").order_by("-pk")[: size + 1])
