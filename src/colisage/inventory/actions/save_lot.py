from datetime import date

from django.db import transaction

from colisage.inventory.models import Lot


@transaction.atomic
def save_lot(merchant_id: int, *, sku_id: int, code: str, expires_on: date | None) -> int:
    """Find a lot of a SKU by its code, or make it; give its id. A date that is known stays."""
    lot, _ = Lot.objects.get_or_create(
        sku_id=sku_id, code=code[:80], defaults={"merchant_id": merchant_id, "expires_on": expires_on}
    )
    if lot.expires_on is None and expires_on is not None:
        Lot.objects.filter(pk=lot.pk).update(expires_on=expires_on)
    return lot.pk
