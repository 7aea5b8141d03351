from collections.abc import Collection

from django.db import transaction

from colisage.kit.actors import Actor
from colisage.kit.once import insert_once
from colisage.orders.models import Insert


@transaction.atomic
def ask_inserts(merchant_id: int, *, order_ids: Collection[int], sku_id: int, actor: Actor) -> None:
    """Ask for one unit of a SKU in the parcels of orders, for nothing; the same SKU is asked for once for an order.

    Nothing is promised here: `add_inserts` does that, once for the transaction, with every other lock of its stock.
    """
    insert_once(
        (Insert(merchant_id=merchant_id, order_id=pk, sku_id=sku_id, by_name=actor.name[:150]) for pk in order_ids),
        by=["order_id", "sku_id"],
    )
