from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.events import tell
from colisage.orders.events import OrderFreed, OrderResumed
from colisage.orders.models import FulfillmentOrder, Hold, Order


@transaction.atomic
def release_hold(
    merchant_id: int,
    *,
    hold_ids: Collection[int],
    actor: Actor,
    over: tuple[int, str] | None = None,
    early: bool = False,
    ended: bool = False,
) -> int:
    """Release holds; an order whose last hold goes may be worked on again. Harmless when repeated.

    `over` is the disruption (its id, and what it was about) when they are released because it is over; `early` when
    that is before its time: that the orders go on is news. So it is of one that a disruption still holds, when
    somebody releases it by hand. `ended` says that their last day is.
    """
    holds = {
        h.pk: h
        for h in Hold.objects.select_for_update(no_key=True)
        .filter(merchant_id=merchant_id, pk__in=hold_ids, released_at=None)
        .order_by("pk")
    }
    orders = {h.order_id for h in holds.values()}
    list(Order.objects.select_for_update(no_key=True).filter(merchant_id=merchant_id, pk__in=orders).order_by("pk"))
    Hold.objects.filter(pk__in=holds).update(released_at=timezone.now(), released_by=str(actor)[:150])
    still = set(
        Hold.objects.filter(merchant_id=merchant_id, order__in=orders, released_at=None).values_list(
            "order_id", flat=True
        )
    )
    free = sorted(orders - still)
    FulfillmentOrder.objects.filter(merchant_id=merchant_id, order__in=free).update(held=False)
    tell(OrderFreed(merchant_id=merchant_id, order_id=pk) for pk in free)
    if over and early:
        tell(OrderResumed(merchant_id=merchant_id, order_id=pk, disruption_id=over[0], effect="hold") for pk in free)
    elif not over:
        caused = {h.order_id: h.disruption_id for h in holds.values() if h.disruption_id}  # of two the later
        tell(
            OrderResumed(merchant_id=merchant_id, order_id=pk, disruption_id=caused[pk], effect="released")
            for pk in free
            if pk in caused
        )
    told = {"about": over[1]} if over else {}
    verb = "hold_over" if over else "hold_ended" if ended else "hold_released"
    record_deeds(
        (
            Deed(
                "order",
                h.order_id,
                verb,
                told | {"kind": h.kind, "reason": h.reason},
                merchant_id=h.merchant_id,
            )
            for h in holds.values()
        ),
        actor=actor,
    )
    return len(holds)
