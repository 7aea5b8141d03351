from django.db import transaction

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere
from colisage.network.models import Channel


@transaction.atomic
def set_buffer(merchant_id: int, *, channel_id: int, units: int, actor: Actor) -> None:
    """Say how many units of each SKU a channel leaves at each node."""
    channel = Channel.objects.select_for_update(no_key=True).filter(merchant_id=merchant_id, pk=channel_id).first()
    if channel is None:
        raise NotThere
    if channel.buffer != units:
        Channel.objects.filter(pk=channel.pk).update(buffer=units)
        told = {"units": units, "before": channel.buffer}
        record_deeds([Deed("channel", channel.pk, "buffer_set", told, merchant_id=merchant_id)], actor=actor)
