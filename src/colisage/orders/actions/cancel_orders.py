"""Cancelling whole orders: before work on them has begun, or, as a person decides, until they leave."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.inventory.actions.release import release
from colisage.inventory.actions.reserve import lock_free
from colisage.inventory.queries import promises_of
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Refused
from colisage.kit.events import tell
from colisage.orders.actions.note_changes import note_changes
from colisage.orders.actions.part_ways import part_ways
from colisage.orders.events import OrderCancelled, StageReached
from colisage.orders.models import FulfillmentLine, FulfillmentOrder, Order, OrderLine
from colisage.orders.problem import line_facts
from colisage.orders.queries.changes import comes_to
from colisage.orders.rules import CANCELLABLE, cancel_verdict

_SOURCES: Final = {"connector": "channel", "key": "api", "customer": "customer"}  # else a person


class TooLateToCancel(Refused):
    """Work on the order has begun; a person on the floor decides."""

    code = "too_late_to_cancel"
    text = _(
        "Order %(number)s is being prepared: "
        "it is cancelled only where that is asked for expressly, as on its own page."
    )


class GoneAlready(Refused):
    """Something of the order has left the house, or it is complete."""

    code = "gone_already"
    text = _("Order %(number)s has left, or a part of it: it can no longer be cancelled. Wait for its return.")


class SharesParcel(Refused):
    """Its units lie among those of another order that shall go."""

    code = "shares_parcel"
    text = _("Order %(number)s is picked together with others of the same parcel: it can no longer be cancelled alone.")


TOO_LATE: Final[Mapping[str, type[Refused]]] = {"work": TooLateToCancel, "gone": GoneAlready, "shared": SharesParcel}


@transaction.atomic
def cancel_orders(merchant_id: int, *, order_ids: Collection[int], actor: Actor, on_floor: bool = False) -> int:
    """Cancel orders: what was held is given back exactly once. An order already cancelled is left as it is.

    Each gets its document: the units that are not sent, the cents they came to, the units that are free again. The
    number of statements does not depend on the number of orders. Raises `TooLateToCancel` for the first order on which
    work has begun, and then cancels none. With `on_floor` that is no reason: later steps hear of it, take the work
    back and put back what was picked; then `GoneAlready` and `SharesParcel` are raised.
    """
    orders = {
        o.pk: o
        for o in Order.objects.select_for_update(no_key=True)
        .filter(merchant_id=merchant_id, pk__in=order_ids, state="open")
        .order_by("pk")
    }
    rows = FulfillmentOrder.objects.select_for_update(no_key=True).filter(merchant_id=merchant_id, order__in=orders)
    parts = list(rows.order_by("pk"))
    at_work = [part for part in parts if part.stage not in CANCELLABLE | {"cancelled"} and part.order_id is not None]
    for part in at_work:
        verdict = cancel_verdict([(part.stage, part.together is not None)], on_floor=on_floor)
        if verdict:
            raise TOO_LATE[verdict](number=orders[part.order_id or 0].number)
    lines = {line.pk: line for line in OrderLine.objects.filter(order__in=orders).order_by("order", "position")}
    insert_lines = FulfillmentLine.objects.filter(fulfillment_order__in=parts, order_line=None)
    inserts = dict(insert_lines.values_list("pk", "sku_id"))
    given = _held(merchant_id, lines, besides=set(inserts.values()))
    release("order_line", owner_ids=lines)
    if inserts:
        release("insert", owner_ids=inserts)
    FulfillmentOrder.objects.filter(merchant_id=merchant_id, order__in=orders).update(stage="cancelled")
    part_ways([part.pk for part in parts], why="cancelled", actor=actor)
    Order.objects.filter(pk__in=orders).update(state="cancelled")
    made = _documents(orders, lines=lines, given=given, actor=actor)
    tell(OrderCancelled(merchant_id=merchant_id, order_id=pk) for pk in orders)
    tell(
        StageReached(
            merchant_id=merchant_id, order_id=part.order_id or 0, fulfillment_order_id=part.pk, node_id=part.node_id,
            stage="cancelled", before=part.stage,
        )
        for part in at_work
    )  # fmt: skip
    record_deeds(
        (Deed("order", pk, "order_cancelled", {"change": made[pk]}, merchant_id=merchant_id) for pk in orders),
        actor=actor,
    )
    return len(orders)


def _held(merchant_id: int, lines: Mapping[int, OrderLine], *, besides: Collection[int]) -> Counter[int]:
    """Give the units held for each order, under the lock behind which they stay as they are.

    Availability of the SKUs `besides`, of inserts, is locked together with theirs.
    """
    theirs = {p.sku_id for p in promises_of(merchant_id, owner_kind="order_line", owner_ids=lines)}
    lock_free(theirs.union(besides))
    held = Counter[int]()
    for promise in promises_of(merchant_id, owner_kind="order_line", owner_ids=lines):
        if promise.state == "held":
            held[lines[promise.owner_id].order_id] += promise.qty
    return held


def _documents(
    orders: Mapping[int, Order], *, lines: Mapping[int, OrderLine], given: Mapping[int, int], actor: Actor
) -> dict[int, int]:
    """Write the document of each cancellation; give its id by order. The events tell it as what it is."""
    of_order: dict[int, list[OrderLine]] = defaultdict(list)
    for line in lines.values():
        of_order[line.order_id].append(line)
    notes, effects = [], {}
    for pk, order in orders.items():
        own = of_order[pk]
        told = [line_facts(line) for line in own if line.quantity > line.cancelled]
        notes.append((order, {"lines": told}, {"lines": [{**line, "units": 0} for line in told]}))
        was = comes_to(order, own)
        effects[pk] = {"price_cents": -was, "given_back": given.get(pk, 0)}
    source = _SOURCES.get(actor.kind, "person")
    made = note_changes(notes, kind="cancel", source=source, effects=effects, actor=actor, untold=True)
    return {change.order_id: change.pk for change in made}
