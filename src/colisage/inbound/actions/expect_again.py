"""What was counted as received is counted back: it is still to come."""

from django.db import transaction
from django.db.models import F

from colisage.inbound.actions.tell_incoming import tell_incoming
from colisage.inbound.models import AnnouncedLine, Announcement, Delivery, PurchaseLine, PurchaseOrder, Receipt
from colisage.inbound.rules.purchasing import EXPECTING, state_after


@transaction.atomic
def expect_again(receipt: Receipt) -> None:
    """Take the units of a receipt off the lines they were counted on, of the order and of what was announced.

    What was complete is expected again, unless somebody closed the order short or cancelled it.
    """
    units = receipt.good + receipt.damaged
    tell_incoming(receipt.merchant_id, [receipt.sku_id])
    orders = _uncount_announced(receipt, units=units)
    if receipt.purchase_order_id is not None:
        orders = {receipt.purchase_order_id: units}
    for order in PurchaseOrder.objects.select_for_update(no_key=True).filter(pk__in=orders).order_by("pk"):
        lines = PurchaseLine.objects.filter(purchase_order=order)
        lines.filter(sku_id=receipt.sku_id, received__gte=orders[order.pk]).update(
            received=F("received") - orders[order.pk]
        )
        if (
            order.state in {*EXPECTING, "closed"}
            and not Delivery.objects.filter(purchase_order=order, closed_short=True).exists()
        ):
            state = state_after(lines.values_list("ordered", "received"))
            ended = order.ended_at if state == "closed" else None
            PurchaseOrder.objects.filter(pk=order.pk).update(state=state, ended_at=ended)


def _uncount_announced(receipt: Receipt, *, units: int) -> dict[int, int]:
    """Take units off announced lines, those of the same lot and the last counted first; give them by order."""
    if receipt.announcement_id is None and receipt.purchase_order_id is None:
        return {}
    rows = AnnouncedLine.objects.filter(merchant_id=receipt.merchant_id, sku_id=receipt.sku_id, received__gt=0)
    if receipt.announcement_id is not None:
        rows = rows.filter(announcement=receipt.announcement_id)
    else:
        rows = rows.filter(purchase_order=receipt.purchase_order_id)
    lines = list(rows.select_for_update(no_key=True).order_by("pk"))
    lot = receipt.lot.code if receipt.lot is not None else ""
    orders: dict[int, int] = {}
    touched = set()
    for line in sorted(lines, key=lambda row: ((row.lot or row.serial) != lot, -row.pk)):
        back = min(units, line.received)
        if not back:
            break
        units -= back
        line.received -= back
        touched.add(line.announcement_id)
        if line.purchase_order_id is not None:
            orders[line.purchase_order_id] = orders.get(line.purchase_order_id, 0) + back
    AnnouncedLine.objects.bulk_update(lines, ["received"])
    Announcement.objects.filter(pk__in=touched, state="received").update(state="arriving", ended_at=None)
    return orders
