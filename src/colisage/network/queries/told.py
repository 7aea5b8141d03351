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
    return ChannelsOut(items=[channel_told(c) for c in Channel.objects.filter(merchant_id=merchant_id).order_by("pk")])


def channel_told(channel: Channel) -> ChannelOut:
    """Tell a channel."""
    plain = ("code", "name", "kind", "buffer", "may_owe", "active")
    return ChannelOut(id=channel.pk, **{name: getattr(channel, name) for name in plain})
