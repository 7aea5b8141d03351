"""Ordering goods from a supplier."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.inbound.models import PurchaseLine, PurchaseOrder, Supplier
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Refused


class NumberTaken(Refused):
    """There is a purchase order of that number already."""

    code = "number_taken"
    text = _("There is a purchase order %(number)s already.")


class NothingOrdered(Refused):
    """A purchase order has at least one line."""

    code = "nothing_ordered"
    text = _("Order at least one unit of one SKU.")


@transaction.atomic
def order_goods(
    merchant_id: int,
    *,
    supplier: str,
    node_id: int,
    number: str,
    lines: Sequence[tuple[int, int, int]],
    actor: Actor,
    expected_on: date | None = None,
) -> int:
    """Write a purchase order of (SKU id, units, unit cost in minor units); a supplier's new name makes the supplier."""
    wanted: dict[int, tuple[int, int]] = {}
    for sku, units, cost in lines:
        if units > 0:
            wanted[sku] = (wanted.get(sku, (0, 0))[0] + units, cost)
    if not wanted:
        raise NothingOrdered
    if PurchaseOrder.objects.filter(merchant_id=merchant_id, number=number).exists():
        raise NumberTaken(number=number)
    seller, _made = Supplier.objects.get_or_create(
        merchant_id=merchant_id, code=supplier.strip().upper()[:30], defaults={"name": supplier.strip()[:120]}
    )
    order = PurchaseOrder.objects.create(
        merchant_id=merchant_id, supplier=seller, node_id=node_id, number=number, expected_on=expected_on
    )
    PurchaseLine.objects.bulk_create(
        PurchaseLine(merchant_id=merchant_id, purchase_order=order, sku_id=sku, ordered=units, unit_cost_cents=cost)
        for sku, (units, cost) in wanted.items()
    )
    record_deeds(
        [Deed("purchase_order", order.pk, "goods_ordered", {"number": number}, merchant_id=merchant_id)], actor=actor
    )
    return order.pk
