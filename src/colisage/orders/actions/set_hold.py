from collections.abc import Collection
from datetime import date

from django.db import transaction

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.events import tell
from colisage.orders.actions.part_ways import part_ways
from colisage.orders.events import OrderHeld
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
) -> int:
    """Hold orders for a typed reason: no work is released, no label bought. An equal open hold is not set twice.

    While nothing is picked, it leaves the parcel it shares, and the others go. With `until`, it
    ends by itself the morning after that day. It is the actor's to decide, when a person, or (`owned` false) anybody's.
    Cancelled orders are left out. Gives how many orders are held by it now.
    """
    rows = Order.objects.select_for_update(no_key=True).filter(merchant_id=merchant_id, pk__in=order_ids)
    rows = rows.exclude(state="cancelled").order_by("pk")
    ids = set(rows.values_list("pk", flat=True))
    ids -= set(
        Hold.objects.filter(merchant_id=merchant_id, order__in=ids, kind=kind, released_at=None).values_list(
            "order_id", flat=True
        )
    )
    owner = actor.id if owned and actor.kind == "person" else None
    Hold.objects.bulk_create(
        Hold(merchant_id=merchant_id, order_id=pk, kind=kind, reason=reason, until=until, owner_id=owner)
        for pk in sorted(ids)
    )
    parts = FulfillmentOrder.objects.filter(merchant_id=merchant_id, order__in=ids)
    parts.update(held=True)
    shared = parts.filter(together__isnull=False, stage__in=CANCELLABLE)  # once on the floor, its whole parcel waits
    part_ways(list(shared.values_list("pk", flat=True)), why="held", actor=actor)
    tell(OrderHeld(merchant_id=merchant_id, order_id=pk, kind=kind) for pk in sorted(ids))
    record_deeds(
        (
            Deed(
                "order",
                pk,
                "hold_set",
                {"kind": kind, "reason": reason, **({"until": until.isoformat()} if until else {})},
                merchant_id=merchant_id,
            )
            for pk in sorted(ids)
        ),
        actor=actor,
    )
    return len(ids)
