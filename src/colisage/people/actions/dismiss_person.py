from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Refused
from colisage.people.models import Membership


class NotYourself(Refused):
    """Whoever manages alone would lock everybody out."""

    code = "not_yourself"
    text = _("You cannot end your own access. Ask another manager.")


@transaction.atomic
def dismiss_person(merchant_id: int, *, user_id: int, actor: Actor, operator_ids: Collection[int] = ()) -> bool:
    """End a person's roles at a merchant and at the operators the actor manages; say whether there were any.

    What the person did stays theirs in every history.
    """
    if actor.kind == "person" and actor.id == user_id:
        raise NotYourself
    at_merchant, _kinds = Membership.objects.filter(user=user_id, merchant=merchant_id).delete()
    if at_merchant:
        Membership.objects.filter(user=user_id, operator__in=operator_ids).delete()
        record_deeds([Deed("user", user_id, "roles_ended", {}, merchant_id=merchant_id)], actor=actor)
    return bool(at_merchant)
