"""Forgetting how a supplier sells SKUs, as a program says: each judged by itself."""

from collections.abc import Sequence

from django.db import transaction

from colisage.catalog.queries import skus_by_code
from colisage.inbound.actions.drop_supplier_sku import drop_supplier_sku
from colisage.inbound.actions.lock_supplier import lock_supplier
from colisage.kit.actors import Actor
from colisage.kit.errors import NotThere, Refused


@transaction.atomic
def drop_supplier_skus(
    merchant_id: int, codes: Sequence[str], *, supplier_id: int, actor: Actor
) -> list[Refused | int]:
    """Forget how a supplier sells SKUs, by their codes; give of each the SKU, or why it was refused. Again is harmless.

    Raises `NotThere` for a supplier that is not this merchant's.
    """
    lock_supplier(merchant_id, supplier_id=supplier_id)
    skus = skus_by_code(merchant_id, codes=set(codes))
    became: list[Refused | int] = []
    for code in codes:
        if (sku := skus.get(code.upper())) is None:
            became.append(NotThere())
            continue
        drop_supplier_sku(merchant_id, supplier_id=supplier_id, sku_id=sku.id, actor=actor)
        became.append(sku.id)
    return became
