"""Nodes and channels as the API tells them."""

from msgspec import Struct

from colisage.network.models import Channel, Node, NodeService


class NodeOut(Struct, frozen=True, kw_only=True):
    """A place that fulfils for the merchant; the lower `rank`, the sooner it is chosen."""

    id: int
    code: str
    name: str
    kind: str
    source: str
    country: str
    timezone: str
    cutoff: str
    rank: int
    active: bool


class NodesOut(Struct, frozen=True, kw_only=True):
    """Every node."""

    items: list[NodeOut]


class ChannelOut(Struct, frozen=True, kw_only=True):
    """Where orders come from; `buffer` units of each SKU are kept back from it."""

    id: int
    code: str
    name: str
    kind: str
    buffer: int
    may_owe: bool
    active: bool


class ChannelsOut(Struct, frozen=True, kw_only=True):
    """Every channel."""

    items: list[ChannelOut]


def nodes_told(merchant_id: int) -> NodesOut:
    """Tell the nodes that serve a merchant, in the order in which they are chosen."""
    ranks = dict(NodeService.objects.filter(merchant_id=merchant_id).values_list("node_id", "rank"))
    nodes = sorted(Node.objects.filter(pk__in=ranks), key=lambda n: (ranks[n.pk], n.pk))
    return NodesOut(
        items=[
            NodeOut(
                id=n.pk,
                code=n.code,
                name=n.name,
                kind=n.kind,
                source=n.source,
                country=n.address.get("country", ""),
                timezone=n.timezone,
                cutoff=f"{n.cutoff:%H:%M}",
                rank=ranks[n.pk],
                active=n.active,
            )
            for n in nodes
        ]
    )


def channels_told(merchant_id: int) -> ChannelsOut:
    """Tell a merchant's channels, in use or not."""
    return ChannelsOut(
        items=[
            ChannelOut(
                id=c.pk,
                code=c.code,
                name=c.name,
                kind=c.kind,
                buffer=c.buffer,
                may_owe=c.may_owe,
                active=c.active,
            )
            for c in Channel.objects.filter(merchant_id=merchant_id).order_by("pk")
        ]
    )
