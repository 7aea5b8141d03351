from django.db import transaction

from colisage.inbound.models import SupplierSku
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds


@transaction.atomic
def drop_supplier_sku(merchant_id: int, *, supplier_id: int, sku_id: int, actor: Actor) -> None:
    """Forget how a supplier sells a SKU; orders keep what they were written with. Harmless when repeated."""
    known = SupplierSku.objects.filter(merchant_id=merchant_id, supplier=supplier_id, sku=sku_id)
    if known.delete()[0]:
        record_deeds(
            [Deed("supplier", supplier_id, "supplier_sku_dropped", {"sku": sku_id}, merchant_id=merchant_id)],
            actor=actor,
        )
