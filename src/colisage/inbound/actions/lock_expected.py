"""What goods are about to be counted on, locked: orders first, then what was announced of them."""

from collections.abc import Collection

from colisage.inbound.models import AnnouncedLine, Announcement, PurchaseOrder
from colisage.inbound.rules.purchasing import UNFINISHED
from colisage.kit.errors import NotThere


def lock_expected(
    merchant_id: int, *, order_ids: Collection[int] = (), announcement_ids: Collection[int] = ()
) -> tuple[dict[int, PurchaseOrder], dict[int, Announcement]]:
    """Lock every order, then every announced delivery that may be counted on, each by id; give both.

    With orders go the unfinished deliveries announced of them, with deliveries the orders they were announced for.
    Raises `NotThere` for ids of others. The caller is in a transaction.
    """
    known = AnnouncedLine.objects.filter(merchant_id=merchant_id)
    orders, deliveries = set(order_ids), set(announcement_ids)
    if announcement_ids and not order_ids:
        ordered = known.filter(announcement__in=announcement_ids, purchase_order__isnull=False)
        orders |= {pk for pk in ordered.values_list("purchase_order_id", flat=True) if pk}
    if order_ids and not announcement_ids:
        unfinished = known.filter(purchase_order__in=order_ids, announcement__state__in=UNFINISHED)
        deliveries |= set(unfinished.values_list("announcement_id", flat=True))
    order_rows = PurchaseOrder.objects.filter(merchant_id=merchant_id, pk__in=orders)
    delivery_rows = Announcement.objects.filter(merchant_id=merchant_id, pk__in=deliveries)
    found = {o.pk: o for o in order_rows.select_for_update(no_key=True).order_by("pk")}
    known_deliveries = {a.pk: a for a in delivery_rows.select_for_update(no_key=True).order_by("pk")}
    if not set(order_ids) <= found.keys() or not set(announcement_ids) <= known_deliveries.keys():
        raise NotThere
    return found, known_deliveries
