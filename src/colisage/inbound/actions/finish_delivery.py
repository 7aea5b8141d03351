"""The end of a delivery: that was all."""

from collections import Counter

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from colisage.inbound.actions.tell_incoming import tell_incoming
from colisage.inbound.models import (
    AnnouncedLine,
    Announcement,
    Delivery,
    PurchaseLine,
    PurchaseOrder,
    Receipt,
    SetAside,
)
from colisage.inbound.rules.purchasing import EXPECTING, UNFINISHED
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere, Refused


class DeliveryFinished(Refused):
    """The delivery is finished; what comes now belongs to another one."""

    code = "delivery_finished"
    text = _("This delivery is finished. What comes now belongs to a new one.")


class NothingReceived(Refused):
    """Nothing was taken in or set aside."""

    code = "nothing_received"
    text = _("Nothing was taken in yet. Scan what came first.")


@transaction.atomic
def finish_delivery(merchant_id: int, *, delivery_id: int, actor: Actor, close_short: bool = False) -> dict[int, int]:
    """Finish a delivery; give what is missing of its order, by SKU.

    The order stays open for what is missing; with `close_short` (a manager's right, asked at the door) it is closed as
    it is, and nobody waits for the rest.
    """
    delivery = Delivery.objects.select_for_update(no_key=True).filter(merchant_id=merchant_id, pk=delivery_id).first()
    if delivery is None:
        raise NotThere
    if delivery.state == "finished":
        raise DeliveryFinished
    if not (
        Receipt.objects.filter(delivery=delivery, undone_at=None).exists()
        or SetAside.objects.filter(delivery=delivery).exists()
    ):
        raise NothingReceived
    short = _missing(delivery)
    closed = close_short and bool(short)
    Delivery.objects.filter(pk=delivery.pk).update(
        state="finished", finished_at=timezone.now(), finished_by=str(actor)[:150], closed_short=closed
    )
    deeds = [Deed("delivery", delivery.pk, "delivery_finished", {"missing": sum(short.values())}, merchant_id)]
    if closed:
        tell_incoming(merchant_id, short)
        deeds.append(_close_short(delivery, missing=sum(short.values())))
    record_deeds(deeds, actor=actor)
    return short


def _missing(delivery: Delivery) -> dict[int, int]:
    """Give the units still to come of what the delivery was for, by SKU."""
    short = Counter[int]()
    if delivery.purchase_order_id is not None:
        lines = PurchaseLine.objects.filter(purchase_order=delivery.purchase_order_id, received__lt=F("ordered"))
        short.update(dict(lines.values_list("sku_id", F("ordered") - F("received"))))
    if delivery.announcement_id is not None:
        announced = AnnouncedLine.objects.filter(announcement=delivery.announcement_id, received__lt=F("qty"))
        for sku, missing in announced.values_list("sku_id", F("qty") - F("received")):
            short[sku] += missing
    return dict(short)


def _close_short(delivery: Delivery, *, missing: int) -> Deed:
    """Nobody waits for the rest: the order is closed short; an announced delivery is received as it came."""
    now = timezone.now()
    if delivery.purchase_order_id is not None:
        orders = PurchaseOrder.objects.filter(pk=delivery.purchase_order_id, state__in=EXPECTING)
        orders.update(state="short", ended_at=now)
        return Deed(
            "purchase_order", delivery.purchase_order_id, "order_closed_short", {"missing": missing},
            delivery.merchant_id,
        )  # fmt: skip
    announced = Announcement.objects.filter(pk=delivery.announcement_id or 0, state__in=UNFINISHED)
    announced.update(state="received", ended_at=now)
    return Deed(
        "announcement", delivery.announcement_id or 0, "announcement_closed_short", {"missing": missing},
        delivery.merchant_id,
    )  # fmt: skip
