from collections.abc import Collection, Sequence
from datetime import date

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
    over_on: date | None = None,
    ended: bool = False,
) -> int:
    """Release holds; an order whose last hold goes may be worked on again. Harmless when repeated.

    `over` is the disruption (its id, and what it was about) when they are released because it is over, since the day
    `over_on`: that an order goes on is news where a later day was told, or none. So it is of one that a disruption
    still holds, when somebody releases it by hand. `ended` says that their last day is.
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
    _tell_resumed(merchant_id, holds.values(), free=free, over=over, over_on=over_on)
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


def _tell_resumed(
    merchant_id: int,
    holds: Collection[Hold],
    *,
    free: Sequence[int],
    over: tuple[int, str] | None,
    over_on: date | None,
) -> None:
    """Tell of the orders that are free now and go on where their customers were told something else."""
    if over:
        news = [h for h in holds if over_on and (h.told_until is None or over_on <= h.told_until)]
        caused, effect = dict.fromkeys((h.order_id for h in news), over[0]), "hold"
    else:
        caused, effect = {h.order_id: h.disruption_id for h in holds if h.disruption_id}, "released"  # of two the later
    tell(
        OrderResumed(merchant_id=merchant_id, order_id=pk, disruption_id=caused[pk], effect=effect)
        for pk in free
        if pk in caused
    )
