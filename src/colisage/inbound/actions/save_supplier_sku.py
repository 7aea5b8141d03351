from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.catalog.queries import skus_by_id
from colisage.inbound.models import Supplier, SupplierSku
from colisage.inbound.rules.purchasing import MOST_CENTS, MOST_UNITS
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed, NotThere, Refused


class SupplierSkuCodeTaken(Refused):
    """One code of a supplier stands for one SKU."""

    code = "supplier_sku_code_taken"
    text = _("This supplier’s code %(code)s stands for another SKU already.")


class NotSoldLikeThat(Malformed):
    """Packs and minimums are whole units, costs amounts within reason."""

    code = "not_sold_like_that"
    text = _("Packs and minimums are at least one unit, and a cost is not negative.")


@transaction.atomic
def save_supplier_sku(
    merchant_id: int,
    *,
    supplier_id: int,
    sku_id: int,
    actor: Actor,
    supplier_code: str = "",
    unit_cost_cents: int = 0,
    pack_units: int = 1,
    minimum_units: int = 1,
    lead_days: int | None = None,
) -> None:
    """Say how a supplier sells a SKU; said again, it is changed. Costs in the supplier's currency.

    Raises `NotThere` for ids that are not this merchant's, `SupplierSkuCodeTaken`, `NotSoldLikeThat`.
    """
    supplier = Supplier.objects.select_for_update(no_key=True).filter(merchant_id=merchant_id, pk=supplier_id)
    if supplier.first() is None:  # locked: of two who say the same code one looks after the other
        raise NotThere
    if sku_id not in skus_by_id(merchant_id, ids=[sku_id]):
        raise NotThere
    if not (
        0 < pack_units <= MOST_UNITS
        and 0 < minimum_units <= MOST_UNITS
        and 0 <= unit_cost_cents <= MOST_CENTS
        and 0 <= (lead_days or 0) <= 1_000
    ):
        raise NotSoldLikeThat
    known = SupplierSku.objects.filter(merchant_id=merchant_id, supplier=supplier_id)
    if supplier_code and known.filter(supplier_code=supplier_code).exclude(sku=sku_id).exists():
        raise SupplierSkuCodeTaken(code=supplier_code)
    facts = {
        "supplier_code": supplier_code, "unit_cost_cents": unit_cost_cents, "pack_units": pack_units,
        "minimum_units": minimum_units, "lead_days": lead_days,
    }  # fmt: skip
    SupplierSku.objects.update_or_create(
        supplier_id=supplier_id, sku_id=sku_id, defaults={"merchant_id": merchant_id, **facts}
    )
    record_deeds(
        [Deed("supplier", supplier_id, "supplier_sku_saved", {"sku": sku_id, **facts}, merchant_id=merchant_id)],
        actor=actor,
    )
