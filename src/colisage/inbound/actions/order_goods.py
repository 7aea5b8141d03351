"""Ordering goods from a supplier, in the fewest words: a name is enough to make the supplier."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from colisage.inbound.actions.write_purchase import NothingOrdered, NumberTaken, Want, write_purchase
from colisage.inbound.models import Supplier
from colisage.kit.actors import Actor
from colisage.people.queries import merchants_by_id

__all__ = ["NothingOrdered", "NumberTaken", "order_goods"]


@transaction.atomic
def order_goods(
    merchant_id: int,
    *,
    supplier: str,
    node_id: int,
    number: str,
    lines: Sequence[tuple[int, int, int] | Want],
    actor: Actor,
    expected_on: date | None = None,
    consigned: bool = False,
    draft: bool = False,
    note: str = "",
) -> int:
    """Write a purchase order of (SKU id, units, unit cost in minor units); a supplier's new name makes the supplier.

    A known supplier is named by its code or its name. Raises what `write_purchase` raises.
    """
    wants = [line if isinstance(line, Want) else Want(*line) for line in lines if isinstance(line, Want) or line[1] > 0]
    if not wants:
        raise NothingOrdered
    return write_purchase(
        merchant_id,
        wants,
        supplier_id=_supplier(merchant_id, supplier.strip()),
        node_id=node_id,
        number=number,
        expected_on=expected_on,
        consigned=consigned,
        draft=draft,
        note=note,
        actor=actor,
    )


def _supplier(merchant_id: int, said: str) -> int:
    known = Supplier.objects.filter(merchant_id=merchant_id)
    found = known.filter(code=said.upper()[:30]).first() or known.filter(name__iexact=said).order_by("pk").first()
    if found is None:
        merchant = merchants_by_id({merchant_id})[merchant_id]
        found = Supplier.objects.create(
            merchant_id=merchant_id, code=said.upper()[:30], name=said[:120], currency=merchant.currency,
            language=merchant.language,
        )  # fmt: skip
    return found.pk
