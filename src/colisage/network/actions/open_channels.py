from collections.abc import Sequence

from django.db import transaction

from colisage.network.models import Channel


@transaction.atomic
def open_channels(merchant_id: int, *, channels: Sequence[tuple[str, str, str]]) -> None:
    """Make a merchant's sales channels: (kind, code, name)."""
    Channel.objects.bulk_create(
        Channel(merchant_id=merchant_id, kind=kind, code=code, name=name) for kind, code, name in channels
    )
