from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from colisage.inbound.actions.tell_incoming import tell_incoming
from colisage.inbound.models import PurchaseLine, PurchaseOrder
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere, Refused

STEPS: Final = {"open": ("draft",), "cancelled": ("draft", "open"), "short": ("partly",)}


class NoSuchStep(Refused):
    """The order is not where this step begins."""

    code = "no_such_step"
    text = _("Order %(number)s has moved on. Look at it again.")


class SomeCame(Refused):
    """An order of which goods came cannot be cancelled."""

    code = "some_came"
    text = _("Goods came on order %(number)s. Close it short instead.")


@transaction.atomic
def move_purchase(merchant_id: int, *, purchase_id: int, to: str, actor: Actor) -> None:
    """Send a draft (`open`), cancel an order (`cancelled`), or expect nothing more of it (`short`).

    The same step again changes nothing. What never came of an order closed short is no longer counted as incoming.
    Raises `NotThere`, `NoSuchStep`, `SomeCame`.
    """
    rows = PurchaseOrder.objects.select_for_update(no_key=True).filter(merchant_id=merchant_id, pk=purchase_id)
    order = rows.first()
    if order is None or to not in STEPS:
        raise NotThere
    if order.state == to:
        return
    if to == "cancelled" and PurchaseLine.objects.filter(purchase_order=order, received__gt=0).exists():
        raise SomeCame(number=order.number)
    if order.state not in STEPS[to]:
        raise NoSuchStep(number=order.number)
    before, order.state = order.state, to
    order.sent_at = timezone.now() if to == "open" else order.sent_at
    order.ended_at = None if to == "open" else timezone.now()
    order.save(update_fields=["state", "sent_at", "ended_at"])
    tell_incoming(merchant_id, PurchaseLine.objects.filter(purchase_order=order).values_list("sku_id", flat=True))
    record_deeds(
        [Deed("purchase_order", order.pk, "purchase_moved", {"state": [before, to]}, merchant_id=merchant_id)],
        actor=actor,
    )
