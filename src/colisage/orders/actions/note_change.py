from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, tell_deeds
from colisage.orders.events import OrderChanged
from colisage.orders.models import Order, OrderChange
from colisage.orders.queries.changes import last_number


@transaction.atomic
def note_change(
    order: Order,
    *,
    kind: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    actor: Actor,
    reason: str = "",
    source: str = "person",
    key: str = "",
    **effects: int,
) -> OrderChange:
    """Write the document of a change that was just made, and tell it. The caller holds the order.

    `effects` are `price_cents`, `given_back`, `held` and `owed`.
    """
    made = OrderChange.objects.create(
        merchant_id=order.merchant_id, order=order, number=last_number(order.pk) + 1, kind=kind, reason=reason[:60],
        before=_plain(before), after=_plain(after), currency=order.currency, source=source, key=key,
        actor_kind=actor.kind, actor_id=actor.id, actor_name=actor.name[:150], **effects,
    )  # fmt: skip
    tell_deeds(
        [OrderChanged(merchant_id=order.merchant_id, order_id=order.pk, change_id=made.pk, kind=kind)],
        [Deed("order", order.pk, "order_changed", {"change": made.pk, "kind": kind}, merchant_id=order.merchant_id)],
        actor=actor,
    )
    return made


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in facts.items()}
