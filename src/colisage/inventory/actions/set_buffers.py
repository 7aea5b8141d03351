from collections.abc import Mapping

from django.db import connection, transaction

from colisage.catalog.queries import skus_by_id
from colisage.inventory.actions.set_safety import MOST, BadUnits
from colisage.inventory.models import ChannelBuffer
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere
from colisage.kit.once import insert_or_change
from colisage.kit.statements import statement
from colisage.network.actions.set_buffer import set_buffer
from colisage.network.queries import channels_of


@transaction.atomic
def set_buffers(
    merchant_id: int,
    *,
    channel_id: int,
    actor: Actor,
    everything: int | None = None,
    skus: Mapping[int, int | None] | None = None,
) -> None:
    """Say how many units a channel leaves at each node: of everything, or of single SKUs (None: as of everything).

    Promises made already keep what was kept back then. Whoever asks what changed since hears of it.
    """
    told = skus or {}
    if any(units is not None and not 0 <= units <= MOST for units in (everything, *told.values())):
        raise BadUnits
    if channel_id not in {c.id for c in channels_of(merchant_id).values()}:
        raise NotThere
    if len(skus_by_id(merchant_id, ids=told)) < len(told):
        raise NotThere
    if everything is not None:
        set_buffer(merchant_id, channel_id=channel_id, units=everything, actor=actor)
    rows = ChannelBuffer.objects.filter(merchant_id=merchant_id, channel_id=channel_id)
    rows.filter(sku_id__in=[sku for sku, units in told.items() if units is None]).delete()
    insert_or_change(
        (
            ChannelBuffer(merchant_id=merchant_id, channel_id=channel_id, sku_id=sku, units=units)
            for sku, units in told.items()
            if units is not None
        ),
        by=["channel_id", "sku_id"],
        change=["units"],
    )
    with connection.cursor() as db:
        whose = None if everything is not None else sorted(told)
        db.execute(statement("inventory", "touch_availability"), {"merchant": merchant_id, "skus": whose})
    record_deeds(
        (
            Deed("sku", sku, "buffer_set", {"channel": channel_id, "units": units}, merchant_id=merchant_id)
            for sku, units in told.items()
        ),
        actor=actor,
    )
