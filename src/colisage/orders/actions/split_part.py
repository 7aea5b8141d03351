"""Sending now what is here: a part that waits becomes two, one to pick and one that goes on waiting."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.inventory.actions.reserve import lock_free
from colisage.inventory.actions.split_promises import split_promises
from colisage.kit.actors import Actor
from colisage.kit.errors import NotThere, Refused
from colisage.network.queries import node_names
from colisage.orders.actions.claim_parts import claim_parts
from colisage.orders.actions.note_change import note_change
from colisage.orders.actions.settle_parts import settle_parts
from colisage.orders.models import FulfillmentLine, FulfillmentOrder, Order
from colisage.orders.queries import Part, parts_of
from colisage.orders.queries.splitting import left_for_later


class NothingToSendNow(Refused):
    """Nothing of the part is here, all of it is, or it is not waiting any more."""

    code = "nothing_to_send_now"
    text = _("Nothing can be sent ahead: either nothing of it is here, or all of it is.")


@transaction.atomic
def split_part(merchant_id: int, *, part_id: int, actor: Actor) -> int:
    """Let what is here of a waiting part go now, and the rest later as a part of its own; give the new part's id.

    The promises of the rest keep their place in the queue. Of a bundle whole sets go. Raises `NothingToSendNow` when
    there is nothing to divide, and `NotThere` for another merchant's part.
    """
    row = FulfillmentOrder.objects.filter(merchant_id=merchant_id, pk=part_id).first()
    if row is None or row.order_id is None:
        raise NotThere
    order = Order.objects.select_for_update(no_key=True).get(pk=row.order_id)
    claim_parts([part.id for part in parts_of([order.pk])[order.pk]])
    parts = parts_of([order.pk])[order.pk]
    part = next(part for part in parts if part.id == part_id)
    if part.stage != "waiting" or order.state != "open":
        raise NothingToSendNow
    lock_free({line[2] for line in part.lines})
    behind = _behind(merchant_id, part, others=[p for p in parts if p.id != part_id])
    made = _divide(row, part, behind)
    settle_parts([order.pk])
    name = node_names([part.node_id]).get(part.node_id, "")
    later, total = sum(units for *_x, units in behind), sum(line[3] for line in part.lines if line[1])
    note_change(
        order, kind="split", before={"parts": [f"{name} × {total}"]},
        after={"parts": [f"{name} × {total - later}", f"{name} × {later}"]}, actor=actor,
    )  # fmt: skip
    return made


def _behind(merchant_id: int, part: Part, *, others: Sequence[Part]) -> list[tuple[int, int, int, int]]:
    """Give what stays behind as (promise, order line, SKU, units); a promise is divided where some of it goes."""
    left = left_for_later(merchant_id, part=part, others=others)
    if not left:
        raise NothingToSendNow
    fresh = split_promises({promise.id: units for promise, units in left if units < promise.qty})
    return [(fresh.get(promise.id, promise.id), promise.owner_id, promise.sku_id, units) for promise, units in left]


def _divide(row: FulfillmentOrder, part: Part, behind: Sequence[tuple[int, int, int, int]]) -> int:
    """Lower the lines of the part by what stays behind, its own promises' lines first, and write the second part."""
    going = {line[0]: line[3] for line in part.lines}
    for promise, owner, sku, units in behind:
        mine = sorted((line for line in part.lines if line[1:3] == (owner, sku)), key=lambda line: line[4] != promise)
        rest = units
        for line in mine:
            some = min(rest, going[line[0]])
            going[line[0]] -= some
            rest -= some
    FulfillmentLine.objects.bulk_update(
        [FulfillmentLine(pk=pk, quantity=units) for pk, units in going.items()], ["quantity"], batch_size=500
    )
    later = FulfillmentOrder.objects.create(
        merchant_id=row.merchant_id, order_id=row.order_id, node_id=row.node_id, kind=row.kind, stage="waiting",
        held=row.held, ship_by=row.ship_by, priority=row.priority,
    )  # fmt: skip
    FulfillmentLine.objects.bulk_create(
        FulfillmentLine(
            merchant_id=row.merchant_id, fulfillment_order=later, order_line_id=owner, sku_id=sku, quantity=units,
            reservation_id=promise,
        )
        for promise, owner, sku, units in behind
    )  # fmt: skip
    return later.pk
