"""Saying how a supplier sells SKUs, as a program says: each judged by itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from colisage.catalog.queries import skus_by_code
from colisage.inbound.actions.lock_supplier import lock_supplier
from colisage.inbound.actions.save_supplier_sku import save_supplier_sku
from colisage.kit.actors import Actor
from colisage.kit.errors import NotThere, Refused


@dataclass(frozen=True, slots=True)
class SoldLike:
    """How a supplier sells a SKU, by its code; the cost in minor units of the supplier's currency."""

    sku: str
    supplier_code: str = ""
    unit_cost_cents: int = 0
    pack_units: int = 1
    minimum_units: int = 1
    lead_days: int | None = None


@transaction.atomic
def save_supplier_skus(
    merchant_id: int, said: Sequence[SoldLike], *, supplier_id: int, actor: Actor
) -> list[Refused | int]:
    """Say how a supplier sells SKUs, the last of two for one SKU; give of each the SKU, or why it was refused.

    Raises `NotThere` for a supplier that is not this merchant's.
    """
    lock_supplier(merchant_id, supplier_id=supplier_id)
    skus = skus_by_code(merchant_id, codes={one.sku for one in said})
    became: list[Refused | int] = []
    for one in said:
        try:
            if (sku := skus.get(one.sku.upper())) is None:
                raise NotThere
            with transaction.atomic():
                save_supplier_sku(
                    merchant_id, supplier_id=supplier_id, sku_id=sku.id, supplier_code=one.supplier_code.strip(),
                    unit_cost_cents=one.unit_cost_cents, pack_units=one.pack_units, minimum_units=one.minimum_units,
                    lead_days=one.lead_days, actor=actor,
                )  # fmt: skip
            became.append(sku.id)
        except Refused as refusal:
            became.append(refusal)
    return became
