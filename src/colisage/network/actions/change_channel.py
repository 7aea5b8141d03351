from django.db import transaction

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere
from colisage.network.models import Channel


@transaction.atomic
def change_channel(merchant_id: int, *, channel_id: int, name: str, active: bool, actor: Actor) -> list[str]:
    """Rename a sales channel, or let orders come through it or not; give the names of the facts that changed.

    A channel that is not active takes no new order; those that came through it go on.
    """
    channel = Channel.objects.select_for_update(no_key=True).filter(merchant_id=merchant_id, pk=channel_id).first()
    if channel is None:
        raise NotThere
    facts = {"name": name, "active": active}
    changed = sorted(key for key, value in facts.items() if getattr(channel, key) != value)
    if changed:
        Channel.objects.filter(pk=channel.pk).update(**facts)
        told = {"changed": changed, "active": active}
        record_deeds([Deed("channel", channel.pk, "channel_changed", told, merchant_id=merchant_id)], actor=actor)
    return changed
