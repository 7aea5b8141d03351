from collections.abc import Collection

from django.db import transaction
from django.db.models import Exists, F, OuterRef

from colisage.kit.actors import SYSTEM
from colisage.kit.audit import Deed, record_deeds
from colisage.orders.models import FulfillmentOrder, Order, OrderLine


@transaction.atomic
def close_orders(order_ids: Collection[int]) -> int:
    """Close the open orders among these whose parts are all delivered or cancelled; harmless when repeated."""
    unfinished = FulfillmentOrder.objects.filter(order=OuterRef("pk")).exclude(stage__in=["delivered", "cancelled"])
    done = Order.objects.filter(
        ~Exists(unfinished),
        Exists(FulfillmentOrder.objects.filter(order=OuterRef("pk"))),
        pk__in=order_ids,
        state="open",
    )
    closed = list(done.select_for_update(no_key=True).order_by("pk").values_list("pk", "merchant_id"))
    Order.objects.filter(pk__in=[pk for pk, _ in closed]).update(state="closed")
    record_deeds((Deed("order", pk, "order_closed", {}, merchant_id=m) for pk, m in closed), actor=SYSTEM)
    return len(closed)


@transaction.atomic
def close_without_parcel(order_ids: Collection[int]) -> int:
    """Close the open orders among these in which nothing needs a parcel (downloads, gift cards)."""
    sent = OrderLine.objects.filter(order=OuterRef("pk"), requires_shipping=True, quantity__gt=F("cancelled"))
    done = Order.objects.filter(~Exists(sent), pk__in=order_ids, state="open", quiet=False)
    closed = list(done.select_for_update(no_key=True).order_by("pk").values_list("pk", "merchant_id"))
    Order.objects.filter(pk__in=[pk for pk, _ in closed]).update(state="closed")
    record_deeds((Deed("order", pk, "order_closed", {}, merchant_id=m) for pk, m in closed), actor=SYSTEM)
    return len(closed)
