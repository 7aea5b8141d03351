"""How SKUs are stored."""

from collections.abc import Collection

from colisage.catalog.models import Sku


def storage_of(merchant_ids: Collection[int], *, sku_ids: Collection[int]) -> dict[int, str]:
    """Give the storage type of those SKUs that have one."""
    rows = Sku.objects.filter(merchant_id__in=merchant_ids, pk__in=sku_ids, storage__isnull=False)
    return dict(rows.values_list("pk", "storage__code"))


def stored_skus(merchant_ids: Collection[int], *, most: int = 200) -> list[tuple[int, str, str, str]]:
    """Give the SKUs with a storage type: id, code, name, and the type's code."""
    rows = Sku.objects.filter(merchant_id__in=merchant_ids, storage__isnull=False).order_by("storage_id", "code")
    return list(rows.values_list("pk", "code", "name", "storage__code")[:most])
