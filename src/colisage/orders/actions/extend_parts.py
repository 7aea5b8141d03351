"""Adding units to an order: they are promised as at acceptance, and its parts send more."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from colisage.inventory.actions.reserve import Demand, reserve
from colisage.inventory.queries import Promise, promises_of
from colisage.kit.errors import Refused
from colisage.network.queries import departures, node_ids_serving
from colisage.orders.models import FulfillmentLine, FulfillmentOrder, Order, OrderLine
from colisage.orders.problem import each_of
from colisage.orders.queries import Part
from colisage.orders.rules import CANCELLABLE


class NoStockForChange(Refused):
    """The channel does not sell what is not there."""

    code = "no_stock"
    text = _("There is not enough stock for this, and this channel does not sell what is not there.")


@transaction.atomic
def extend_parts(
    order: Order, growth: Mapping[int, int], *, lines: Mapping[int, OrderLine], parts: Sequence[Part], held: bool
) -> tuple[int, int]:
    """Promise so many more of each order line and let parts send them; give the units (held, owed).

    The nodes that nobody works at yet are tried first, so that one parcel stays one. Before a node was chosen only the
    promise is made. Raises `NoStockForChange` where the channel may not owe. The caller holds the order and its parts.
    """
    merchant = order.merchant_id
    before = {p.id for p in promises_of(merchant, owner_kind="order_line", owner_ids=growth)}
    home = [part for part in parts if part.stage in CANCELLABLE]
    demand = Demand(
        merchant,
        "order_line",
        tuple((pk, sku, sets * n) for pk, sets in sorted(growth.items()) for sku, n in each_of(lines[pk]).items()),
        may_wait=order.channel.may_owe,
        buffer=order.channel.buffer,
        nodes=_nodes(merchant, home=home) if home else None,
        channel_id=order.channel_id,
        bundles={pk: sets for pk, sets in growth.items() if lines[pk].recipe},
    )
    if reserve([demand]) == [None]:
        raise NoStockForChange
    made = [p for p in promises_of(merchant, owner_kind="order_line", owner_ids=growth) if p.id not in before]
    if parts:
        _send(order, made, home=home, held=held)
    units = [sum(p.qty for p in made if (p.state == "held") is here) for here in (True, False)]
    return units[0], units[1]


def _nodes(merchant_id: int, *, home: Sequence[Part]) -> tuple[int, ...]:
    return tuple(dict.fromkeys([*(part.node_id for part in home), *node_ids_serving([merchant_id])[merchant_id]]))


def _send(order: Order, made: Sequence[Promise], *, home: Sequence[Part], held: bool) -> None:
    """Write what is promised into the parts of its nodes, or into new ones."""
    part_at = {part.node_id: part.id for part in reversed(home)}
    fresh = sorted({p.node_id for p in made if p.node_id is not None} - part_at.keys())
    leaves = departures(fresh, now=timezone.now()) if fresh else {}
    rows = FulfillmentOrder.objects.bulk_create(
        FulfillmentOrder(
            merchant_id=order.merchant_id, order_id=order.pk, node_id=node, stage="waiting", held=held,
            ship_by=leaves.get(node),
        )
        for node in fresh
    )  # fmt: skip
    part_at |= {row.node_id: row.pk for row in rows}
    if not part_at:  # nobody serves the merchant any more
        raise NoStockForChange
    FulfillmentLine.objects.bulk_create(
        FulfillmentLine(
            merchant_id=order.merchant_id,
            fulfillment_order_id=part_at.get(p.node_id or 0, min(part_at.values())),
            order_line_id=p.owner_id,
            sku_id=p.sku_id,
            quantity=p.qty,
            reservation_id=p.id,
        )
        for p in made
    )
