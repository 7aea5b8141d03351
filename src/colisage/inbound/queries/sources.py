"""Where goods came from: the order behind a receipt, and the supplier who owns consigned units."""

from collections.abc import Collection

from colisage.inbound.models import Receipt, Supplier


def purchases_of_receipts(merchant_ids: Collection[int], *, receipt_ids: Collection[int]) -> dict[int, tuple[int, str]]:
    """Give the purchase order, and its number, that each receipt was taken in against."""
    rows = Receipt.objects.filter(merchant_id__in=merchant_ids, pk__in=receipt_ids, purchase_order__isnull=False)
    found = rows.values_list("pk", "purchase_order_id", "purchase_order__number")
    return {pk: (order or 0, number or "") for pk, order, number in found}


def supplier_names(merchant_ids: Collection[int], *, ids: Collection[int]) -> dict[int, str]:
    """Give the names of suppliers, such as the owners of consigned goods."""
    return dict(Supplier.objects.filter(merchant_id__in=merchant_ids, pk__in=ids).values_list("pk", "name"))
