from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import Max

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, tell_deeds
from colisage.orders.events import OrderChanged
from colisage.orders.models import Order, OrderChange


@transaction.atomic
def note_changes(
    notes: Sequence[tuple[Order, Mapping[str, object], Mapping[str, object]]],
    *,
    kind: str,
    actor: Actor,
    reason: str = "",
    disruption_id: int | None = None,
    source: str = "person",
    effects: Mapping[int, Mapping[str, int]] | None = None,
    untold: bool = False,
) -> list[OrderChange]:
    """Write the documents of changes of many orders, (order, before, after), and tell them; the caller holds them.

    `effects` are by order: `price_cents`, `given_back`, `held`, `owed`. The caller tells those that are `untold`.
    """
    told = OrderChange.objects.filter(order__in=[order.pk for order, _before, _after in notes])
    last: Mapping[int, int] = dict(told.values("order_id").annotate(last=Max("number")).values_list("order_id", "last"))
    made = OrderChange.objects.bulk_create(
        OrderChange(
            merchant_id=order.merchant_id, order=order, number=last.get(order.pk, 0) + 1, kind=kind, before=before,
            after=after, currency=order.currency, actor_kind=actor.kind, actor_id=actor.id, actor_name=actor.name[:150],
            reason=reason[:60], disruption_id=disruption_id, source=source, **(effects or {}).get(order.pk, {}),
        )
        for order, before, after in notes
    )  # fmt: skip
    if untold:
        return made
    tell_deeds(
        [OrderChanged(merchant_id=c.merchant_id, order_id=c.order_id, change_id=c.pk, kind=kind) for c in made],
        [
            Deed("order", c.order_id, "order_changed", {"change": c.pk, "kind": kind}, merchant_id=c.merchant_id)
            for c in made
        ],
        actor=actor,
    )
    return made
