from collections.abc import Collection
from datetime import date

from django.db import transaction

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.events import tell
from colisage.orders.actions.part_ways import part_ways
from colisage.orders.events import OrderDisrupted, OrderHeld
from colisage.orders.models import FulfillmentOrder, Hold, Order
from colisage.orders.rules import CANCELLABLE


@transaction.atomic
def set_hold(
    merchant_id: int,
    *,
    order_ids: Collection[int],
    kind: str,
    reason: str,
    actor: Actor,
    until: date | None = None,
    owned: bool = True,
    disruption: tuple[int, str] | None = None,
    told_until: date | None = None,
) -> int:
    """Hold orders for a typed reason: no work is released, no label bought. An equal open hold is not set twice.

    Equal are holds of one kind, with one reason, until one day: whoever waits for something else has a hold of his own,
    and releasing the one does not let the other go. One that a disruption (its id, and what it is about) causes is set
    once: whoever releases it by hand has decided; the last day that is told of it is `told_until`. While nothing is
    picked, it leaves the parcel it shares, and the others go. With `until`, it ends by itself the morning after that
    day. It is the actor's to decide, when a person, or (`owned` false) anybody's. Cancelled orders are left out. Gives
    how many orders are held by it now.
    """
    rows = Order.objects.select_for_update(no_key=True).filter(merchant_id=merchant_id, pk__in=order_ids)
    rows = rows.exclude(state="cancelled").order_by("pk")
    ids = set(rows.values_list("pk", flat=True))
    cause, about = disruption or (None, "")
    known = Hold.objects.filter(merchant_id=merchant_id, order__in=ids, disruption=cause)
    known = known if disruption else known.filter(kind=kind, reason=reason, until=until, released_at=None)
    ids -= set(known.values_list("order_id", flat=True))
    owner = actor.id if owned and actor.kind == "person" else None
    Hold.objects.bulk_create(
        Hold(
            merchant_id=merchant_id, order_id=pk, kind=kind, reason=reason, until=until, owner_id=owner,
            disruption_id=cause, told_until=told_until,
        )
        for pk in sorted(ids)
    )  # fmt: skip
    parts = FulfillmentOrder.objects.filter(merchant_id=merchant_id, order__in=ids)
    parts.update(held=True)
    shared = parts.filter(together__isnull=False, stage__in=CANCELLABLE)  # once on the floor, its whole parcel waits
    part_ways(list(shared.values_list("pk", flat=True)), why="held", actor=actor)
    tell(OrderHeld(merchant_id=merchant_id, order_id=pk, kind=kind) for pk in sorted(ids))
    if cause is not None:
        tell(
            OrderDisrupted(
                merchant_id=merchant_id,
                order_id=pk,
                disruption_id=cause,
                effect="hold",
                until=told_until.isoformat() if told_until else "",
            )
            for pk in sorted(ids)
        )
    said: dict[str, object] = {"kind": kind, "reason": reason}
    said |= {"until": until.isoformat()} if until else {}
    said |= {"disruption": cause, "about": about} if disruption else {}
    verb = "hold_set_disrupted" if disruption else "hold_set"
    record_deeds((Deed("order", pk, verb, said, merchant_id=merchant_id) for pk in sorted(ids)), actor=actor)
    return len(ids)
