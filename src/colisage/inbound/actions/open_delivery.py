"""The beginning of a delivery: somebody stands at the dock and scans."""

from django.db import transaction

from colisage.inbound.models import Announcement, Delivery, PurchaseOrder
from colisage.kit.actors import Actor
from colisage.kit.errors import NotThere


@transaction.atomic
def open_delivery(
    merchant_id: int,
    *,
    node_id: int,
    purchase_order_id: int | None = None,
    announcement_id: int | None = None,
    actor: Actor,
) -> int:
    """Find the delivery being received against an order or an announcement, or one's own blind one; else begin it.

    What programs receive blind at a node is one delivery: none of them is a person.
    """
    person = actor.id if actor.kind == "person" else None
    begun = {"started_by": str(actor)[:150], "merchant_id": merchant_id, "node_id": node_id}
    if purchase_order_id is None and announcement_id is None:
        mine, _made = Delivery.objects.get_or_create(
            merchant_id=merchant_id, node_id=node_id, started_by_id=person, purchase_order=None, announcement=None,
            state="open", defaults=begun,
        )  # fmt: skip
        return mine.pk
    supplier = _supplier(merchant_id, purchase_order_id, announcement_id)
    against = (
        {"purchase_order_id": purchase_order_id}
        if purchase_order_id is not None
        else {"announcement_id": announcement_id or 0}
    )
    found, _made = Delivery.objects.get_or_create(
        **against, state="open", defaults={**begun, "supplier_id": supplier, "started_by_id": person}
    )
    return found.pk


def _supplier(merchant_id: int, purchase_order_id: int | None, announcement_id: int | None) -> int:
    order = PurchaseOrder.objects.filter(merchant_id=merchant_id, pk=purchase_order_id or 0)
    announced = Announcement.objects.filter(merchant_id=merchant_id, pk=announcement_id or 0)
    found = [*order.values_list("supplier_id", flat=True), *announced.values_list("supplier_id", flat=True)]
    if not found:
        raise NotThere
    return found[0]
