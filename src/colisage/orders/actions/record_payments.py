"""What the shop says about the money of orders, as it changes."""

from collections import defaultdict
from collections.abc import Mapping

from django.db import transaction

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.orders.actions.release_hold import release_hold
from colisage.orders.models import Hold, Order

ARRIVED = frozenset({"paid", "authorized"})


@transaction.atomic
def record_payments(merchant_id: int, *, payments: Mapping[int, str], actor: Actor) -> int:
    """Record payments by order; give how many changed. What waited for the payment may go on."""
    rows = Order.objects.select_for_update(no_key=True).filter(merchant_id=merchant_id, pk__in=payments).order_by("pk")
    changed = {order.pk: order.payment for order in rows if order.payment != payments[order.pk]}
    by_payment: dict[str, list[int]] = defaultdict(list)
    for pk in changed:
        by_payment[payments[pk]].append(pk)
    for payment, ids in sorted(by_payment.items()):
        Order.objects.filter(pk__in=ids).update(payment=payment)
    record_deeds(
        (
            Deed("order", pk, f"payment_{payments[pk]}", {"before": before}, merchant_id=merchant_id)
            for pk, before in changed.items()
        ),
        actor=actor,
    )
    paid = [pk for pk in changed if payments[pk] in ARRIVED]
    waiting = Hold.objects.filter(merchant_id=merchant_id, order__in=paid, kind="payment", released_at=None)
    release_hold(merchant_id, hold_ids=list(waiting.values_list("pk", flat=True)), actor=actor)
    return len(changed)
