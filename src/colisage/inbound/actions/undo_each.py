"""Taking receipts back, as a program says: each judged by itself."""

from collections.abc import Sequence

from django.db import transaction

from colisage.inbound.actions.lock_expected import lock_expected
from colisage.inbound.actions.undo_receipt import undo_receipt
from colisage.inbound.models import Receipt
from colisage.inventory.actions.reserve import lock_free
from colisage.kit.actors import Actor
from colisage.kit.errors import Refused


@transaction.atomic
def undo_each(merchant_id: int, receipt_ids: Sequence[int], *, actor: Actor) -> dict[int, Refused | bool]:
    """Take receipts back whole; give of each True, or why it was refused. See `undo_receipt`."""
    rows = Receipt.objects.filter(merchant_id=merchant_id, pk__in=receipt_ids).select_for_update(no_key=True)
    found = list(rows.order_by("pk"))
    lock_expected(merchant_id, order_ids={one.purchase_order_id for one in found if one.purchase_order_id})
    lock_free({one.sku_id for one in found})
    became: dict[int, Refused | bool] = {}
    for pk in dict.fromkeys(receipt_ids):
        try:
            with transaction.atomic():
                undo_receipt(merchant_id, receipt_id=pk, actor=actor)
            became[pk] = True
        except Refused as refusal:
            became[pk] = refusal
    return became
