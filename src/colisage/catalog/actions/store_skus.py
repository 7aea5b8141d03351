"""How SKUs have to be kept."""

from collections.abc import Collection

from django.db import transaction

from colisage.catalog.models import Sku
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds


@transaction.atomic
def store_skus(merchant_id: int, *, sku_ids: Collection[int], storage_id: int | None, actor: Actor) -> int:
    """Say of which storage type SKUs are; None takes it away. Gives how many were changed."""
    rows = Sku.objects.select_for_update(no_key=True).filter(merchant_id=merchant_id, pk__in=sku_ids).order_by("pk")
    changed = {sku.pk: [sku.storage_id, storage_id] for sku in rows if sku.storage_id != storage_id}
    Sku.objects.filter(merchant_id=merchant_id, pk__in=changed).update(storage_id=storage_id)
    record_deeds(
        [
            Deed("sku", pk, "sku_changed", {"storage_id": change}, merchant_id=merchant_id)
            for pk, change in changed.items()
        ],
        actor=actor,
    )
    return len(changed)
