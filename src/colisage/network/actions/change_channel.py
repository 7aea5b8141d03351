from django.db import transaction

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere
from colisage.kit.marks import expect_seen
from colisage.network.models import Channel
from colisage.network.queries.channels import channel_mark


@transaction.atomic
def change_channel(
    merchant_id: int, *, channel_id: int, name: str, active: bool, actor: Actor, seen: str = ""
) -> list[str]:
    """Rename a sales channel, or let orders come through it or not; give the names of the facts that changed.

    A channel that is not active takes no new order; those that came through it go on. Who writes by what a page showed
    says so with `seen`, the `channel_mark` of then: `SavedMeanwhile` is raised when it reads otherwise now.
    """
    channel = Channel.objects.select_for_update(no_key=True).filter(merchant_id=merchant_id, pk=channel_id).first()
    if channel is None:
        raise NotThere
    expect_seen(seen, channel_mark(channel))
    facts = {"name": name, "active": active}
    changed = sorted(key for key, value in facts.items() if getattr(channel, key) != value)
    if changed:
        Channel.objects.filter(pk=channel.pk).update(**facts)
        told = {"changed": changed, "active": active}
        record_deeds([Deed("channel", channel.pk, "channel_changed", told, merchant_id=merchant_id)], actor=actor)
    return changed
