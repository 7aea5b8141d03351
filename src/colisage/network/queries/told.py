"""Channels as the API tells them."""

from msgspec import Struct

from colisage.network.models import Channel


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


def channels_told(merchant_id: int) -> ChannelsOut:
    """Tell a merchant's channels, in use or not."""
    return ChannelsOut(items=[channel_told(c) for c in Channel.objects.filter(merchant_id=merchant_id).order_by("pk")])


def channel_told(channel: Channel) -> ChannelOut:
    """Tell a channel."""
    plain = ("code", "name", "kind", "buffer", "may_owe", "active")
    return ChannelOut(id=channel.pk, **{name: getattr(channel, name) for name in plain})
