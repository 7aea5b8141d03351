"""Looking at orders as rules do: many at once, in a number of statements that does not depend on how many."""

from collections.abc import Collection, Mapping, Sequence

from colisage.automation.problem import seen_of, sku_ids_of
from colisage.automation.rules.facts import Seen
from colisage.catalog.queries import skus_by_id
from colisage.network.queries import nodes_by_id
from colisage.orders.queries import Order, lines_of, parts_of
from colisage.orders.queries.customers import earlier_orders


def look_at(merchant_id: int, *, orders: Sequence[Order], needs: Collection[str]) -> list[Seen]:
    """Give what rules may ask about orders of a merchant (which come with their channel), in their order."""
    ids = [order.pk for order in orders]
    lines = lines_of(ids)
    skus = skus_by_id(merchant_id, ids={sku for each in lines.values() for sku in sku_ids_of(each)})
    earlier = earlier_orders(merchant_id, order_ids=ids) if "history" in needs else {}
    nodes = _nodes(ids) if "nodes" in needs else {}
    return [
        seen_of(
            order,
            lines[order.pk],
            skus=skus,
            channel=order.channel.code,
            earlier=earlier.get(order.pk),
            nodes=nodes.get(order.pk, ()),
        )
        for order in orders
    ]


def _nodes(order_ids: Collection[int]) -> Mapping[int, set[str]]:
    parts = {pk: [p for p in each if p.stage != "cancelled"] for pk, each in parts_of(order_ids).items()}
    codes = {pk: node.code for pk, node in nodes_by_id({p.node_id for each in parts.values() for p in each}).items()}
    return {pk: {codes[p.node_id] for p in each} for pk, each in parts.items()}
