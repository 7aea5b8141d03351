"""How many more than ordered a merchant lets pass at the dock without a question."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.inbound.actions.lock_dock_policy import lock_dock_policy
from colisage.inbound.models import DockPolicy
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed


class NotAShare(Malformed):
    """The tolerance is a share of what was ordered, in whole per cent."""

    code = "not_a_share"
    text = _("The tolerance is a whole number of per cent, from 0 to 100.")


@transaction.atomic
def save_dock_policy(merchant_id: int, *, over_percent: int, actor: Actor) -> bool:
    """Say how many per cent more than ordered are taken in without a question; give whether that is new.

    Beyond it, somebody counts again and confirms. At 0 each unit too many is asked about.
    """
    if not 0 <= over_percent <= 100:
        raise NotAShare
    policy = lock_dock_policy(merchant_id)
    if policy.over_percent == over_percent:
        return False
    told = {"from": policy.over_percent, "to": over_percent}
    DockPolicy.objects.filter(pk=merchant_id).update(over_percent=over_percent)
    record_deeds([Deed("merchant", merchant_id, "dock_policy_saved", told, merchant_id=merchant_id)], actor=actor)
    return True
