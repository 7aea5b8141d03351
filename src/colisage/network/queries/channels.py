"""Sales channels as the settings show them."""

from collections.abc import Collection

from colisage.kit.marks import mark_of
from colisage.network.models import Channel


def channels_page(merchant_ids: Collection[int], *, after: int = 0, size: int = 50) -> list[Channel]:
    """Give one page of the merchants' channels, the eldest first, and one more when there are more."""
    rows = Channel.objects.filter(merchant__in=merchant_ids, pk__gt=after)
    return list(rows.select_related("merchant").order_by("pk")[: size + 1])


def channel_called(merchant_id: int, *, code: str, locked: bool = False) -> Channel | None:
    """Find a channel of a merchant by its code; `locked` until the caller's transaction ends."""
    rows = Channel.objects.filter(merchant=merchant_id, code=code.replace("\x00", ""))
    return (rows.select_for_update(no_key=True) if locked else rows).first()


def channel_mark(channel: Channel) -> str:
    """Give a mark of what a person says of a channel: another one when somebody says it otherwise."""
    return mark_of([channel.name, channel.active])


def channel_of(merchant_ids: Collection[int], *, channel_id: int) -> Channel | None:
    """Find a channel of these merchants."""
    return Channel.objects.filter(merchant__in=merchant_ids, pk=channel_id).select_related("merchant").first()
