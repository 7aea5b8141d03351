"""What the shop says about the money of orders, as it changes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db import transaction

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.orders.actions.release_hold import release_hold
from colisage.orders.actions.set_hold import set_hold
from colisage.orders.models import Hold, Order

ARRIVED = frozenset({"paid", "authorized"})


@transaction.atomic
def record_payments(merchant_id: int, *, payments: Mapping[int, str], actor: Actor) -> int:
    """Record payments by order; give how many changed.

    What waited for the payment may go on. An open order whose payment is taken back (it was paid or promised, and is
    not any more) is held; so is one that was paid back.
    """
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
    for reason, ids in _to_hold(rows, changed, payments).items():
        set_hold(merchant_id, order_ids=ids, kind="payment", reason=reason, actor=actor, owned=False)
    return len(changed)


def _to_hold(rows: Iterable[Order], changed: Mapping[int, str], payments: Mapping[int, str]) -> dict[str, list[int]]:
    """Give the open orders, by why they are held, whose money is not there any more."""
    found: dict[str, list[int]] = defaultdict(list)
    for order in rows:
        if order.pk in changed and order.state == "open":
            if payments[order.pk] == "refunded":
                found["paid_back"].append(order.pk)
            elif changed[order.pk] in ARRIVED and payments[order.pk] not in ARRIVED:
                found["not_paid"].append(order.pk)
    return found
