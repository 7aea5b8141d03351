"""Saying what consigned goods cost that were bought without a cost, as a program does: SKUs by code, each by itself."""

from collections.abc import Sequence

from django.db import transaction

from colisage.catalog.queries import skus_by_code
from colisage.inbound.actions.price_consigned import price_consigned
from colisage.inbound.actions.receive_each import NoSuchSku
from colisage.inbound.models import ConsignmentStatement
from colisage.kit.actors import Actor
from colisage.kit.each import each
from colisage.kit.errors import NotThere, Refused


@transaction.atomic
def price_each(
    merchant_id: int, costs: Sequence[tuple[str, int]], *, statement_id: int, actor: Actor
) -> list[Refused | bool]:
    """Give SKUs of a statement, as (code, cost of one unit), their cost; give of each whether a line lacked it.

    One that is refused has its refusal instead (see `price_consigned`). Raises `NotThere` for a statement that is not
    this merchant's.
    """
    if not ConsignmentStatement.objects.filter(merchant_id=merchant_id, pk=statement_id).exists():
        raise NotThere
    skus = skus_by_code(merchant_id, codes={code for code, _cents in costs})

    def price(cost: tuple[str, int]) -> bool:
        code, cents = cost
        if (sku := skus.get(code.upper())) is None:
            raise NoSuchSku
        return bool(
            price_consigned(
                merchant_id, statement_id=statement_id, sku_id=sku.id, unit_cost_cents=cents, actor=actor
            )
        )  # fmt: skip

    return each(costs, price)
