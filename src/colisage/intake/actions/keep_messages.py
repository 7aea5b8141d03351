"""The first stage of everything a shop says: kept as it came, once, and only then answered."""

from collections.abc import Sequence

from django.db import transaction

from colisage.intake.models import ShopMessage
from colisage.intake.ports import Arrived
from colisage.intake.queries.messages import PURPOSE
from colisage.kit import sealing


@transaction.atomic
def keep_messages(
    merchant_id: int,
    *,
    channel_id: int,
    connector: str,
    via: str,
    arrived: Sequence[Arrived],
    by_name: str = "",
    corrects_id: int | None = None,
) -> int:
    """Keep messages of a channel, sealed; give how many were new. Reading them is another stage."""
    before = ShopMessage.objects.filter(channel_id=channel_id, key__in=[one.key[:200] for one in arrived])
    known = set(before.values_list("key", flat=True))
    fresh = {one.key[:200]: one for one in reversed(arrived) if one.key[:200] not in known}
    ShopMessage.objects.bulk_create(
        (
            ShopMessage(
                merchant_id=merchant_id,
                channel_id=channel_id,
                connector=connector,
                via=via,
                topic=one.topic[:80],
                key=key,
                body=sealing.sealed(one.body, purpose=PURPOSE),
                by_name=by_name[:150],
                corrects_id=corrects_id,
            )
            for key, one in reversed(fresh.items())
        ),
        ignore_conflicts=True,  # the same message may be arriving at another door right now
    )
    return len(fresh)
